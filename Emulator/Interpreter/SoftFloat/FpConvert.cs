namespace MmuEmu.Emulator.Interpreter.SoftFloat;

/// <summary>Between numbers and integers.</summary>
internal static class FpConvert
{
    /// <summary>The number that <paramref name="value"/> is; exact.</summary>
    public static FpNumber FromInteger(long value)
    {
        if (value == 0)
        {
            return FpNumber.Zero(negative: false);
        }

        ulong magnitude = value < 0 ? (ulong)-value : (ulong)value;
        int left = System.Numerics.BitOperations.LeadingZeroCount(magnitude);
        return new FpNumber(FpKind.Finite, value < 0, 63 - left, magnitude << left);
    }

    /// <summary>The integer nearest by the rounding mode, in <paramref name="bits"/> bits; IE and the least integer when it does not fit.</summary>
    public static long ToInteger(in FpNumber a, int bits, ref FpContext c)
    {
        long indefinite = long.MinValue >> (64 - bits);
        if (a.Kind == FpKind.Zero)
        {
            return 0;
        }

        if (a.Kind != FpKind.Finite || a.Exponent > 63)
        {
            c.Flags |= FpFlags.IE;
            return indefinite;
        }

        UInt128 magnitude = FpRounder.Cut(a.Widen(), 127 - a.Exponent, ref c, out bool inexact);
        UInt128 limit = UInt128.One << (bits - 1);
        if (magnitude > limit || (magnitude == limit && !a.Negative))
        {
            c.Flags |= FpFlags.IE;
            c.RoundedUp = false;
            return indefinite;
        }

        c.Flags |= inexact ? FpFlags.PE : 0;
        return a.Negative ? -(long)(ulong)magnitude : (long)(ulong)magnitude;
    }

    /// <summary>Rounds to an integral number of the same format.</summary>
    public static FpNumber ToIntegral(in FpNumber a, ref FpContext c)
    {
        if (a.Kind != FpKind.Finite || a.Exponent >= 63)
        {
            return a;
        }

        UInt128 magnitude = FpRounder.Cut(a.Widen(), 127 - a.Exponent, ref c, out bool inexact);
        c.Flags |= inexact ? FpFlags.PE : 0;
        if (magnitude == 0)
        {
            return FpNumber.Zero(a.Negative);
        }

        int left = (int)UInt128.LeadingZeroCount(magnitude) - 64;
        return new FpNumber(FpKind.Finite, a.Negative, 63 - left, (ulong)magnitude << left);
    }
}
