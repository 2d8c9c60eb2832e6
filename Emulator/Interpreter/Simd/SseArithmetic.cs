using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MmuEmu.Emulator.Interpreter.SoftFloat;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>ADD.</summary>
internal readonly struct SseAdd : ISseMath
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpContext c)
        where TFormat : struct, IFpFormat
    {
        FpNumber x = FpCodec.Unpack<TFormat>(a, c);
        FpNumber y = FpCodec.Unpack<TFormat>(b, c);
        return FpCodec.Pack<TFormat>(
            SseMath.TryNan(x, y, ref c, out FpNumber nan) ? nan : FpArithmetic.Add(x, y, TFormat.Target, ref c));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryHost(double a, double b, out double result)
    {
        result = a + b;
        return SseMath.NotDenormal(a) && SseMath.NotDenormal(b) && SseMath.Plain(result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryHost(float a, float b, out float result)
    {
        result = a + b;
        return SseMath.NotDenormal(a) && SseMath.NotDenormal(b) && SseMath.Plain(result);
    }

    public static bool TryExact(double a, double b, double result, out bool exact)
    {
        double taken = result - a;
        exact = (a - (result - taken)) + (b - taken) == 0;
        return true;
    }

    public static bool TryExact(float a, float b, float result, out bool exact)
    {
        float taken = result - a;
        exact = (a - (result - taken)) + (b - taken) == 0;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Host<T>(Vector128<T> a, Vector128<T> b, out Vector128<T> result)
        where T : unmanaged
    {
        result = a + b;
        return SseMath.NotDenormal(a) & SseMath.NotDenormal(b) & SseMath.Plain(result);
    }
}

/// <summary>SUB.</summary>
internal readonly struct SseSub : ISseMath
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpContext c)
        where TFormat : struct, IFpFormat
    {
        FpNumber x = FpCodec.Unpack<TFormat>(a, c);
        FpNumber y = FpCodec.Unpack<TFormat>(b, c);
        return FpCodec.Pack<TFormat>(
            SseMath.TryNan(x, y, ref c, out FpNumber nan) ? nan : FpArithmetic.Add(x, y.Negate(), TFormat.Target, ref c));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryHost(double a, double b, out double result) => SseAdd.TryHost(a, -b, out result);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryHost(float a, float b, out float result) => SseAdd.TryHost(a, -b, out result);

    public static bool TryExact(double a, double b, double result, out bool exact) => SseAdd.TryExact(a, -b, result, out exact);

    public static bool TryExact(float a, float b, float result, out bool exact) => SseAdd.TryExact(a, -b, result, out exact);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Host<T>(Vector128<T> a, Vector128<T> b, out Vector128<T> result)
        where T : unmanaged
    {
        result = a - b;
        return SseMath.NotDenormal(a) & SseMath.NotDenormal(b) & SseMath.Plain(result);
    }
}

/// <summary>MUL.</summary>
internal readonly struct SseMul : ISseMath
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpContext c)
        where TFormat : struct, IFpFormat
    {
        FpNumber x = FpCodec.Unpack<TFormat>(a, c);
        FpNumber y = FpCodec.Unpack<TFormat>(b, c);
        return FpCodec.Pack<TFormat>(
            SseMath.TryNan(x, y, ref c, out FpNumber nan) ? nan : FpArithmetic.Multiply(x, y, TFormat.Target, ref c));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryHost(double a, double b, out double result)
    {
        result = a * b;
        return SseMath.NotDenormal(a) && SseMath.NotDenormal(b) && (SseMath.Safe(result) || ((a == 0 || b == 0) && result == 0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryHost(float a, float b, out float result)
    {
        result = a * b;
        return SseMath.NotDenormal(a) && SseMath.NotDenormal(b) && (SseMath.Safe(result) || ((a == 0 || b == 0) && result == 0));
    }

    public static bool TryExact(double a, double b, double result, out bool exact)
    {
        exact = result == 0 || HostFused.MultiplyAdd(a, b, -result) == 0;
        return result == 0 || SseMath.ResidueFits(result);
    }

    public static bool TryExact(float a, float b, float result, out bool exact)
    {
        exact = (double)a * b == result;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Host<T>(Vector128<T> a, Vector128<T> b, out Vector128<T> result)
        where T : unmanaged
    {
        result = a * b;
        Vector128<T> zero = (SseMath.IsZero(a) | SseMath.IsZero(b)) & SseMath.IsZero(result);
        return SseMath.NotDenormal(a) & SseMath.NotDenormal(b) & (SseMath.Safe(result) | zero);
    }
}

/// <summary>DIV.</summary>
internal readonly struct SseDiv : ISseMath
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpContext c)
        where TFormat : struct, IFpFormat
    {
        FpNumber x = FpCodec.Unpack<TFormat>(a, c);
        FpNumber y = FpCodec.Unpack<TFormat>(b, c);
        return FpCodec.Pack<TFormat>(
            SseMath.TryNan(x, y, ref c, out FpNumber nan) ? nan : FpArithmetic.Divide(x, y, TFormat.Target, ref c));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryHost(double a, double b, out double result)
    {
        result = a / b;
        return SseMath.NotDenormal(a) && SseMath.NotDenormal(b) && (SseMath.Safe(result) || (a == 0 && result == 0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryHost(float a, float b, out float result)
    {
        result = a / b;
        return SseMath.NotDenormal(a) && SseMath.NotDenormal(b) && (SseMath.Safe(result) || (a == 0 && result == 0));
    }

    public static bool TryExact(double a, double b, double result, out bool exact)
    {
        exact = a == 0 || HostFused.MultiplyAdd(result, b, -a) == 0;
        return a == 0 || SseMath.ResidueFits(a);
    }

    public static bool TryExact(float a, float b, float result, out bool exact)
    {
        exact = a == 0 || (double)result * b == a;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Host<T>(Vector128<T> a, Vector128<T> b, out Vector128<T> result)
        where T : unmanaged
    {
        result = a / b;
        Vector128<T> zero = SseMath.IsZero(a) & SseMath.IsZero(result);
        return SseMath.NotDenormal(a) & SseMath.NotDenormal(b) & (SseMath.Safe(result) | zero);
    }
}

/// <summary>SQRT of the source; the destination does not count.</summary>
internal readonly struct SseSqrt : ISseMath
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpContext c)
        where TFormat : struct, IFpFormat
    {
        FpNumber y = FpCodec.Unpack<TFormat>(b, c);
        return FpCodec.Pack<TFormat>(
            SseMath.TryNan(y, y, ref c, out FpNumber nan) ? nan : FpArithmetic.SquareRoot(y, TFormat.Target, ref c));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryHost(double a, double b, out double result)
    {
        result = Math.Sqrt(b);
        return SseMath.NotDenormal(b) && SseMath.Finite(result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryHost(float a, float b, out float result)
    {
        result = MathF.Sqrt(b);
        return SseMath.NotDenormal(b) && SseMath.Finite(result);
    }

    public static bool TryExact(double a, double b, double result, out bool exact)
    {
        exact = b == 0 || HostFused.MultiplyAdd(result, result, -b) == 0;
        return b == 0 || SseMath.ResidueFits(b);
    }

    public static bool TryExact(float a, float b, float result, out bool exact)
    {
        exact = (double)result * result == b;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Host<T>(Vector128<T> a, Vector128<T> b, out Vector128<T> result)
        where T : unmanaged
    {
        result = Vector128.Sqrt(b);
        return SseMath.NotDenormal(b) & SseMath.Finite(result);
    }
}
