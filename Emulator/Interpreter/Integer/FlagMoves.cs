using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>PUSHF, POPF, LAHF, SAHF, STC, CLC, CMC, STD and CLD.</summary>
/// <remarks>
/// POPF changes IF only where CPL is at most IOPL, IOPL only at CPL 0, and never RF, VM, VIF or VIP; its block ends behind it,
/// for TF to work on the next instruction. Source: [SDM2 "PUSHF/PUSHFD/PUSHFQ", "POPF/POPFD/POPFQ", "LAHF", "SAHF"].
/// </remarks>
internal static unsafe class FlagMoves
{
    private const ulong AlwaysPopped = Rflags.Arithmetic | Rflags.TF | Rflags.DF | Rflags.NT | Rflags.AC | Rflags.ID;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Pushf, static (ref OpBuilder b) => Set(ref b, &Push<W16>)),
        new(Mnemonic.Pushfq, static (ref OpBuilder b) => Set(ref b, &Push<W64>)),
        new(Mnemonic.Popf, static (ref OpBuilder b) => Set(ref b, &Pop<W16>)),
        new(Mnemonic.Popfq, static (ref OpBuilder b) => Set(ref b, &Pop<W64>)),
        new(Mnemonic.Lahf, static (ref OpBuilder b) => Set(ref b, &Load)),
        new(Mnemonic.Sahf, static (ref OpBuilder b) => Set(ref b, &Store)),
        new(Mnemonic.Stc, static (ref OpBuilder b) => Set(ref b, &SetCarry)),
        new(Mnemonic.Clc, static (ref OpBuilder b) => Set(ref b, &ClearCarry)),
        new(Mnemonic.Cmc, static (ref OpBuilder b) => Set(ref b, &ComplementCarry)),
        new(Mnemonic.Std, static (ref OpBuilder b) => Set(ref b, &SetDirection)),
        new(Mnemonic.Cld, static (ref OpBuilder b) => Set(ref b, &ClearDirection)),
    ];

    private static bool Set(ref OpBuilder b, Handler handler)
    {
        b.Op->Run = handler;
        return true;
    }

    private static Op* Push<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth =>
        Stack.TryPush<TWidth>(vcpu, s, Rflags.Read(s) & ~Rflags.RF) ? op + 1 : Stack.Fault(vcpu, op);

    private static Op* Pop<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, s->Slots[Gpr.Rsp], TWidth.Bytes);
        if (from is null)
        {
            return Stack.Fault(vcpu, op);
        }

        ulong old = Rflags.Settle(s);
        int cpl = vcpu.Control.Cpl;
        ulong changed = AlwaysPopped
            | (cpl == 0 ? Rflags.Iopl : 0)
            | ((ulong)cpl <= (old & Rflags.Iopl) >> 12 ? Rflags.IF : 0);
        changed &= TWidth.Bytes == 2 ? 0xFFFFUL : ulong.MaxValue;
        ulong value = (old & ~changed & ~(TWidth.Bytes == 8 ? Rflags.RF : 0)) | (TWidth.Read(from) & changed);
        s->Slots[Gpr.Rsp] += (ulong)TWidth.Bytes;
        if (((old ^ value) & ~(Rflags.Arithmetic | Rflags.DF)) == 0)
        {
            // Nothing that the engine acts on between two instructions: the common pair of PUSHF and POPF stays in its block.
            Rflags.Write(s, value);
            return op + 1;
        }

        Privilege.SetFlags(vcpu, value);
        return vcpu.Leave(op);
    }

    private static Op* Load(Vcpu vcpu, CpuState* s, Op* op)
    {
        ((byte*)s->Slots)[1] = (byte)Rflags.Read(s);
        return op + 1;
    }

    private static Op* Store(Vcpu vcpu, CpuState* s, Op* op)
    {
        ulong overflow = Rflags.Overflow(s) ? Rflags.OF : 0;
        Rflags.WriteArithmetic(s, (((byte*)s->Slots)[1] & (Rflags.Arithmetic & 0xFF)) | overflow);
        return op + 1;
    }

    private static Op* SetCarry(Vcpu vcpu, CpuState* s, Op* op)
    {
        Lazy.NoteCarry(s, Rflags.CF);
        return op + 1;
    }

    private static Op* ClearCarry(Vcpu vcpu, CpuState* s, Op* op)
    {
        Lazy.NoteCarry(s, 0);
        return op + 1;
    }

    private static Op* ComplementCarry(Vcpu vcpu, CpuState* s, Op* op)
    {
        Lazy.NoteCarry(s, Rflags.Carry(s) ? 0 : Rflags.CF);
        return op + 1;
    }

    private static Op* SetDirection(Vcpu vcpu, CpuState* s, Op* op)
    {
        s->Rflags |= Rflags.DF;
        return op + 1;
    }

    private static Op* ClearDirection(Vcpu vcpu, CpuState* s, Op* op)
    {
        s->Rflags &= ~Rflags.DF;
        return op + 1;
    }
}
