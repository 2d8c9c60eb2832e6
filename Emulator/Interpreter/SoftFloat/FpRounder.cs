namespace MmuEmu.Emulator.Interpreter.SoftFloat;

/// <summary>Rounds results into a format, with overflow and underflow as the x86 defines them.</summary>
/// <remarks>
/// Tininess is found after rounding. A masked underflow is flagged only when the result is also inexact.
/// Source: [SDM1 "Numeric Overflow Exception (#O)", "Numeric Underflow Exception (#U)"].
/// </remarks>
internal static class FpRounder
{
    /// <summary>Rounds <paramref name="wide"/>, whose significand is normalized and not zero.</summary>
    public static FpNumber Round(in FpWide wide, in FpTarget target, ref FpContext c)
    {
        bool below = wide.Exponent < target.MinExponent;
        UInt128 kept = Cut(wide, 128 - target.Precision, ref c, out bool inexact);
        int exponent = wide.Exponent;
        if (kept >> target.Precision != 0)
        {
            kept >>= 1;
            exponent++;
        }

        bool tiny = exponent < target.MinExponent;
        if (below && !(tiny && (c.Masked & FpFlags.UE) == 0))
        {
            return Denormalize(wide, target, tiny, ref c);
        }

        c.Flags |= inexact ? FpFlags.PE : 0;
        ulong significand = (ulong)kept << (64 - target.Precision);
        if (tiny)
        {
            c.Flags |= FpFlags.UE;
            return new FpNumber(FpKind.Finite, wide.Negative, exponent + c.Wrap, significand);
        }

        return exponent > target.MaxExponent
            ? Overflow(new FpNumber(FpKind.Finite, wide.Negative, exponent, significand), target, ref c)
            : new FpNumber(FpKind.Finite, wide.Negative, exponent, significand);
    }

    /// <summary>Rounds a result that counts as inexact even when it is not: the transcendental instructions do not look.</summary>
    public static FpNumber RoundInexact(in FpWide wide, in FpTarget target, ref FpContext c)
    {
        FpNumber rounded = Round(wide, target, ref c);
        bool denormal = rounded.Kind == FpKind.Zero || rounded.Significand >> 63 == 0;
        c.Flags |= FpFlags.PE | (denormal ? FpFlags.UE : 0);
        return rounded;
    }

    /// <summary>Cuts <paramref name="shift"/> low bits off the significand and rounds; notes the direction.</summary>
    /// <returns>The significand that is left, with a carry bit above it when rounding overflowed it.</returns>
    public static UInt128 Cut(in FpWide wide, int shift, ref FpContext c, out bool inexact)
    {
        UInt128 significand = wide.Significand;
        if (shift > 128)
        {
            (significand, shift) = (UInt128.One, 2);
        }

        UInt128 kept = shift == 128 ? 0 : significand >> shift;
        UInt128 lost = shift == 128 ? significand : significand - (kept << shift);
        UInt128 half = UInt128.One << (shift - 1);
        inexact = lost != 0;
        c.RoundedUp = inexact && c.Rounding switch
        {
            FpRounding.Nearest => lost > half || (lost == half && (kept & 1) != 0),
            FpRounding.Down => wide.Negative,
            FpRounding.Up => !wide.Negative,
            FpRounding.Zero => false,
        };
        return c.RoundedUp ? kept + 1 : kept;
    }

    private static FpNumber Denormalize(in FpWide wide, in FpTarget target, bool tiny, ref FpContext c)
    {
        if (tiny && c.FlushToZero)
        {
            c.Flags |= FpFlags.UE | FpFlags.PE;
            return FpNumber.Zero(wide.Negative);
        }

        UInt128 kept = Cut(wide, 128 - target.Precision + target.MinExponent - wide.Exponent, ref c, out bool inexact);
        c.Flags |= inexact ? FpFlags.PE : 0;
        c.Flags |= inexact && tiny ? FpFlags.UE : 0;
        return kept == 0
            ? FpNumber.Zero(wide.Negative)
            : new FpNumber(FpKind.Finite, wide.Negative, target.MinExponent, (ulong)kept << (64 - target.Precision));
    }

    private static FpNumber Overflow(in FpNumber rounded, in FpTarget target, ref FpContext c)
    {
        c.Flags |= FpFlags.OE;
        if ((c.Masked & FpFlags.OE) == 0)
        {
            return rounded with { Exponent = rounded.Exponent - c.Wrap };
        }

        c.Flags |= FpFlags.PE;
        c.RoundedUp = c.Rounding switch
        {
            FpRounding.Nearest => true,
            FpRounding.Down => rounded.Negative,
            FpRounding.Up => !rounded.Negative,
            FpRounding.Zero => false,
        };
        return c.RoundedUp
            ? FpNumber.Infinity(rounded.Negative)
            : new FpNumber(FpKind.Finite, rounded.Negative, target.MaxExponent, ulong.MaxValue << (64 - target.Precision));
    }
}
