using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MmuEmu.Emulator.Interpreter.SoftFloat;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>MIN: the source unless the destination is less; NaNs and equal zeros give the source.</summary>
internal readonly struct SseMin : ISseMath
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpContext c)
        where TFormat : struct, IFpFormat => SseCompare.Of<TFormat>(a, b, ref c, NanRule.Signal) == FpRelation.Less
            ? SseCompare.Flushed<TFormat>(a, c)
            : SseCompare.Flushed<TFormat>(b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryHost(double a, double b, out double result)
    {
        result = a < b ? a : b;
        return SseMath.Plain(a) && SseMath.Plain(b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryHost(float a, float b, out float result)
    {
        result = a < b ? a : b;
        return SseMath.Plain(a) && SseMath.Plain(b);
    }

    public static bool TryExact(double a, double b, double result, out bool exact) => exact = true;

    public static bool TryExact(float a, float b, float result, out bool exact) => exact = true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Host<T>(Vector128<T> a, Vector128<T> b, out Vector128<T> result)
        where T : unmanaged
    {
        result = Vector128.ConditionalSelect(Vector128.LessThan(a, b), a, b);
        return SseMath.NotDenormal(a) & SseMath.NotDenormal(b);
    }
}

/// <summary>MAX: the source unless the destination is greater; NaNs and equal zeros give the source.</summary>
internal readonly struct SseMax : ISseMath
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpContext c)
        where TFormat : struct, IFpFormat => SseCompare.Of<TFormat>(a, b, ref c, NanRule.Signal) == FpRelation.Greater
            ? SseCompare.Flushed<TFormat>(a, c)
            : SseCompare.Flushed<TFormat>(b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryHost(double a, double b, out double result)
    {
        result = a > b ? a : b;
        return SseMath.Plain(a) && SseMath.Plain(b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryHost(float a, float b, out float result)
    {
        result = a > b ? a : b;
        return SseMath.Plain(a) && SseMath.Plain(b);
    }

    public static bool TryExact(double a, double b, double result, out bool exact) => exact = true;

    public static bool TryExact(float a, float b, float result, out bool exact) => exact = true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Host<T>(Vector128<T> a, Vector128<T> b, out Vector128<T> result)
        where T : unmanaged
    {
        result = Vector128.ConditionalSelect(Vector128.GreaterThan(a, b), a, b);
        return SseMath.NotDenormal(a) & SseMath.NotDenormal(b);
    }
}
