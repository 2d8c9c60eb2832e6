namespace MmuEmu.Emulator.Interpreter.SoftFloat;

/// <summary>The angle of a point: FPATAN.</summary>
/// <remarks>
/// The lesser coordinate over the greater is q; with i the integer nearest 16 q the angle is atan(i/16) + atan(t), where
/// t = (q - i/16) / (1 + q i/16) is at most 1/32. Source: [SDM2 "FPATAN"].
/// </remarks>
internal static class FpArcTangent
{
    private const int Steps = 16;
    private const int SeriesTerms = 14;

    private static readonly UInt128[] Series = FpSeries.OddReciprocals[..SeriesTerms];

    /// <summary>pi, of exponent 1.</summary>
    private static readonly UInt128 PiSignificand = new(0xC90F_DAA2_2168_C234, 0xC4C6_628B_80DC_1CD1);

    /// <summary>The angles of i/16, from i = 1.</summary>
    private static readonly FpWide[] Angles = BuildAngles();

    /// <summary>A multiple of pi/4, 1 to 4; inexact.</summary>
    public static FpWide Quarters(int count, bool negative)
    {
        FpWide quarter = new(negative, -1, PiSignificand | 1);
        return count switch
        {
            1 => quarter,
            3 => FpSeries.Sum(quarter, quarter with { Exponent = 0 }),
            _ => quarter with { Exponent = count == 2 ? 0 : 1 },
        };
    }

    /// <summary>The angle of the point (x, y), both finite and not zero; between -pi and pi, never exact.</summary>
    public static FpWide Angle(in FpNumber y, in FpNumber x)
    {
        FpWide height = y.Widen() with { Negative = false };
        FpWide width = x.Widen() with { Negative = false };
        bool steep = height.Exponent != width.Exponent ? height.Exponent > width.Exponent : height.Significand > width.Significand;
        FpWide angle = steep ? OfRatio(width, height) : OfRatio(height, width);
        if (steep)
        {
            angle = FpSeries.Sum(Quarters(2, negative: false), angle with { Negative = true });
        }

        if (x.Negative)
        {
            angle = FpSeries.Sum(Quarters(4, negative: false), angle with { Negative = true });
        }

        return new FpWide(y.Negative, angle.Exponent, angle.Significand | 1);
    }

    private static FpWide OfRatio(in FpWide lesser, in FpWide greater)
    {
        if (lesser.Exponent == greater.Exponent && lesser.Significand == greater.Significand)
        {
            return Quarters(1, negative: false);
        }

        FpWide ratio = FpSeries.Divide(lesser, greater);
        if (ratio.Exponent < -5)
        {
            return OfSmall(ratio);
        }

        UInt128 q = ratio.Significand >> -ratio.Exponent;
        int nearest = (int)((q + (FpSeries.One >> 5)) >> 123);
        UInt128 at = (UInt128)(uint)nearest << 123;
        if (q == at)
        {
            return Angles[nearest - 1];
        }

        bool below = q < at;
        FpWide distance = new FpWide(below, 0, below ? at - q : q - at).Normalize();
        FpWide sum = new FpWide(false, 0, FpSeries.One + ((q >> 4) * (UInt128)(uint)nearest)).Normalize();
        return FpSeries.Sum(Angles[nearest - 1], OfSmall(FpSeries.Divide(distance, sum)));
    }

    private static FpWide OfSmall(in FpWide t) => FpSeries.Scale(t, FpSeries.Alternating(Series, FpSeries.Square(t)));

    /// <summary>Each from the one before: atan(i/16) - atan((i-1)/16) = atan(16 / (256 + i (i-1))).</summary>
    private static FpWide[] BuildAngles()
    {
        FpWide[] angles = new FpWide[Steps];
        for (int i = 1; i <= Steps; i++)
        {
            UInt128[] series = FpSeries.OddReciprocals[..(SeriesTerms + 4)];
            FpWide t = FpSeries.Divide(FpSeries.OfInteger(Steps), FpSeries.OfInteger((Steps * Steps) + (i * (i - 1))));
            FpWide step = FpSeries.Scale(t, FpSeries.Alternating(series, FpSeries.Square(t)));
            angles[i - 1] = i == 1 ? step : FpSeries.Sum(angles[i - 2], step);
        }

        return angles;
    }
}
