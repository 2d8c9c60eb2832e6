namespace MmuEmu.Emulator.Interpreter;

/// <summary>MIN: the source unless the destination is less; NaNs and equal zeros give the source.</summary>
internal readonly struct SseMin : ISseMath
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpContext c)
        where TFormat : struct, IFpFormat => SseCompare.Of<TFormat>(a, b, ref c, NanRule.Signal) == FpRelation.Less
            ? SseCompare.Flushed<TFormat>(a, c)
            : SseCompare.Flushed<TFormat>(b, c);

    public static bool TryHost(double a, double b, out double result, out bool exact)
    {
        (result, exact) = (a < b ? a : b, true);
        return SseMath.Plain(a) && SseMath.Plain(b);
    }

    public static bool TryHost(float a, float b, out float result, out bool exact)
    {
        (result, exact) = (a < b ? a : b, true);
        return SseMath.Plain(a) && SseMath.Plain(b);
    }
}

/// <summary>MAX: the source unless the destination is greater; NaNs and equal zeros give the source.</summary>
internal readonly struct SseMax : ISseMath
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpContext c)
        where TFormat : struct, IFpFormat => SseCompare.Of<TFormat>(a, b, ref c, NanRule.Signal) == FpRelation.Greater
            ? SseCompare.Flushed<TFormat>(a, c)
            : SseCompare.Flushed<TFormat>(b, c);

    public static bool TryHost(double a, double b, out double result, out bool exact)
    {
        (result, exact) = (a > b ? a : b, true);
        return SseMath.Plain(a) && SseMath.Plain(b);
    }

    public static bool TryHost(float a, float b, out float result, out bool exact)
    {
        (result, exact) = (a > b ? a : b, true);
        return SseMath.Plain(a) && SseMath.Plain(b);
    }
}
