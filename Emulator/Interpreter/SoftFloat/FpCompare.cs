namespace MmuEmu.Emulator.Interpreter.SoftFloat;

/// <summary>How two numbers stand to each other.</summary>
internal enum FpRelation : byte
{
    /// <summary>The first is less.</summary>
    Less,

    /// <summary>Equal; zeros of either sign are.</summary>
    Equal,

    /// <summary>The first is greater.</summary>
    Greater,

    /// <summary>One is NaN.</summary>
    Unordered,
}

/// <summary>Whether a quiet NaN is an invalid operand of a comparison.</summary>
internal enum NanRule : byte
{
    /// <summary>Only a signaling NaN raises IE.</summary>
    Quiet,

    /// <summary>Every NaN raises IE.</summary>
    Signal,
}

/// <summary>Compares numbers.</summary>
internal static class FpCompare
{
    /// <summary>The relation of <paramref name="a"/> to <paramref name="b"/>; raises IE and DE as due.</summary>
    public static FpRelation Of(in FpNumber a, in FpNumber b, NanRule rule, ref FpContext c)
    {
        if (a.Kind >= FpKind.QuietNan || b.Kind >= FpKind.QuietNan)
        {
            bool invalid = rule == NanRule.Signal || a.Kind >= FpKind.SignalingNan || b.Kind >= FpKind.SignalingNan;
            c.Flags |= invalid ? FpFlags.IE : 0;
            return FpRelation.Unordered;
        }

        FpArithmetic.NoteDenormal(a, b, ref c);
        if (a.Kind == FpKind.Zero && b.Kind == FpKind.Zero)
        {
            return FpRelation.Equal;
        }

        int order = SignedOrder(a, b);
        return order < 0 ? FpRelation.Less : order > 0 ? FpRelation.Greater : FpRelation.Equal;
    }

    private static int SignedOrder(in FpNumber a, in FpNumber b)
    {
        int signA = a.Kind == FpKind.Zero ? 0 : a.Negative ? -1 : 1;
        int signB = b.Kind == FpKind.Zero ? 0 : b.Negative ? -1 : 1;
        return signA != signB || signA == 0 ? signA - signB : signA * Magnitudes(a, b);
    }

    private static int Magnitudes(in FpNumber a, in FpNumber b)
    {
        if (a.Kind != b.Kind)
        {
            return a.Kind == FpKind.Infinity ? 1 : -1;
        }

        int byExponent = a.Exponent.CompareTo(b.Exponent);
        return byExponent != 0 ? byExponent : a.Significand.CompareTo(b.Significand);
    }
}
