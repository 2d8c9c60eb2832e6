// A handler: runs one op and returns the one to run next, or null to leave the block. Every room above this one sees the name.
global using unsafe Handler = delegate*<MmuEmu.Emulator.Cpu.Vcpu, MmuEmu.Emulator.Cpu.CpuState*, MmuEmu.Emulator.Cpu.Blocks.Op*, MmuEmu.Emulator.Cpu.Blocks.Op*>;
using System.Runtime.InteropServices;

namespace MmuEmu.Emulator.Cpu.Blocks;

/// <summary>One decoded instruction in compact form: 64 bytes of native memory.</summary>
/// <remarks>
/// <see cref="Run"/> executes it and returns the op to run next, or null to return to the engine: then either
/// <see cref="Vcpu.Exit"/> says why, or RIP names the block to continue with. Register operands are byte offsets into
/// <see cref="CpuState.Slots"/>. The effective address is slot[Base] + (slot[Index] &lt;&lt; Scale) + slot[Segment] + Displacement.
/// The first op of a block is its head; it stands for no instruction.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct Op
{
    /// <summary>The handler.</summary>
    public Handler Run;

    /// <summary>Link: the head of the block that <see cref="Immediate"/> names as branch target, once known.</summary>
    public Op* Target;

    /// <summary>Immediate operand, sign-extended; in a link the address to continue at.</summary>
    public ulong Immediate;

    /// <summary>Displacement; absolute when the instruction is RIP-relative.</summary>
    public ulong Displacement;

    /// <summary>Address of the instruction; in a head the address of the block.</summary>
    public ulong Rip;

    /// <summary>Head: the fetch epoch under which the block was last found valid. Elsewhere: <see cref="First"/> and <see cref="Third"/>.</summary>
    public ulong Epoch;

    /// <summary>First register operand, usually the destination.</summary>
    public byte Dst;

    /// <summary>Second register operand.</summary>
    public byte Src;

    /// <summary>Base register of the effective address.</summary>
    public byte Base;

    /// <summary>Index register of the effective address.</summary>
    public byte Index;

    /// <summary>Segment base slot of the effective address.</summary>
    public byte Segment;

    /// <summary>Left shift of the index, 0 to 3.</summary>
    public byte Scale;

    /// <summary>Length of the instruction in bytes, 1 to 15.</summary>
    public byte Length;

    /// <summary>Facts about the instruction that the slow paths ask for.</summary>
    public OpTraits Traits;

    /// <summary>Number of instructions of the block before this one.</summary>
    public ushort Ordinal;

    /// <summary>Head: number of instructions in the block; in an x87 instruction its opcode as FOP holds it.</summary>
    public ushort Count;

    /// <summary>Number of the block in its cache.</summary>
    public int Block;

    /// <summary>First source register of an instruction whose destination is not also a source; no field of a head.</summary>
    public byte First
    {
        readonly get => (byte)Epoch;
        set => Epoch = (Epoch & ~0xFFUL) | value;
    }

    /// <summary>Third source register of an instruction that has so many; no field of a head.</summary>
    public byte Third
    {
        readonly get => (byte)(Epoch >> 8);
        set => Epoch = (Epoch & ~0xFF00UL) | ((ulong)value << 8);
    }

    /// <summary>Address of the instruction behind this one.</summary>
    public readonly ulong NextRip => Rip + Length;
}

/// <summary>Facts about an op.</summary>
[Flags]
public enum OpTraits : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The memory operand is in the stack segment: a non-canonical address is #SS, not #GP.</summary>
    StackSegment = 1,

    /// <summary>The op prepares the next one and retires with it.</summary>
    Prefix = 2,
}
