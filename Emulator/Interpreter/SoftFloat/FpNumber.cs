namespace MmuEmu.Emulator.Interpreter.SoftFloat;

/// <summary>What a floating-point datum stands for.</summary>
internal enum FpKind : byte
{
    /// <summary>Plus or minus zero.</summary>
    Zero,

    /// <summary>A number.</summary>
    Finite,

    /// <summary>Plus or minus infinity.</summary>
    Infinity,

    /// <summary>A quiet NaN.</summary>
    QuietNan,

    /// <summary>A signaling NaN.</summary>
    SignalingNan,

    /// <summary>An 80-bit pattern that the x87 refuses: pseudo-infinity, pseudo-NaN, unnormal.</summary>
    Unsupported,
}

/// <summary>A datum of any format taken apart: (-1)^Negative * Significand * 2^(Exponent - 63).</summary>
/// <remarks>
/// As an operand a finite number has bit 63 of the significand set, whatever its format. As a rounded result bit 63 is clear for a
/// denormal, whose exponent is then the least of its format. A NaN keeps its payload below bit 62; bit 62 makes it quiet.
/// </remarks>
internal readonly record struct FpNumber(FpKind Kind, bool Negative, int Exponent, ulong Significand)
{
    /// <summary>The default NaN, "real indefinite".</summary>
    public static FpNumber Indefinite => new(FpKind.QuietNan, true, 0, 3UL << 62);

    /// <summary>1.</summary>
    public static FpNumber One => new(FpKind.Finite, false, 0, 1UL << 63);

    /// <summary>True when the operand was denormal in its format.</summary>
    public bool Denormal { get; init; }

    /// <summary>True for both kinds of NaN.</summary>
    public bool IsNan => Kind is FpKind.QuietNan or FpKind.SignalingNan;

    /// <summary>Zero of a sign.</summary>
    public static FpNumber Zero(bool negative) => new(FpKind.Zero, negative, 0, 0);

    /// <summary>Infinity of a sign.</summary>
    public static FpNumber Infinity(bool negative) => new(FpKind.Infinity, negative, 0, 1UL << 63);

    /// <summary>The number with the other sign.</summary>
    public FpNumber Negate() => this with { Negative = !Negative };

    /// <summary>The NaN made quiet.</summary>
    public FpNumber Quiet() => this with { Kind = FpKind.QuietNan, Significand = Significand | (1UL << 62) };

    /// <summary>The finite number as one that may be rounded.</summary>
    public FpWide Widen() => new(Negative, Exponent, (UInt128)Significand << 64);
}

/// <summary>A result before rounding: (-1)^Negative * Significand * 2^(Exponent - 127); bit 0 also stands for everything below it.</summary>
internal readonly record struct FpWide(bool Negative, int Exponent, UInt128 Significand)
{
    /// <summary>The same number with bit 127 of its significand set; the significand is not zero.</summary>
    public FpWide Normalize()
    {
        int left = (int)UInt128.LeadingZeroCount(Significand);
        return new FpWide(Negative, Exponent - left, Significand << left);
    }

    /// <summary><paramref name="value"/> shifted right, its lost bits gathered in bit 0.</summary>
    public static UInt128 ShiftRightSticky(UInt128 value, int count)
    {
        if (count >= 128)
        {
            return value == 0 ? UInt128.Zero : UInt128.One;
        }

        UInt128 shifted = value >> count;
        return shifted << count == value ? shifted : shifted | 1;
    }
}

/// <summary>Where a result is to fit: significand bits, and the exponent range of normal numbers.</summary>
internal readonly record struct FpTarget(int Precision, int MinExponent, int MaxExponent)
{
    /// <summary>32 bits.</summary>
    public static FpTarget Single => new(24, -126, 127);

    /// <summary>64 bits.</summary>
    public static FpTarget Double => new(53, -1022, 1023);

    /// <summary>80 bits.</summary>
    public static FpTarget Extended => new(64, -16382, 16383);
}
