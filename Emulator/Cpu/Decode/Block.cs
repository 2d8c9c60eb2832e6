using Iced.Intel;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Cpu.Decode;

/// <summary>A decoded basic block: ops in native memory, and the instructions they came from.</summary>
/// <remarks>A block lies within one page, except a block of one instruction that crosses into a second page.</remarks>
public sealed unsafe class Block
{
    /// <summary>First op, the head; the ops of the instructions follow.</summary>
    public required Op* Head { get; init; }

    /// <summary>Number of ops, head and links included.</summary>
    public required int OpCount { get; init; }

    /// <summary>Virtual address of the first instruction.</summary>
    public required ulong Rip { get; init; }

    /// <summary>Physical address of the first instruction.</summary>
    public required PhysAddr Start { get; init; }

    /// <summary>Frame of the second page when the instruction crosses; otherwise the frame of <see cref="Start"/>.</summary>
    public required Pfn LastFrame { get; init; }

    /// <summary>The code bytes as they were decoded.</summary>
    public required byte[] Code { get; init; }

    /// <summary>The instructions, by <see cref="Op.Ordinal"/>.</summary>
    public required Instruction[] Instructions { get; init; }

    /// <summary>True when the block was decoded for single steps: one instruction, nothing fused.</summary>
    public required bool Single { get; init; }

    /// <summary>What its instructions cost together; zero until a clock asks.</summary>
    public BlockCost Cost { get; set; }

    /// <summary>True once its bytes were overwritten; it never runs again.</summary>
    public bool Dropped { get; set; }
}
