namespace MmuEmu.Emulator.Interpreter.SoftFloat;

/// <summary>Arithmetic on 128-bit fractions for functions that are no ratio of integers.</summary>
/// <remarks>
/// A fraction counts in units of 2^-128, a sum of a series in units of 2^-127, so that 1 can be told. Every step loses less than
/// one unit; a function of some thirty steps is exact to 2^-120 and its rounding to 64 bits right but for one case in 2^50.
/// All of it is integer arithmetic: the same bits come on every host.
/// </remarks>
internal static class FpSeries
{
    /// <summary>1 as a sum.</summary>
    public static readonly UInt128 One = UInt128.One << 127;

    private const int Terms = 34;

    /// <summary>1/1, 1/3, 1/5 …: the series of the inverse functions.</summary>
    public static readonly UInt128[] OddReciprocals = Build(static (_, n) => One / (UInt128)((2 * n) + 1), 26);

    /// <summary>1/1!, 1/3!, 1/5! …: the series of the sine.</summary>
    public static readonly UInt128[] OddFactorials = Build(static (last, n) => n == 0 ? last : last / (UInt128)(2 * n * ((2 * n) + 1)), 17);

    /// <summary>1/0!, 1/2!, 1/4! …: the series of the cosine.</summary>
    public static readonly UInt128[] EvenFactorials = Build(static (last, n) => n == 0 ? last : last / (UInt128)(2 * n * ((2 * n) - 1)), 18);

    /// <summary>1/1!, 1/2!, 1/3! …: the series of (e^y - 1) / y.</summary>
    public static readonly UInt128[] Factorials = Build(static (last, n) => last / (UInt128)(n + 1), Terms);

    /// <summary>The upper half of a 256-bit product.</summary>
    public static UInt128 High(UInt128 a, UInt128 b)
    {
        ulong a1 = (ulong)(a >> 64);
        ulong b1 = (ulong)(b >> 64);
        ulong upper = Math.BigMul(a1, b1, out ulong lower);
        ulong first = Math.BigMul(a1, (ulong)b, out ulong firstLow);
        ulong second = Math.BigMul((ulong)a, b1, out ulong secondLow);
        ulong least = Math.BigMul((ulong)a, (ulong)b, out _);
        UInt128 middle = (UInt128)firstLow + secondLow + least;
        return new UInt128(upper, lower) + first + second + (middle >> 64);
    }

    /// <summary>c0 + c1 z + c2 z² …</summary>
    public static UInt128 Ascending(UInt128[] coefficients, UInt128 z)
    {
        UInt128 sum = 0;
        for (int i = coefficients.Length - 1; i >= 0; i--)
        {
            sum = coefficients[i] + High(z, sum);
        }

        return sum;
    }

    /// <summary>c0 - c1 z + c2 z² …, and a unit less, so that it is less than c0 however small z is.</summary>
    public static UInt128 Alternating(UInt128[] coefficients, UInt128 z)
    {
        UInt128 sum = 0;
        for (int i = coefficients.Length - 1; i >= 0; i--)
        {
            sum = coefficients[i] - High(z, sum);
        }

        return sum - 1;
    }

    /// <summary>The magnitude of a number below 1 as a fraction.</summary>
    public static UInt128 Fraction(in FpWide a) => Right(a.Significand, -1 - a.Exponent);

    /// <summary>The square of a number below 1 as a fraction.</summary>
    public static UInt128 Square(in FpWide a) => Right(High(a.Significand, a.Significand), -2 - (2 * a.Exponent));

    /// <summary>a times a sum; the number stays normalized when the sum is 1/2 or more.</summary>
    public static FpWide Scale(in FpWide a, UInt128 sum) => new FpWide(a.Negative, a.Exponent + 1, High(a.Significand, sum)).Normalize();

    /// <summary>a * b.</summary>
    public static FpWide Multiply(in FpWide a, in FpWide b) =>
        new FpWide(a.Negative != b.Negative, a.Exponent + b.Exponent + 1, High(a.Significand, b.Significand)).Normalize();

    /// <summary>a / b: a reciprocal of 64 bits, made better once by Newton's rule.</summary>
    public static FpWide Divide(in FpWide a, in FpWide b)
    {
        UInt128 rough = (UInt128.MaxValue / (b.Significand >> 64)) << 63;
        UInt128 product = High(b.Significand, rough);
        UInt128 reciprocal = product >= One
            ? rough - (High(rough, product - One) << 1)
            : rough + (High(rough, One - product) << 1);
        return new FpWide(a.Negative != b.Negative, a.Exponent - b.Exponent, High(a.Significand, reciprocal)).Normalize();
    }

    /// <summary>a + b, neither of them zero; they do not cancel.</summary>
    public static FpWide Sum(in FpWide a, in FpWide b)
    {
        (FpWide greater, FpWide lesser) = IsLess(a, b) ? (b, a) : (a, b);
        UInt128 big = greater.Significand >> 1;
        UInt128 small = FpWide.ShiftRightSticky(lesser.Significand >> 1, greater.Exponent - lesser.Exponent);
        UInt128 sum = a.Negative == b.Negative ? big + small : big - small;
        return new FpWide(greater.Negative, greater.Exponent + 1, sum).Normalize();
    }

    /// <summary>The integer, which is not zero.</summary>
    public static FpWide OfInteger(int value) =>
        new FpWide(value < 0, 127, (UInt128)(uint)Math.Abs(value)).Normalize();

    private static bool IsLess(in FpWide a, in FpWide b) =>
        a.Exponent != b.Exponent ? a.Exponent < b.Exponent : a.Significand < b.Significand;

    private static UInt128 Right(UInt128 value, int count) => count >= 128 ? 0 : value >> count;

    private static UInt128[] Build(Func<UInt128, int, UInt128> next, int count)
    {
        UInt128[] coefficients = new UInt128[count];
        UInt128 last = One;
        for (int n = 0; n < count; n++)
        {
            coefficients[n] = last = next(last, n);
        }

        return coefficients;
    }
}
