using System.Runtime.InteropServices;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Decode;

namespace MmuEmu.Emulator.Interpreter.Ops;

/// <summary>Collects the ops of one block, then copies them to memory of their own.</summary>
internal sealed unsafe class BlockWriter : IDisposable
{
    private const int MaxOps = (DecodedBlock.MaxInstructions * 4) + 2;
    private readonly Op* _ops = (Op*)NativeMemory.AllocZeroed(MaxOps, (nuint)sizeof(Op));
    private Instruction _previous;
    private Instruction _current;
    private int _block;

    /// <summary>Ops written, the head included.</summary>
    public int OpCount { get; private set; }

    /// <summary>Instructions taken.</summary>
    public int InstructionCount { get; private set; }

    /// <summary>Begins block number <paramref name="block"/> at <paramref name="rip"/>.</summary>
    public void Begin(int block, ulong rip)
    {
        Truncate(0);
        _block = block;
        InstructionCount = 0;
        OpCount = 1;
        _ops->Rip = rip;
        _ops->Block = block;
    }

    /// <summary>Takes the next instruction; its ops follow.</summary>
    public void Take(in Instruction instruction)
    {
        (_previous, _current) = (_current, instruction);
        InstructionCount++;
    }

    /// <summary>The next op, its common fields filled.</summary>
    public Op* Next(in Instruction instruction)
    {
        Op* op = _ops + OpCount++;
        op->Rip = instruction.IP;
        op->Length = (byte)instruction.Length;
        op->Block = _block;
        op->Ordinal = (ushort)(InstructionCount - 1);
        op->Base = op->Index = op->Segment = CpuState.ZeroSlot * 8;
        return op;
    }

    /// <summary>The instruction before the newest one, and the op before <paramref name="current"/>; false at the block's start.</summary>
    public bool TryPrevious(Op* current, out Instruction instruction, out Op* op)
    {
        op = current - 1;
        instruction = _previous;
        return InstructionCount > 1;
    }

    /// <summary>Takes back the ops written since <paramref name="opCount"/>.</summary>
    public void Truncate(int opCount)
    {
        NativeMemory.Clear(_ops + opCount, (nuint)((OpCount - opCount) * sizeof(Op)));
        OpCount = opCount;
    }

    /// <summary>Ends the block.</summary>
    /// <returns>Its ops; valid until the next block begins.</returns>
    public ReadOnlySpan<Op> Finish()
    {
        _ops->Count = (ushort)InstructionCount;
        return new ReadOnlySpan<Op>(_ops, OpCount);
    }

    /// <summary>Frees the working memory.</summary>
    public void Dispose() => NativeMemory.Free(_ops);
}
