namespace MmuEmu.Emulator.Interpreter.SoftFloat;

/// <summary>Sine, cosine and tangent as the x87 has them.</summary>
/// <remarks>
/// The argument is reduced by a pi of 66 bits, as the processors reduce it: near a multiple of pi the result is that of the
/// reduced argument, which may have few bits in common with the true sine.
/// Source: [SDM1 "Approximation of Pi"], [SDM2 "FSIN", "FCOS", "FPTAN"].
/// </remarks>
internal static class FpTrigonometry
{
    /// <summary>Below this exponent the tangent is its argument and a little more.</summary>
    private const int Tiny = -64;

    /// <summary>Half of that pi, in units of 2^-65.</summary>
    private static readonly UInt128 HalfPi = new(3, 0x243F_6A88_85A3_08D3);

    /// <summary>The sine of a finite number of magnitude below 2^63.</summary>
    public static FpWide Sine(in FpNumber a)
    {
        FpWide rest = Reduce(a, out int quadrant);
        bool negative = a.Negative != (quadrant >= 2);
        return Signed((quadrant & 1) == 0 ? SineOf(rest) : CosineOf(rest), negative);
    }

    /// <summary>The cosine.</summary>
    public static FpWide Cosine(in FpNumber a)
    {
        FpWide rest = Reduce(a, out int quadrant);
        bool negative = quadrant is 1 or 2;
        return Signed((quadrant & 1) == 0 ? CosineOf(rest) : SineOf(rest), negative);
    }

    /// <summary>The tangent; never exact.</summary>
    public static FpWide Tangent(in FpNumber a)
    {
        FpWide rest = Reduce(a, out int quadrant);
        if (rest.Exponent < Tiny && quadrant == 0)
        {
            return new FpWide(a.Negative, rest.Exponent, rest.Significand | 1);
        }

        FpWide sine = SineOf(rest);
        FpWide cosine = CosineOf(rest);
        FpWide tangent = (quadrant & 1) == 0 ? FpSeries.Divide(sine, cosine) : FpSeries.Divide(cosine, sine);
        bool negative = a.Negative != ((quadrant & 1) != 0);
        return new FpWide(tangent.Negative != negative, tangent.Exponent, tangent.Significand | 1);
    }

    /// <summary>The magnitude less the nearest multiple of pi/2, whose number modulo 4 is the quadrant.</summary>
    private static FpWide Reduce(in FpNumber a, out int quadrant)
    {
        quadrant = 0;
        if (a.Exponent < -1)
        {
            return a.Widen() with { Negative = false };
        }

        (UInt128 count, UInt128 rest) = UInt128.DivRem((UInt128)a.Significand << (a.Exponent + 2), HalfPi);
        bool beyond = rest > HalfPi >> 1;
        quadrant = (int)(count + (beyond ? UInt128.One : UInt128.Zero)) & 3;
        return new FpWide(beyond, 62, beyond ? HalfPi - rest : rest).Normalize();
    }

    private static FpWide SineOf(in FpWide a) =>
        FpSeries.Scale(a, FpSeries.Alternating(FpSeries.OddFactorials, FpSeries.Square(a)));

    private static FpWide CosineOf(in FpWide a) =>
        new FpWide(false, 0, FpSeries.Alternating(FpSeries.EvenFactorials, FpSeries.Square(a))).Normalize();

    private static FpWide Signed(in FpWide a, bool negate) => new(a.Negative != negate, a.Exponent, a.Significand | 1);
}
