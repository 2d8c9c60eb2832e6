using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Interpreter.Ops;

/// <summary>An instruction on its way to becoming ops; what an emitter is given.</summary>
/// <remarks>
/// The emitter looks at <see cref="Instruction"/>, fills <see cref="Op"/> and sets its handler. It answers false for a form
/// it does not know; the guest then gets #UD, marked as unsupported.
/// </remarks>
internal unsafe ref struct OpBuilder
{
    private readonly BlockWriter _writer;

    /// <summary>The decoded instruction.</summary>
    public readonly ref readonly Instruction Instruction;

    /// <summary>Begins the first op of an instruction, whose bytes are <paramref name="code"/>, of a processor of <paramref name="model"/>.</summary>
    public OpBuilder(BlockWriter writer, ref readonly Instruction instruction, ReadOnlySpan<byte> code, CpuModel model)
    {
        _writer = writer;
        Code = code;
        Model = model;
        Instruction = ref instruction;
        Op = writer.Next(instruction);
    }

    /// <summary>The instruction's bytes, 1 to 15.</summary>
    public ReadOnlySpan<byte> Code { get; }

    /// <summary>The processor: an emitter picks the handler that does as it does.</summary>
    public CpuModel Model { get; }

    /// <summary>Added to the displacement when the base is RSP: POP computes its address behind the value it has popped.</summary>
    public int StackBias { get; set; }

    /// <summary>The instruction before this one in the block, and its last op; false at the block's start.</summary>
    public readonly bool TryPrevious(out Instruction instruction, out Op* op) => _writer.TryPrevious(Op, out instruction, out op);

    /// <summary>The op being filled.</summary>
    public Op* Op { get; private set; }

    /// <summary>Byte offset of a general-purpose register's slot; AH and kin are one byte up.</summary>
    public static byte OffsetOf(Register register)
    {
        if (register is >= Register.AH and <= Register.BH)
        {
            return (byte)(((register - Register.AH) * 8) + 1);
        }

        return (byte)(register.GetFullRegister().GetNumber() * 8);
    }

    /// <summary>Byte offset of a segment's base: only FS and GS have one in 64-bit mode.</summary>
    public static byte SegmentSlotOf(Register segment) => segment switch
    {
        Register.FS => CpuState.FsBaseSlot * 8,
        Register.GS => CpuState.GsBaseSlot * 8,
        _ => CpuState.ZeroSlot * 8,
    };

    /// <summary>The operand as a register's byte offset.</summary>
    public readonly byte RegisterAt(int operand) => OffsetOf(Instruction.GetOpRegister(operand));

    /// <summary>True when operand <paramref name="operand"/> is a register.</summary>
    public readonly bool IsRegister(int operand) => Instruction.GetOpKind(operand) == OpKind.Register;

    /// <summary>True when operand <paramref name="operand"/> is in memory.</summary>
    public readonly bool IsMemory(int operand) => Instruction.GetOpKind(operand) == OpKind.Memory;

    /// <summary>True when operand <paramref name="operand"/> is an immediate.</summary>
    public readonly bool IsImmediate(int operand) => Instruction.GetOpKind(operand) is >= OpKind.Immediate8 and <= OpKind.Immediate32to64;

    /// <summary>Width of an operand in bytes, from the register or the memory operand's size.</summary>
    public readonly int BytesAt(int operand) =>
        IsRegister(operand) ? Instruction.GetOpRegister(operand).GetSize() : Instruction.MemorySize.GetSize();

    /// <summary>Takes the operands of a two-operand instruction: registers, immediate, and the address of the one in memory.</summary>
    public void TakeOperands()
    {
        if (IsMemory(0) || IsMemory(1))
        {
            TakeAddress();
        }

        if (IsRegister(0))
        {
            Op->Dst = RegisterAt(0);
        }

        if (IsRegister(1))
        {
            Op->Src = RegisterAt(1);
        }

        if (IsImmediate(1))
        {
            Op->Immediate = Instruction.GetImmediate(1);
        }
    }

    /// <summary>Takes operand 0, in a register or in memory.</summary>
    public void TakeDestination()
    {
        if (IsMemory(0))
        {
            TakeAddress();
        }
        else
        {
            Op->Dst = RegisterAt(0);
        }
    }

    /// <summary>Fills base, index, scale, segment and displacement from the memory operand.</summary>
    /// <remarks>A 32-bit address, and one whose offset is judged, is computed by a preceding op into the scratch slot.</remarks>
    public void TakeAddress()
    {
        Register @base = Instruction.MemoryBase;
        bool narrow = @base.GetSize() == 4 || Instruction.MemoryIndex.GetSize() == 4 || @base == Register.EIP;
        FillAddress(Op, @base);
        Op->Traits |= AddressesTheStack(Instruction) ? OpTraits.StackSegment : OpTraits.None;
        byte segment = Op->Segment;
        if (narrow)
        {
            Op->Segment = CpuState.ZeroSlot * 8;
            ComputeBefore(&ComputeAddress32, segment);
        }
        else if (segment != CpuState.ZeroSlot * 8 && SegmentOffsets.AreJudged(this))
        {
            Op->Immediate = (ulong)Math.Max(1, Instruction.MemorySize.GetSize());
            ComputeBefore(&SegmentOffsets.ComputeOffset, segment);
        }
    }

    /// <summary>Makes this op compute the offset into the scratch slot, where the next one finds it.</summary>
    private void ComputeBefore(Handler compute, byte segment)
    {
        OpTraits traits = Op->Traits;
        Op->Traits |= OpTraits.Prefix;
        Op->Run = compute;
        Op = _writer.Next(Instruction);
        Op->Base = CpuState.ScratchSlot * 8;
        Op->Index = CpuState.ZeroSlot * 8;
        Op->Segment = segment;
        Op->Traits = traits;
    }

    /// <summary>True when a non-canonical address is #SS rather than #GP: the base decides, and prefixes other than FS and GS mean nothing.</summary>
    /// <remarks>Source: [APM1 "Segment Overrides in 64-Bit Mode"].</remarks>
    private static bool AddressesTheStack(in Instruction instruction) =>
        instruction.SegmentPrefix is not (Register.FS or Register.GS)
        && instruction.MemoryBase is Register.RSP or Register.RBP or Register.ESP or Register.EBP;

    /// <summary>Likewise for an address whose index is a vector: all but the index, which is the caller's part.</summary>
    /// <param name="narrow">True under a 32-bit address size: base, index and displacement then wrap at 4 GiB.</param>
    public readonly void TakeVectorAddress(out bool narrow)
    {
        Register @base = Instruction.MemoryBase;
        narrow = @base == Register.None ? Instruction.MemoryDisplSize == 4 : @base.GetSize() == 4;
        FillAddress(Op, @base);
        Op->Traits |= AddressesTheStack(Instruction) ? OpTraits.StackSegment : OpTraits.None;
    }

    /// <summary>Lets <paramref name="first"/> come before all else that the instruction may do; it goes on to the next op, or refuses.</summary>
    public void Precede(Handler first)
    {
        Op->Traits |= OpTraits.Prefix;
        Op->Run = first;
        Op = _writer.Next(Instruction);
    }

    /// <summary>Appends a link: the address to continue at when this instruction does not go elsewhere.</summary>
    public readonly void AddLink(ulong address)
    {
        Op* link = _writer.Next(Instruction);
        link->Immediate = address;
        link->Rip = address;
        link->Ordinal++;
        link->Run = &Linking.FollowLink;
    }

    private static Op* ComputeAddress32(Vcpu vcpu, CpuState* s, Op* op)
    {
        s->Slots[CpuState.ScratchSlot] = (uint)Operands.Address(s, op);
        return op + 1;
    }

    private readonly void FillAddress(Op* op, Register @base)
    {
        op->Base = @base is Register.None or Register.RIP or Register.EIP ? (byte)(CpuState.ZeroSlot * 8) : OffsetOf(@base);
        op->Index = Instruction.MemoryIndex == Register.None ? (byte)(CpuState.ZeroSlot * 8) : OffsetOf(Instruction.MemoryIndex);
        op->Scale = (byte)System.Numerics.BitOperations.TrailingZeroCount(Instruction.MemoryIndexScale);
        op->Displacement = Instruction.MemoryDisplacement64 + (ulong)(@base is Register.RSP or Register.ESP ? StackBias : 0);
        op->Segment = SegmentSlotOf(Instruction.MemorySegment);
    }
}
