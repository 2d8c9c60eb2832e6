using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MmuEmu.Emulator.Interpreter;

/// <summary>What a scalar floating-point instruction of SSE computes for one lane, exactly.</summary>
internal interface ISseMath
{
    /// <summary>The result's bits; flags go to the context.</summary>
    static abstract ulong Apply<TFormat>(ulong a, ulong b, ref FpContext c)
        where TFormat : struct, IFpFormat;

    /// <summary>The host's own result, where it is certain to be the same without any new flag but PE.</summary>
    /// <returns>False when the exact way has to be taken.</returns>
    static abstract bool TryHost(double a, double b, out double result);

    /// <summary>Likewise in single precision.</summary>
    static abstract bool TryHost(float a, float b, out float result);

    /// <summary>Tells whether a result that <see cref="TryHost(double, double, out double)"/> vouches for is exact.</summary>
    /// <returns>False when the error term cannot tell.</returns>
    static abstract bool TryExact(double a, double b, double result, out bool exact);

    /// <summary>Likewise in single precision.</summary>
    static abstract bool TryExact(float a, float b, float result, out bool exact);

    /// <summary>As <see cref="TryHost(double, double, out double)"/> on all lanes.</summary>
    /// <returns>All ones in each lane that the host may be trusted with.</returns>
    static abstract Vector128<T> Host<T>(Vector128<T> a, Vector128<T> b, out Vector128<T> result)
        where T : unmanaged;
}

/// <summary>What is common to the SSE operations: NaNs, and which operands the host may be trusted with.</summary>
internal static class SseMath
{
    private const ulong Normal64 = 1UL << 53;
    private const ulong Infinity64 = 2047UL << 53;
    private const uint Normal32 = 1U << 24;
    private const uint Infinity32 = 255U << 24;
    private const ulong SafeResidue = 128UL << 53;

    /// <summary>True for zeros and normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Plain(double value)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value) << 1;
        return bits - Normal64 < Infinity64 - Normal64 || bits == 0;
    }

    /// <summary>True for zeros and normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Plain(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value) << 1;
        return bits - Normal32 < Infinity32 - Normal32 || bits == 0;
    }

    /// <summary>True for everything but denormals: zeros, normal numbers, infinities and NaNs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool NotDenormal(double value) => (BitConverter.DoubleToUInt64Bits(value) << 1) - 1 >= Normal64 - 1;

    /// <summary>True for everything but denormals: zeros, normal numbers, infinities and NaNs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool NotDenormal(float value) => (BitConverter.SingleToUInt32Bits(value) << 1) - 1 >= Normal32 - 1;

    /// <summary>True for zeros, denormals and normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Finite(double value) => BitConverter.DoubleToUInt64Bits(value) << 1 < Infinity64;

    /// <summary>True for zeros, denormals and normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Finite(float value) => BitConverter.SingleToUInt32Bits(value) << 1 < Infinity32;

    /// <summary>True for finite results that cannot have been tiny before or after rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Safe(double value) => (BitConverter.DoubleToUInt64Bits(value) << 1) - (2 * Normal64) < Infinity64 - (2 * Normal64);

    /// <summary>True for finite results that cannot have been tiny before or after rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Safe(float value) => (BitConverter.SingleToUInt32Bits(value) << 1) - (2 * Normal32) < Infinity32 - (2 * Normal32);

    /// <summary>True when the rounding error of a product near <paramref name="value"/> is itself a normal number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool ResidueFits(double value) => BitConverter.DoubleToUInt64Bits(value) << 1 > SafeResidue;

    /// <summary>All ones in lanes that hold zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> IsZero<T>(Vector128<T> value)
        where T : unmanaged => Vector128.Equals(value, Vector128<T>.Zero);

    /// <summary>All ones in lanes that hold zero, a normal number or infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> NotDenormal<T>(Vector128<T> value)
        where T : unmanaged => IsZero(value) | Vector128.GreaterThanOrEqual(Vector128.Abs(value), Least<T>(1));

    /// <summary>All ones in lanes that hold no infinity and no NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Finite<T>(Vector128<T> value)
        where T : unmanaged => Vector128.LessThan(Vector128.Abs(value), Infinity<T>());

    /// <summary>All ones in lanes that hold zero or a normal number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Plain<T>(Vector128<T> value)
        where T : unmanaged => NotDenormal(value) & Finite(value);

    /// <summary>All ones in lanes that hold a finite number that cannot have been tiny before or after rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Safe<T>(Vector128<T> value)
        where T : unmanaged => Finite(value) & Vector128.GreaterThanOrEqual(Vector128.Abs(value), Least<T>(2));

    /// <summary>When an operand is NaN: the first NaN made quiet, IE for a signaling one.</summary>
    public static bool TryNan(in FpNumber a, in FpNumber b, ref FpContext c, out FpNumber nan)
    {
        nan = a.IsNan ? a.Quiet() : b.Quiet();
        c.Flags |= a.Kind == FpKind.SignalingNan || b.Kind == FpKind.SignalingNan ? FpFlags.IE : 0;
        return a.IsNan || b.IsNan;
    }

    /// <summary>The least normal number times <paramref name="exponent"/>, 1 or 2, as its exponent field tells.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> Least<T>(uint exponent)
        where T : unmanaged =>
        Unsafe.SizeOf<T>() == 8 ? Vector128.Create((ulong)exponent << 52).As<ulong, T>() : Vector128.Create(exponent << 23).As<uint, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> Infinity<T>()
        where T : unmanaged =>
        Unsafe.SizeOf<T>() == 8 ? Vector128.Create(0x7FF0_0000_0000_0000).As<long, T>() : Vector128.Create(0x7F80_0000).As<int, T>();
}

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
        exact = result == 0 || Math.FusedMultiplyAdd(a, b, -result) == 0;
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
        exact = a == 0 || Math.FusedMultiplyAdd(result, b, -a) == 0;
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
        exact = b == 0 || Math.FusedMultiplyAdd(result, result, -b) == 0;
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
