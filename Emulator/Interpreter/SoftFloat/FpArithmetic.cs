namespace MmuEmu.Emulator.Interpreter.SoftFloat;

/// <summary>Addition, multiplication, division and square root of numbers that are not NaN.</summary>
/// <remarks>
/// One definition for SSE and x87: they differ only in the target and in what they do with NaNs. An invalid operation gives the
/// indefinite NaN. Source: [SDM1 "Invalid Operation Exception (#I)", "Denormal Operand Exception (#D)", "Divide-By-Zero Exception (#Z)"].
/// </remarks>
internal static class FpArithmetic
{
    /// <summary>a + b.</summary>
    public static FpNumber Add(in FpNumber a, in FpNumber b, in FpTarget target, ref FpContext c)
    {
        if (a.Kind == FpKind.Infinity && b.Kind == FpKind.Infinity && a.Negative != b.Negative)
        {
            return Invalid(ref c);
        }

        NoteDenormal(a, b, ref c);
        if (a.Kind == FpKind.Infinity || b.Kind == FpKind.Infinity)
        {
            return a.Kind == FpKind.Infinity ? a : b;
        }

        if (a.Kind == FpKind.Zero && b.Kind == FpKind.Zero)
        {
            return FpNumber.Zero(a.Negative == b.Negative ? a.Negative : c.Rounding == FpRounding.Down);
        }

        if (a.Kind == FpKind.Zero || b.Kind == FpKind.Zero)
        {
            return FpRounder.Round((a.Kind == FpKind.Zero ? b : a).Widen(), target, ref c);
        }

        FpWide sum = Sum(a, b);
        return sum.Significand == 0
            ? FpNumber.Zero(c.Rounding == FpRounding.Down)
            : FpRounder.Round(sum.Normalize(), target, ref c);
    }

    /// <summary>a * b.</summary>
    public static FpNumber Multiply(in FpNumber a, in FpNumber b, in FpTarget target, ref FpContext c)
    {
        bool negative = a.Negative != b.Negative;
        bool infinite = a.Kind == FpKind.Infinity || b.Kind == FpKind.Infinity;
        bool zero = a.Kind == FpKind.Zero || b.Kind == FpKind.Zero;
        if (infinite && zero)
        {
            return Invalid(ref c);
        }

        NoteDenormal(a, b, ref c);
        if (infinite)
        {
            return FpNumber.Infinity(negative);
        }

        if (zero)
        {
            return FpNumber.Zero(negative);
        }

        ulong high = Math.BigMul(a.Significand, b.Significand, out ulong low);
        FpWide product = new(negative, a.Exponent + b.Exponent + 1, new UInt128(high, low));
        return FpRounder.Round(product.Normalize(), target, ref c);
    }

    /// <summary>a / b.</summary>
    public static FpNumber Divide(in FpNumber a, in FpNumber b, in FpTarget target, ref FpContext c)
    {
        bool negative = a.Negative != b.Negative;
        if (a.Kind == b.Kind && a.Kind != FpKind.Finite)
        {
            return Invalid(ref c);
        }

        if (b.Kind == FpKind.Zero && a.Kind == FpKind.Finite)
        {
            c.Flags |= FpFlags.ZE;
            return FpNumber.Infinity(negative);
        }

        NoteDenormal(a, b, ref c);
        if (a.Kind == FpKind.Infinity || b.Kind == FpKind.Zero)
        {
            return FpNumber.Infinity(negative);
        }

        if (a.Kind == FpKind.Zero || b.Kind == FpKind.Infinity)
        {
            return FpNumber.Zero(negative);
        }

        UInt128 quotient = Quotient(a.Significand, b.Significand);
        return FpRounder.Round(new FpWide(negative, a.Exponent - b.Exponent, quotient).Normalize(), target, ref c);
    }

    /// <summary>The square root; minus zero gives minus zero.</summary>
    public static FpNumber SquareRoot(in FpNumber a, in FpTarget target, ref FpContext c)
    {
        if (a.Kind == FpKind.Zero)
        {
            return a;
        }

        if (a.Negative)
        {
            return Invalid(ref c);
        }

        NoteDenormal(a, a, ref c);
        if (a.Kind == FpKind.Infinity)
        {
            return a;
        }

        bool odd = (a.Exponent & 1) != 0;
        UInt128 radicand = (UInt128)a.Significand << (odd ? 64 : 63);
        ulong root = Root(radicand);
        UInt128 rest = radicand - ((UInt128)root * root);
        UInt128 significand = new(root, (rest > root ? 1UL << 63 : 0) | (rest != 0 ? 1UL : 0));
        return FpRounder.Round(new FpWide(false, a.Exponent >> 1, significand), target, ref c);
    }

    /// <summary>Raises IE.</summary>
    public static FpNumber Invalid(ref FpContext c)
    {
        c.Flags |= FpFlags.IE;
        return FpNumber.Indefinite;
    }

    /// <summary>Raises DE when an operand is denormal.</summary>
    public static void NoteDenormal(in FpNumber a, in FpNumber b, ref FpContext c) =>
        c.Flags |= a.Denormal || b.Denormal ? FpFlags.DE : 0;

    /// <summary>The exact quotient's first 128 bits, the rest gathered in bit 0; worth a / b * 2^127.</summary>
    public static UInt128 Quotient(ulong a, ulong b)
    {
        (UInt128 high, UInt128 rest) = UInt128.DivRem((UInt128)a << 63, b);
        (UInt128 low, rest) = UInt128.DivRem(rest << 64, b);
        return (high << 64) | low | (rest != 0 ? UInt128.One : UInt128.Zero);
    }

    /// <summary>a + b of finite numbers, not normalized, the sign of the greater magnitude; zero when they cancel.</summary>
    public static FpWide Sum(in FpNumber a, in FpNumber b)
    {
        bool swap = b.Exponent > a.Exponent || (b.Exponent == a.Exponent && b.Significand > a.Significand);
        (FpNumber greater, FpNumber lesser) = swap ? (b, a) : (a, b);
        UInt128 big = (UInt128)greater.Significand << 63;
        UInt128 small = FpWide.ShiftRightSticky((UInt128)lesser.Significand << 63, greater.Exponent - lesser.Exponent);
        UInt128 sum = a.Negative == b.Negative ? big + small : big - small;
        return new FpWide(greater.Negative, greater.Exponent + 1, sum);
    }

    /// <summary>The integer square root of a number of 127 or 128 bits.</summary>
    private static ulong Root(UInt128 radicand)
    {
        double estimate = Math.Sqrt((double)radicand);
        ulong root = estimate >= 18446744073709549568.0 ? ulong.MaxValue : (ulong)estimate;
        UInt128 better = (root + (radicand / root)) >> 1;
        root = better > ulong.MaxValue ? ulong.MaxValue : (ulong)better;
        while ((UInt128)root * root > radicand)
        {
            root--;
        }

        while (root != ulong.MaxValue && (UInt128)(root + 1) * (root + 1) <= radicand)
        {
            root++;
        }

        return root;
    }
}
