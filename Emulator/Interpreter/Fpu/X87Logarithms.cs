using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.SoftFloat;

namespace MmuEmu.Emulator.Interpreter.Fpu;

/// <summary>A function of ST(0) and ST(1), neither of them NaN, whose result replaces both.</summary>
internal interface IX87Pair
{
    /// <summary>The function of x = ST(0) and y = ST(1).</summary>
    static abstract FpNumber Apply(in FpNumber x, in FpNumber y, ref FpContext c);
}

/// <summary>F2XM1, FYL2X, FYL2XP1, FPATAN.</summary>
/// <remarks>
/// A result that is no zero, no infinity and no NaN is reported as inexact even where it is not, as the processors do. Outside
/// their domain, where the manual promises nothing, F2XM1 and FYL2XP1 give their operand back. Precision control has no say.
/// Source: [SDM2 "F2XM1", "FYL2X", "FYL2XP1", "FPATAN"].
/// </remarks>
internal static unsafe class X87Logarithms
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.F2xm1, EmitPower),
        new(Mnemonic.Fyl2x, EmitPair<Logarithm>),
        new(Mnemonic.Fyl2xp1, EmitPair<LogarithmPlus1>),
        new(Mnemonic.Fpatan, EmitPair<Angle>),
    ];

    private static bool EmitPower(ref OpBuilder b)
    {
        b.Op->Run = &Power;
        return true;
    }

    private static bool EmitPair<T>(ref OpBuilder b)
        where T : struct, IX87Pair
    {
        b.Op->Run = &Pair<T>;
        return true;
    }

    private static Op* Power(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (X87Unary.TryBegin(vcpu, s, op, out Op* next))
        {
            FpContext c = X87.Context(s);
            FpNumber value = X87.Get(s, 0);
            FpNumber result = X87.TryNan(value, value, ref c, out FpNumber nan) ? nan : PowerOf(value, ref c);
            X87Unary.Finish(s, result, c);
        }

        return next;
    }

    private static FpNumber PowerOf(in FpNumber x, ref FpContext c)
    {
        if (x.Kind == FpKind.Zero)
        {
            return x;
        }

        if (x.Kind == FpKind.Infinity)
        {
            return x.Negative ? FpNumber.One.Negate() : x;
        }

        FpArithmetic.NoteDenormal(x, x, ref c);
        if (x.Exponent < 0)
        {
            return FpRounder.Round(FpExponential.Exp2Minus1(x), FpTarget.Extended, ref c);
        }

        bool minusOne = x.Negative && x.Exponent == 0 && x.Significand == 1UL << 63;
        return FpRounder.RoundInexact(x.Widen() with { Exponent = minusOne ? -1 : x.Exponent }, FpTarget.Extended, ref c);
    }

    private static Op* Pair<T>(Vcpu vcpu, CpuState* s, Op* op)
        where T : struct, IX87Pair
    {
        if (!X87.TryBegin(vcpu, s, op))
        {
            return null;
        }

        if (!X87.InUse(s, 0) || !X87.InUse(s, 1))
        {
            if (X87.TryStackFault(s, 0))
            {
                X87.Set(s, 1, FpNumber.Indefinite);
                X87.Pop(s, 1);
            }

            return op + 1;
        }

        FpContext c = X87.Context(s);
        FpNumber x = X87.Get(s, 0);
        FpNumber y = X87.Get(s, 1);
        FpNumber result = X87.TryNan(x, y, ref c, out FpNumber nan) ? nan : T.Apply(x, y, ref c);
        if (X87.Report(s, c))
        {
            X87.Set(s, 1, result);
            X87.Pop(s, 1);
        }

        return op + 1;
    }

    /// <summary>y times a logarithm that is finite and not zero.</summary>
    private static FpNumber Product(in FpNumber y, in FpWide log, bool exact, ref FpContext c)
    {
        bool negative = y.Negative != log.Negative;
        if (y.Kind == FpKind.Infinity)
        {
            return FpNumber.Infinity(negative);
        }

        if (y.Kind == FpKind.Zero)
        {
            return FpNumber.Zero(negative);
        }

        FpWide product = FpSeries.Multiply(log, y.Widen());
        return exact
            ? FpRounder.RoundInexact(product, FpTarget.Extended, ref c)
            : FpRounder.Round(product with { Significand = product.Significand | 1 }, FpTarget.Extended, ref c);
    }

    private static FpNumber InfiniteLog(in FpNumber y, bool negative, ref FpContext c)
    {
        if (y.Kind == FpKind.Zero)
        {
            return FpArithmetic.Invalid(ref c);
        }

        FpArithmetic.NoteDenormal(y, y, ref c);
        return FpNumber.Infinity(y.Negative != negative);
    }

    private static FpNumber ZeroLog(in FpNumber y, bool negative, ref FpContext c)
    {
        if (y.Kind == FpKind.Infinity)
        {
            return FpArithmetic.Invalid(ref c);
        }

        FpArithmetic.NoteDenormal(y, y, ref c);
        return FpNumber.Zero(y.Negative != negative);
    }

    private readonly struct Logarithm : IX87Pair
    {
        public static FpNumber Apply(in FpNumber x, in FpNumber y, ref FpContext c)
        {
            if (x.Kind == FpKind.Zero)
            {
                return OfZero(y, ref c);
            }

            if (x.Negative)
            {
                return FpArithmetic.Invalid(ref c);
            }

            if (x.Kind == FpKind.Infinity)
            {
                return InfiniteLog(y, negative: false, ref c);
            }

            if (!FpExponential.TryLog2(x.Widen(), out FpWide log, out bool exact))
            {
                return ZeroLog(y, negative: false, ref c);
            }

            FpArithmetic.NoteDenormal(x, y, ref c);
            return Product(y, log, exact, ref c);
        }

        private static FpNumber OfZero(in FpNumber y, ref FpContext c)
        {
            if (y.Kind == FpKind.Zero)
            {
                return FpArithmetic.Invalid(ref c);
            }

            c.Flags |= y.Kind == FpKind.Finite ? FpFlags.ZE : 0;
            return FpNumber.Infinity(!y.Negative);
        }
    }

    private readonly struct LogarithmPlus1 : IX87Pair
    {
        public static FpNumber Apply(in FpNumber x, in FpNumber y, ref FpContext c)
        {
            if (x.Kind == FpKind.Zero)
            {
                return ZeroLog(y, x.Negative, ref c);
            }

            if (x.Kind == FpKind.Infinity)
            {
                return x.Negative ? FpArithmetic.Invalid(ref c) : InfiniteLog(y, negative: false, ref c);
            }

            FpArithmetic.NoteDenormal(x, y, ref c);
            if (x.Negative && x.Exponent >= 0)
            {
                return y.Kind == FpKind.Finite
                    ? FpRounder.RoundInexact(x.Widen(), FpTarget.Extended, ref c)
                    : Product(y, x.Widen(), exact: true, ref c);
            }

            FpExponential.Log2Plus1(x, out FpWide log, out bool exact);
            return Product(y, log, exact, ref c);
        }
    }

    private readonly struct Angle : IX87Pair
    {
        public static FpNumber Apply(in FpNumber x, in FpNumber y, ref FpContext c)
        {
            FpArithmetic.NoteDenormal(x, y, ref c);
            int quarters = (x.Kind, y.Kind) switch
            {
                (FpKind.Infinity, FpKind.Infinity) => x.Negative ? 3 : 1,
                (FpKind.Infinity, _) or (_, FpKind.Zero) => x.Negative ? 4 : 0,
                (_, FpKind.Infinity) or (FpKind.Zero, _) => 2,
                _ => -1,
            };
            return quarters == 0
                ? FpNumber.Zero(y.Negative)
                : FpRounder.Round(quarters > 0 ? FpArcTangent.Quarters(quarters, y.Negative) : FpArcTangent.Angle(y, x), FpTarget.Extended, ref c);
        }
    }
}
