namespace MmuEmu.Emulator.Interpreter.SoftFloat;

/// <summary>2^x - 1 and the logarithm to base 2.</summary>
/// <remarks>Source: [SDM2 "F2XM1", "FYL2X", "FYL2XP1"].</remarks>
internal static class FpExponential
{
    /// <summary>The natural logarithm of 2, a fraction.</summary>
    private static readonly UInt128 Ln2 = new(0xB172_17F7_D1CF_79AB, 0xC9E3_B398_03F2_F6AF);

    /// <summary>The logarithm of e to base 2, of exponent 0.</summary>
    private static readonly UInt128 Log2E = new(0xB8AA_3B29_5C17_F0BB, 0xBE87_FED0_691D_3E88);

    /// <summary>The square root of 2 in units of 2^-127.</summary>
    private static readonly UInt128 Sqrt2 = new(0xB504_F333_F9DE_6484, 0x597D_89B3_754A_BE9F);

    /// <summary>2^a - 1 for a finite a of magnitude below 1; never exact.</summary>
    public static FpWide Exp2Minus1(in FpNumber a)
    {
        FpWide y = new FpWide(a.Negative, a.Exponent, FpSeries.High((UInt128)a.Significand << 64, Ln2)).Normalize();
        UInt128 fraction = FpSeries.Fraction(y);
        UInt128 sum = a.Negative
            ? FpSeries.Alternating(FpSeries.Factorials, fraction)
            : FpSeries.Ascending(FpSeries.Factorials, fraction);
        FpWide power = FpSeries.Scale(y, sum);
        return power with { Significand = power.Significand | 1 };
    }

    /// <summary>The logarithm of a positive number to base 2; false when it is zero.</summary>
    /// <param name="a">The number.</param>
    /// <param name="log">Out: the logarithm.</param>
    /// <param name="exact">Out: true for a power of 2.</param>
    public static bool TryLog2(in FpWide a, out FpWide log, out bool exact)
    {
        bool upper = a.Significand > Sqrt2;
        int exponent = a.Exponent + (upper ? 1 : 0);
        UInt128 numerator = upper ? UInt128.Zero - a.Significand : a.Significand - FpSeries.One;
        exact = numerator == 0;
        if (exact)
        {
            log = exponent == 0 ? default : FpSeries.OfInteger(exponent);
            return exponent != 0;
        }

        UInt128 denominator = (a.Significand >> 1) + (upper ? FpSeries.One : FpSeries.One >> 1);
        FpWide distance = new FpWide(upper, upper ? -1 : 0, numerator).Normalize();
        FpWide sum = new FpWide(false, upper ? 0 : 1, denominator).Normalize();
        log = LogOfRatio(distance, sum);
        log = exponent == 0 ? log : FpSeries.Sum(FpSeries.OfInteger(exponent), log);
        return true;
    }

    /// <summary>The logarithm of 1 + a to base 2, a finite, not zero and above -1.</summary>
    /// <param name="a">The number.</param>
    /// <param name="log">Out: the logarithm; not zero.</param>
    /// <param name="exact">Out: true when 1 + a is a power of 2.</param>
    public static void Log2Plus1(in FpNumber a, out FpWide log, out bool exact)
    {
        FpWide wide = a.Widen();
        if (a.Exponent >= -2)
        {
            bool found = TryLog2(FpSeries.Sum(new FpWide(false, 0, FpSeries.One), wide), out log, out exact);
            System.Diagnostics.Debug.Assert(found, "1 + a is not 1");
            return;
        }

        exact = false;
        log = LogOfRatio(wide, FpSeries.Sum(new FpWide(false, 1, FpSeries.One), wide));
    }

    /// <summary>log2((1 + s) / (1 - s)) for s = distance / sum: twice the inverse hyperbolic tangent of s, to base 2.</summary>
    private static FpWide LogOfRatio(in FpWide distance, in FpWide sum)
    {
        FpWide s = FpSeries.Divide(distance, sum);
        FpWide half = FpSeries.Scale(s, FpSeries.Ascending(FpSeries.OddReciprocals, FpSeries.Square(s)));
        FpWide log = FpSeries.Multiply(half, new FpWide(false, 1, Log2E));
        return log with { Significand = log.Significand | 1 };
    }
}
