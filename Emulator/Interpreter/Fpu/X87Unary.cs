using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.SoftFloat;

namespace MmuEmu.Emulator.Interpreter.Fpu;

/// <summary>FCHS, FABS, FSQRT, FRNDINT, FXTRACT, FSCALE.</summary>
/// <remarks>Source: [SDM2 "FCHS", "FABS", "FSQRT", "FRNDINT", "FXTRACT", "FSCALE"].</remarks>
internal static unsafe class X87Unary
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Fchs, EmitNegate),
        new(Mnemonic.Fabs, EmitAbsolute),
        new(Mnemonic.Fsqrt, EmitRoot),
        new(Mnemonic.Frndint, EmitRound),
        new(Mnemonic.Fxtract, EmitExtract),
        new(Mnemonic.Fscale, EmitScale),
    ];

    private static bool EmitNegate(ref OpBuilder b)
    {
        b.Op->Run = &Negate;
        return true;
    }

    private static bool EmitAbsolute(ref OpBuilder b)
    {
        b.Op->Run = &Absolute;
        return true;
    }

    private static bool EmitRoot(ref OpBuilder b)
    {
        b.Op->Run = &Root;
        return true;
    }

    private static bool EmitRound(ref OpBuilder b)
    {
        b.Op->Run = &Round;
        return true;
    }

    private static bool EmitExtract(ref OpBuilder b)
    {
        b.Op->Run = &Extract;
        return true;
    }

    private static bool EmitScale(ref OpBuilder b)
    {
        b.Op->Run = &Scale;
        return true;
    }

    /// <summary>Begins an instruction on ST(0): false when it has ended in #MF or a stack underflow.</summary>
    public static bool TryBegin(Vcpu vcpu, CpuState* s, Op* op, out Op* next)
    {
        next = null;
        if (!X87.TryBegin(vcpu, s, op))
        {
            return false;
        }

        next = op + 1;
        if (X87.InUse(s, 0))
        {
            return true;
        }

        if (X87.TryStackFault(s, 0))
        {
            X87.Set(s, 0, FpNumber.Indefinite);
        }

        return false;
    }

    /// <summary>Likewise for an instruction that also pushes: the eighth register has to be free.</summary>
    public static bool TryBeginPush(Vcpu vcpu, CpuState* s, Op* op, out Op* next)
    {
        next = null;
        if (!X87.TryBegin(vcpu, s, op))
        {
            return false;
        }

        next = op + 1;
        bool underflow = !X87.InUse(s, 0);
        if (!underflow && !X87.InUse(s, 7))
        {
            return true;
        }

        if (X87.TryStackFault(s, underflow ? (ushort)0 : X87.C1))
        {
            X87.Set(s, 0, FpNumber.Indefinite);
            s->FpuTop = (s->FpuTop - 1) & 7;
            X87.Set(s, 0, FpNumber.Indefinite);
        }

        return false;
    }

    private static Op* Negate(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (TryBegin(vcpu, s, op, out Op* next))
        {
            s->FpuStatus &= unchecked((ushort)~X87.C1);
            X87.At(s, 0)[9] ^= 0x80;
        }

        return next;
    }

    private static Op* Absolute(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (TryBegin(vcpu, s, op, out Op* next))
        {
            s->FpuStatus &= unchecked((ushort)~X87.C1);
            X87.At(s, 0)[9] &= 0x7F;
        }

        return next;
    }

    private static Op* Root(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (TryBegin(vcpu, s, op, out Op* next))
        {
            FpContext c = X87.Context(s);
            FpNumber value = X87.Get(s, 0);
            FpNumber result = X87.TryNan(value, value, ref c, out FpNumber nan)
                ? nan
                : FpArithmetic.SquareRoot(value, X87.Target(s), ref c);
            Finish(s, result, c);
        }

        return next;
    }

    private static Op* Round(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (TryBegin(vcpu, s, op, out Op* next))
        {
            FpContext c = X87.Context(s);
            FpNumber value = X87.Get(s, 0);
            bool isNan = X87.TryNan(value, value, ref c, out FpNumber nan);
            FpArithmetic.NoteDenormal(value, value, ref c);
            Finish(s, isNan ? nan : FpConvert.ToIntegral(value, ref c), c);
        }

        return next;
    }

    /// <summary>Writes ST(0) unless an exception found before computing forbids it.</summary>
    public static void Finish(CpuState* s, in FpNumber result, in FpContext c)
    {
        if (X87.Report(s, c))
        {
            X87.Set(s, 0, result);
        }
    }

    /// <summary>Exponent into ST(0), then the significand is pushed.</summary>
    private static Op* Extract(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (!TryBeginPush(vcpu, s, op, out Op* next))
        {
            return next;
        }

        FpContext c = X87.Context(s);
        FpNumber value = X87.Get(s, 0);
        (FpNumber exponent, FpNumber significand) = Split(value, ref c);
        if (X87.Report(s, c))
        {
            X87.Set(s, 0, exponent);
            X87.Push(s, significand);
        }

        return next;
    }

    private static (FpNumber Exponent, FpNumber Significand) Split(in FpNumber value, ref FpContext c)
    {
        if (X87.TryNan(value, value, ref c, out FpNumber nan))
        {
            return (nan, nan);
        }

        if (value.Kind == FpKind.Infinity)
        {
            return (FpNumber.Infinity(negative: false), value);
        }

        if (value.Kind == FpKind.Zero)
        {
            c.Flags |= FpFlags.ZE;
            return (FpNumber.Infinity(negative: true), value);
        }

        FpArithmetic.NoteDenormal(value, value, ref c);
        return (FpConvert.FromInteger(value.Exponent), value with { Exponent = 0, Denormal = false });
    }

    private static Op* Scale(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (!X87.TryBegin(vcpu, s, op))
        {
            return null;
        }

        if (!X87.InUse(s, 0) || !X87.InUse(s, 1))
        {
            if (X87.TryStackFault(s, 0))
            {
                X87.Set(s, 0, FpNumber.Indefinite);
            }

            return op + 1;
        }

        FpContext c = X87.Context(s);
        FpNumber value = X87.Get(s, 0);
        FpNumber scale = X87.Get(s, 1);
        FpNumber result = X87.TryNan(value, scale, ref c, out FpNumber nan) ? nan : Scaled(value, scale, ref c);
        Finish(s, result, c);
        return op + 1;
    }

    private static FpNumber Scaled(in FpNumber value, in FpNumber scale, ref FpContext c)
    {
        if (scale.Kind == FpKind.Infinity)
        {
            if (value.Kind == (scale.Negative ? FpKind.Infinity : FpKind.Zero))
            {
                return FpArithmetic.Invalid(ref c);
            }

            FpArithmetic.NoteDenormal(value, scale, ref c);
            return scale.Negative ? FpNumber.Zero(value.Negative) : FpNumber.Infinity(value.Negative);
        }

        FpArithmetic.NoteDenormal(value, scale, ref c);
        if (value.Kind != FpKind.Finite)
        {
            return value;
        }

        FpContext truncating = new() { Rounding = FpRounding.Zero };
        int by = scale.Exponent > 16 ? 0x1_0000 : (int)Math.Abs(FpConvert.ToInteger(scale, 32, ref truncating));
        int exponent = value.Exponent + (scale.Negative ? -by : by);
        return Massive(exponent, value.Negative, ref c, out FpNumber beyond)
            ? beyond
            : FpRounder.Round(value.Widen() with { Exponent = exponent }, FpTarget.Extended, ref c);
    }

    /// <summary>An unmasked overflow or underflow that even the wrapped exponent cannot hold gives infinity or zero.</summary>
    private static bool Massive(int exponent, bool negative, ref FpContext c, out FpNumber beyond)
    {
        bool over = exponent - c.Wrap > FpTarget.Extended.MaxExponent && (c.Masked & FpFlags.OE) == 0;
        bool under = exponent + c.Wrap < FpTarget.Extended.MinExponent && (c.Masked & FpFlags.UE) == 0;
        beyond = over ? FpNumber.Infinity(negative) : FpNumber.Zero(negative);
        if (over || under)
        {
            c.Flags |= FpFlags.PE | (over ? FpFlags.OE : FpFlags.UE);
            c.RoundedUp = over;
        }

        return over || under;
    }
}
