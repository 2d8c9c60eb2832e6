using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Decode;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Dispatch;

/// <summary>Turns a decoded block into ops, the interpreter's way to run it.</summary>
/// <remarks>
/// The model's features have been judged by then; its habits are in the emitters' hand (<see cref="OpBuilder.Model"/>), so that
/// no handler asks for them while it runs.
/// </remarks>
internal sealed unsafe class Lowering(Vcpu vcpu) : IDisposable
{
    private readonly BlockWriter _writer = new();

    /// <summary>Writes the ops of <paramref name="read"/> for block number <paramref name="block"/>; an instruction that no emitter knows ends it.</summary>
    /// <returns>The ops, valid until the next call.</returns>
    public ReadOnlySpan<Op> Lower(DecodedBlock read, int block)
    {
        _writer.Begin(block, read.Rip);
        for (int i = 0; i < read.Count; i++)
        {
            ref readonly Instruction instruction = ref read.Instructions[i];
            _writer.Take(instruction);
            if (read.Verdicts[i].Kind != VerdictKind.Runs)
            {
                Answer(instruction, read.Verdicts[i]);
            }
            else if (!TryEmit(instruction, read.CodeOf(i)))
            {
                read.CutTo(i + 1);
            }
        }

        if (read.FallsThrough)
        {
            AddLink(read.Rip + (ulong)read.Length);
        }

        return _writer.Finish();
    }

    /// <summary>Frees the working memory.</summary>
    public void Dispose() => _writer.Dispose();

    /// <summary>The one op of an instruction that is refused.</summary>
    private void Answer(in Instruction instruction, Verdict verdict)
    {
        Op* op = _writer.Next(instruction);
        op->Immediate = (ulong)verdict.Missing;
        op->Run = verdict.Kind switch
        {
            VerdictKind.TooLong => &Invalid.TooLong,
            VerdictKind.NotInModel => &Invalid.NotInModel,
            VerdictKind.NotAvailable => &Invalid.NotAvailable,
            _ => &Invalid.Undefined,
        };
    }

    /// <summary>Emits one instruction; one that is not known raises #UD, marked as unsupported, and the answer is false.</summary>
    private bool TryEmit(in Instruction instruction, ReadOnlySpan<byte> code)
    {
        int before = _writer.OpCount;
        OpBuilder b = new(_writer, in instruction, code, vcpu.Model);
        if (EmitterTable.Of(instruction.Mnemonic) is { } emit && emit(ref b))
        {
            return true;
        }

        _writer.Truncate(before);
        _writer.Next(instruction)->Run = &Invalid.Unsupported;
        return false;
    }

    private void AddLink(ulong address)
    {
        Op* link = _writer.Next(default);
        link->Immediate = address;
        link->Rip = address;
        link->Ordinal = (ushort)_writer.InstructionCount;
        link->Run = &Linking.FollowLink;
    }
}
