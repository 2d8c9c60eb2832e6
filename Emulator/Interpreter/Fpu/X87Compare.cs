using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.Simd;
using MmuEmu.Emulator.Interpreter.SoftFloat;

namespace MmuEmu.Emulator.Interpreter.Fpu;

/// <summary>FCOM, FUCOM, FICOM, FTST, FCOMI, FUCOMI with their popping forms, and FXAM.</summary>
/// <remarks>Source: [SDM2 "FCOM/FCOMP/FCOMPP", "FUCOM", "FCOMI", "FICOM", "FTST", "FXAM"].</remarks>
internal static unsafe class X87Compare
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Fcom, Emit),
        new(Mnemonic.Fcomp, Emit),
        new(Mnemonic.Fcompp, Emit),
        new(Mnemonic.Fucom, Emit),
        new(Mnemonic.Fucomp, Emit),
        new(Mnemonic.Fucompp, Emit),
        new(Mnemonic.Ficom, Emit),
        new(Mnemonic.Ficomp, Emit),
        new(Mnemonic.Fcomi, EmitFlags),
        new(Mnemonic.Fcomip, EmitFlags),
        new(Mnemonic.Fucomi, EmitFlags),
        new(Mnemonic.Fucomip, EmitFlags),
        new(Mnemonic.Ftst, EmitTest),
        new(Mnemonic.Fxam, EmitExamine),
    ];

    private static NanRule RuleOf(Mnemonic mnemonic) =>
        mnemonic is Mnemonic.Fucom or Mnemonic.Fucomp or Mnemonic.Fucompp or Mnemonic.Fucomi or Mnemonic.Fucomip
            ? NanRule.Quiet
            : NanRule.Signal;

    private static ulong PopsOf(Mnemonic mnemonic) => mnemonic switch
    {
        Mnemonic.Fcompp or Mnemonic.Fucompp => 2,
        Mnemonic.Fcomp or Mnemonic.Fucomp or Mnemonic.Ficomp or Mnemonic.Fcomip or Mnemonic.Fucomip => 1,
        _ => 0,
    };

    private static bool Emit(ref OpBuilder b)
    {
        Mnemonic mnemonic = b.Instruction.Mnemonic;
        if (b.Instruction.OpCount > 0 && b.IsMemory(0))
        {
            b.TakeAddress();
            b.Op->Run = b.Instruction.MemorySize switch
            {
                MemorySize.Float32 => &Memory<Real32>,
                MemorySize.Float64 => &Memory<Real64>,
                MemorySize.Int16 => &Memory<Integer16>,
                _ => &Memory<Integer32>,
            };
        }
        else
        {
            b.Op->Src = b.Instruction.OpCount == 2 ? (byte)b.Instruction.Op1Register.GetNumber() : (byte)1;
            b.Op->Run = &Register;
        }

        b.Op->Immediate = PopsOf(mnemonic);
        b.Op->Dst = (byte)RuleOf(mnemonic);
        return true;
    }

    private static bool EmitFlags(ref OpBuilder b)
    {
        b.Op->Src = (byte)b.Instruction.Op1Register.GetNumber();
        b.Op->Immediate = PopsOf(b.Instruction.Mnemonic);
        b.Op->Dst = (byte)RuleOf(b.Instruction.Mnemonic);
        b.Op->Run = &Flags;
        return true;
    }

    private static bool EmitTest(ref OpBuilder b)
    {
        b.Op->Dst = (byte)NanRule.Signal;
        b.Op->Run = &Test;
        return true;
    }

    private static bool EmitExamine(ref OpBuilder b)
    {
        b.Op->Run = &Examine;
        return true;
    }

    private static Op* Memory<TSource>(Vcpu vcpu, CpuState* s, Op* op)
        where TSource : struct, IX87Source
    {
        byte* from = X87.Read(vcpu, s, op, TSource.Bytes);
        return from is null ? null : Codes(s, op, X87.InUse(s, 0), TSource.Read(from));
    }

    private static Op* Register(Vcpu vcpu, CpuState* s, Op* op) =>
        X87.TryBegin(vcpu, s, op) ? Codes(s, op, X87.InUse(s, 0) && X87.InUse(s, op->Src), X87.Get(s, op->Src)) : null;

    private static Op* Test(Vcpu vcpu, CpuState* s, Op* op) =>
        X87.TryBegin(vcpu, s, op) ? Codes(s, op, X87.InUse(s, 0), FpNumber.Zero(negative: false)) : null;

    private static Op* Codes(CpuState* s, Op* op, bool present, in FpNumber src)
    {
        bool pops = Relate(s, op, present, src, out FpRelation relation);
        int codes = relation switch
        {
            FpRelation.Less => X87.C0,
            FpRelation.Equal => X87.C3,
            FpRelation.Greater => 0,
            FpRelation.Unordered => X87.C0 | X87.C2 | X87.C3,
        };
        s->FpuStatus = (ushort)((s->FpuStatus & ~(X87.C0 | X87.C2 | X87.C3)) | codes);
        X87.Pop(s, pops ? op->Immediate : 0);
        return op + 1;
    }

    private static Op* Flags(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (!X87.TryBegin(vcpu, s, op))
        {
            return null;
        }

        int rounding = s->FpuStatus & X87.C1;
        bool present = X87.InUse(s, 0) && X87.InUse(s, op->Src);
        bool pops = Relate(s, op, present, X87.Get(s, op->Src), out FpRelation relation);
        s->FpuStatus |= (ushort)(present ? rounding : 0);
        Rflags.WriteArithmetic(s, SseCompare.FlagsOf(relation));
        X87.Pop(s, pops ? op->Immediate : 0);
        return op + 1;
    }

    /// <summary>Compares ST(0); the relation counts even when the result is false: an unmasked exception only forbids to pop.</summary>
    private static bool Relate(CpuState* s, Op* op, bool present, in FpNumber src, out FpRelation relation)
    {
        relation = FpRelation.Unordered;
        if (!present)
        {
            return X87.TryStackFault(s, 0);
        }

        FpContext c = X87.Context(s);
        relation = FpCompare.Of(X87.Get(s, 0), src, (NanRule)op->Dst, ref c);
        return X87.Report(s, c);
    }

    private static Op* Examine(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (!X87.TryBegin(vcpu, s, op))
        {
            return null;
        }

        FpNumber value = X87.Get(s, 0);
        int codes = !X87.InUse(s, 0) ? X87.C3 | X87.C0 : value.Kind switch
        {
            FpKind.Unsupported => 0,
            FpKind.QuietNan or FpKind.SignalingNan => X87.C0,
            FpKind.Infinity => X87.C2 | X87.C0,
            FpKind.Zero => X87.C3,
            FpKind.Finite => value.Denormal ? X87.C3 | X87.C2 : X87.C2,
        };
        codes |= (*(X87.At(s, 0) + 9) & 0x80) != 0 ? X87.C1 : 0;
        s->FpuStatus = (ushort)((s->FpuStatus & ~(X87.C0 | X87.C1 | X87.C2 | X87.C3)) | codes);
        return op + 1;
    }
}
