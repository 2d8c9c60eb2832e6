using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.SoftFloat;

namespace MmuEmu.Emulator.Interpreter.Fpu;

/// <summary>FPREM (quotient truncated) and FPREM1 (quotient to nearest even).</summary>
/// <remarks>
/// A difference of exponents of 64 or more is reduced in part, by the amount that leaves a multiple of 32, and C2 says so. A full
/// reduction leaves the quotient's low bits in C0 (bit 2), C3 (bit 1) and C1 (bit 0);
/// without a result C0 and C3 stay. Source: [SDM2 "FPREM", "FPREM1"].
/// </remarks>
internal static unsafe class X87Remainder
{
    private const ushort Codes = X87.C0 | X87.C1 | X87.C2 | X87.C3;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Fprem, EmitTruncated),
        new(Mnemonic.Fprem1, EmitNearest),
    ];

    private static bool EmitTruncated(ref OpBuilder b)
    {
        b.Op->Run = &Run;
        return true;
    }

    private static bool EmitNearest(ref OpBuilder b)
    {
        b.Op->Immediate = 1;
        b.Op->Run = &Run;
        return true;
    }

    private static Op* Run(Vcpu vcpu, CpuState* s, Op* op)
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

            s->FpuStatus &= unchecked((ushort)~X87.C2);
            return op + 1;
        }

        FpContext c = X87.Context(s);
        FpNumber a = X87.Get(s, 0);
        FpNumber b = X87.Get(s, 1);
        int codes = 0;
        FpNumber result = X87.TryNan(a, b, ref c, out FpNumber nan) ? nan : Reduce(a, b, op->Immediate != 0, ref c, out codes);
        c.RoundedUp = false;
        bool written = X87.Report(s, c);
        if (written)
        {
            X87.Set(s, 0, result);
        }

        int kept = !written || (c.Flags & FpFlags.IE) != 0 || a.IsNan || b.IsNan ? X87.C0 | X87.C3 : 0;
        codes = written ? codes : 0;
        s->FpuStatus = (ushort)((s->FpuStatus & ~(Codes & ~kept)) | codes);
        return op + 1;
    }

    private static FpNumber Reduce(in FpNumber a, in FpNumber b, bool toNearest, ref FpContext c, out int codes)
    {
        codes = 0;
        if (a.Kind == FpKind.Infinity || b.Kind == FpKind.Zero)
        {
            return FpArithmetic.Invalid(ref c);
        }

        FpArithmetic.NoteDenormal(a, b, ref c);
        if (a.Kind == FpKind.Zero)
        {
            return a;
        }

        int difference = a.Exponent - b.Exponent;
        if (b.Kind == FpKind.Infinity || difference < -1 || (difference == -1 && !toNearest))
        {
            return FpRounder.Round(a.Widen(), FpTarget.Extended, ref c);
        }

        if (difference >= 64)
        {
            codes = X87.C2;
            int steps = (difference & 31) | 32;
            UInt128 part = Divide(a.Significand, b.Significand, steps, out _);
            return Exact(a.Negative, part, b.Exponent + difference - steps, ref c);
        }

        return Full(a, b, toNearest, ref c, out codes);
    }

    /// <summary>The remainder in units of half the divisor's last place, so that a quotient of a half can be told.</summary>
    private static FpNumber Full(in FpNumber a, in FpNumber b, bool toNearest, ref FpContext c, out int codes)
    {
        UInt128 divisor = (UInt128)b.Significand << 1;
        UInt128 rest = a.Significand;
        ulong quotient = 0;
        int difference = a.Exponent - b.Exponent;
        if (difference >= 0)
        {
            rest = Divide(a.Significand, b.Significand, difference, out quotient) << 1;
        }

        bool negative = a.Negative;
        if (toNearest && (rest << 1 > divisor || (rest << 1 == divisor && (quotient & 1) != 0)))
        {
            rest = divisor - rest;
            negative = !negative;
            quotient++;
        }

        codes = ((quotient & 4) != 0 ? X87.C0 : 0) | ((quotient & 2) != 0 ? X87.C3 : 0) | ((quotient & 1) != 0 ? X87.C1 : 0);
        return rest == 0 ? FpNumber.Zero(a.Negative) : Exact(negative, rest, b.Exponent - 1, ref c);
    }

    /// <summary>The remainder of a * 2^steps by b, and the low 64 bits of the quotient.</summary>
    private static UInt128 Divide(ulong a, ulong b, int steps, out ulong quotient)
    {
        UInt128 rest = a;
        quotient = 0;
        for (int i = 0; i <= steps; i++)
        {
            rest <<= i == 0 ? 0 : 1;
            quotient <<= 1;
            if (rest >= b)
            {
                rest -= b;
                quotient |= 1;
            }
        }

        return rest;
    }

    private static FpNumber Exact(bool negative, UInt128 rest, int exponent, ref FpContext c) => rest == 0
        ? FpNumber.Zero(negative)
        : FpRounder.Round(new FpWide(negative, exponent + 64, rest).Normalize(), FpTarget.Extended, ref c);
}
