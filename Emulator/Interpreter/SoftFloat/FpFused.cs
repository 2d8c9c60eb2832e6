namespace MmuEmu.Emulator.Interpreter.SoftFloat;

/// <summary>Multiplication and addition with one rounding, of numbers that are not NaN.</summary>
/// <remarks>
/// The sum has 128 bits. Operands of at most 53 bits make a product whose low bits are clear, so what an alignment loses never
/// lies within reach of a cancellation; bit 0 stands for it. Source: [SDM1 "Fused-Multiply-ADD (FMA)"].
/// </remarks>
internal static class FpFused
{
    /// <summary>a * b + addend, for operands of single or double precision.</summary>
    public static FpNumber MultiplyAdd(in FpNumber a, in FpNumber b, in FpNumber addend, in FpTarget target, ref FpContext c)
    {
        bool negative = a.Negative != b.Negative;
        bool infinite = a.Kind == FpKind.Infinity || b.Kind == FpKind.Infinity;
        bool zero = a.Kind == FpKind.Zero || b.Kind == FpKind.Zero;
        bool opposed = infinite && addend.Kind == FpKind.Infinity && addend.Negative != negative;
        if ((infinite && zero) || opposed)
        {
            return FpArithmetic.Invalid(ref c);
        }

        FpArithmetic.NoteDenormal(a, b, ref c);
        FpArithmetic.NoteDenormal(addend, addend, ref c);
        if (infinite || addend.Kind == FpKind.Infinity)
        {
            return infinite ? FpNumber.Infinity(negative) : addend;
        }

        if (zero && addend.Kind == FpKind.Zero)
        {
            return FpNumber.Zero(negative == addend.Negative ? negative : c.Rounding == FpRounding.Down);
        }

        if (zero)
        {
            return FpRounder.Round(addend.Widen(), target, ref c);
        }

        ulong high = Math.BigMul(a.Significand, b.Significand, out ulong low);
        FpWide product = new FpWide(negative, a.Exponent + b.Exponent + 1, new UInt128(high, low)).Normalize();
        FpWide sum = addend.Kind == FpKind.Zero ? product : Sum(product, addend.Widen());
        return sum.Significand == 0
            ? FpNumber.Zero(c.Rounding == FpRounding.Down)
            : FpRounder.Round(sum.Normalize(), target, ref c);
    }

    /// <summary>The sum of normalized numbers whose bit 0 is clear, not normalized; zero when they cancel.</summary>
    private static FpWide Sum(in FpWide a, in FpWide b)
    {
        bool swap = b.Exponent > a.Exponent || (b.Exponent == a.Exponent && b.Significand > a.Significand);
        (FpWide greater, FpWide lesser) = swap ? (b, a) : (a, b);
        UInt128 big = greater.Significand >> 1;
        UInt128 small = FpWide.ShiftRightSticky(lesser.Significand >> 1, greater.Exponent - lesser.Exponent);
        return new FpWide(greater.Negative, greater.Exponent + 1, a.Negative == b.Negative ? big + small : big - small);
    }
}
