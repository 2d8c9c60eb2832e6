using System.Numerics;

namespace MmuEmu.Emulator.Interpreter.SoftFloat;

/// <summary>An interchange format of IEEE 754 as a type argument.</summary>
internal interface IFpFormat
{
    /// <summary>Significand bits and exponent range.</summary>
    static abstract FpTarget Target { get; }

    /// <summary>Bits of the stored fraction.</summary>
    static abstract int FractionBits { get; }

    /// <summary>The exponent field when all its bits are one.</summary>
    static abstract int ExponentMask { get; }

    /// <summary>4 or 8.</summary>
    static abstract int Bytes { get; }
}

/// <summary>32 bits.</summary>
internal readonly struct SingleFormat : IFpFormat
{
    public static FpTarget Target => FpTarget.Single;

    public static int FractionBits => 23;

    public static int ExponentMask => 0xFF;

    public static int Bytes => 4;
}

/// <summary>64 bits.</summary>
internal readonly struct DoubleFormat : IFpFormat
{
    public static FpTarget Target => FpTarget.Double;

    public static int FractionBits => 52;

    public static int ExponentMask => 0x7FF;

    public static int Bytes => 8;
}

/// <summary>Takes 32- and 64-bit data apart and puts them together.</summary>
internal static class FpCodec
{
    /// <summary>Takes <paramref name="bits"/> apart; a denormal is normalized and marked.</summary>
    public static FpNumber Unpack<TFormat>(ulong bits)
        where TFormat : struct, IFpFormat
    {
        int field = (int)(bits >> TFormat.FractionBits) & TFormat.ExponentMask;
        bool negative = (bits >> ((8 * TFormat.Bytes) - 1) & 1) != 0;
        ulong fraction = bits << (64 - TFormat.FractionBits) >> 1;
        if (field == TFormat.ExponentMask)
        {
            FpKind kind = fraction == 0 ? FpKind.Infinity : (fraction >> 62) != 0 ? FpKind.QuietNan : FpKind.SignalingNan;
            return new FpNumber(kind, negative, 0, fraction | (1UL << 63));
        }

        if (field != 0)
        {
            return new FpNumber(FpKind.Finite, negative, field + TFormat.Target.MinExponent - 1, fraction | (1UL << 63));
        }

        if (fraction == 0)
        {
            return FpNumber.Zero(negative);
        }

        int left = BitOperations.LeadingZeroCount(fraction);
        return new FpNumber(FpKind.Finite, negative, TFormat.Target.MinExponent - left, fraction << left) { Denormal = true };
    }

    /// <summary>Likewise; a denormal becomes zero when the context says so.</summary>
    public static FpNumber Unpack<TFormat>(ulong bits, in FpContext c)
        where TFormat : struct, IFpFormat
    {
        FpNumber number = Unpack<TFormat>(bits);
        return number.Denormal && c.DenormalsAreZero ? FpNumber.Zero(number.Negative) : number;
    }

    /// <summary>Puts a rounded result together; a NaN loses the low bits of its payload.</summary>
    public static ulong Pack<TFormat>(in FpNumber number)
        where TFormat : struct, IFpFormat
    {
        ulong sign = (number.Negative ? 1UL : 0) << ((8 * TFormat.Bytes) - 1);
        ulong fraction = number.Significand << 1 >> (64 - TFormat.FractionBits);
        return number.Kind switch
        {
            FpKind.Zero => sign,
            FpKind.Finite when number.Significand >> 63 == 0 => sign | fraction,
            FpKind.Finite => sign | ((ulong)(number.Exponent - TFormat.Target.MinExponent + 1) << TFormat.FractionBits) | fraction,
            _ => sign | ((ulong)TFormat.ExponentMask << TFormat.FractionBits) | fraction,
        };
    }
}
