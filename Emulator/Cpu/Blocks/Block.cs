using Iced.Intel;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Cpu.Blocks;

/// <summary>A decoded basic block: ops in native memory, and the instructions they came from.</summary>
/// <remarks>
/// A block lies within one page, except a block of one instruction that crosses into a second page. Code that was written over
/// is decoded into the block that it was before: programs that write code write the same places again and again.
/// </remarks>
public sealed unsafe class Block
{
    /// <summary>First op, the head; the ops of the instructions follow.</summary>
    public Op* Head { get; internal set; }

    /// <summary>Number of ops, head and links included.</summary>
    public int OpCount { get; internal set; }

    /// <summary>Number of ops for which there is room at <see cref="Head"/>.</summary>
    public int Room { get; internal set; }

    /// <summary>Its number in its cache.</summary>
    public required int Number { get; init; }

    /// <summary>Virtual address of the first instruction.</summary>
    public required ulong Rip { get; init; }

    /// <summary>Physical address of the first instruction.</summary>
    public required PhysAddr Start { get; init; }

    /// <summary>Under which control bits it was decoded.</summary>
    public required StateBars Bars { get; init; }

    /// <summary>For what it was decoded.</summary>
    public required BlockUse Use { get; init; }

    /// <summary>Frame of the second page when the instruction crosses; otherwise the frame of <see cref="Start"/>.</summary>
    public Pfn LastFrame { get; internal set; }

    /// <summary>The code bytes as they were decoded.</summary>
    public byte[] Code { get; private set; } = [];

    /// <summary>The instructions, by <see cref="Op.Ordinal"/>.</summary>
    public Instruction[] Instructions { get; private set; } = [];

    /// <summary>Their shapes, once somebody has asked for them; empty before. Who asks first works them out.</summary>
    public InstructionShape[] Shapes { get; internal set; } = [];

    /// <summary>What its instructions cost together; zero until a clock asks.</summary>
    public BlockCost Cost { get; set; }

    /// <summary>True once its bytes were overwritten; it does not run before it is decoded again.</summary>
    public bool Dropped { get; internal set; }

    /// <summary>Takes what was decoded, the ops apart.</summary>
    internal void Take(ReadOnlySpan<byte> code, ReadOnlySpan<Instruction> instructions, Pfn lastFrame)
    {
        Code = Code.Length == code.Length ? Code : new byte[code.Length];
        code.CopyTo(Code);
        Instructions = Instructions.Length == instructions.Length ? Instructions : new Instruction[instructions.Length];
        instructions.CopyTo(Instructions);
        (LastFrame, Shapes, Cost, Dropped) = (lastFrame, [], default, false);
    }
}
