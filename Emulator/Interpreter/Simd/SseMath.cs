using System.Runtime.CompilerServices;

namespace MmuEmu.Emulator.Interpreter;

/// <summary>What a scalar floating-point instruction of SSE computes for one lane, exactly.</summary>
internal interface ISseMath
{
    /// <summary>The result's bits; flags go to the context.</summary>
    static abstract ulong Apply<TFormat>(ulong a, ulong b, ref FpContext c)
        where TFormat : struct, IFpFormat;

    /// <summary>The host's own result, where it is certain to be the same without any new flag but PE.</summary>
    /// <returns>False when the exact way has to be taken.</returns>
    static abstract bool TryHost(double a, double b, out double result, out bool exact);

    /// <summary>Likewise in single precision.</summary>
    static abstract bool TryHost(float a, float b, out float result, out bool exact);
}

/// <summary>What is common to the SSE operations: NaNs, and which operands the host may be trusted with.</summary>
internal static class SseMath
{
    private const ulong Span64 = 2046UL << 53;
    private const uint Span32 = 254U << 24;
    private const ulong SafeResidue = 128UL << 53;

    /// <summary>True for zeros and normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Plain(double value)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value) << 1;
        return bits - (1UL << 53) < Span64 || bits == 0;
    }

    /// <summary>True for zeros and normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Plain(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value) << 1;
        return bits - (1U << 24) < Span32 || bits == 0;
    }

    /// <summary>True for finite results that cannot have been tiny before or after rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Safe(double value) => (BitConverter.DoubleToUInt64Bits(value) << 1) - (2UL << 53) < Span64 - (1UL << 53);

    /// <summary>True for finite results that cannot have been tiny before or after rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Safe(float value) => (BitConverter.SingleToUInt32Bits(value) << 1) - (2U << 24) < Span32 - (1U << 24);

    /// <summary>True when the rounding error of a product near <paramref name="value"/> is itself a normal number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool ResidueFits(double value) => BitConverter.DoubleToUInt64Bits(value) << 1 > SafeResidue;

    /// <summary>When an operand is NaN: the first NaN made quiet, IE for a signaling one.</summary>
    public static bool TryNan(in FpNumber a, in FpNumber b, ref FpContext c, out FpNumber nan)
    {
        nan = a.IsNan ? a.Quiet() : b.Quiet();
        c.Flags |= a.Kind == FpKind.SignalingNan || b.Kind == FpKind.SignalingNan ? FpFlags.IE : 0;
        return a.IsNan || b.IsNan;
    }
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
    public static bool TryHost(double a, double b, out double result, out bool exact)
    {
        result = a + b;
        double taken = result - a;
        exact = (a - (result - taken)) + (b - taken) == 0;
        return SseMath.Plain(a) && SseMath.Plain(b) && (SseMath.Safe(result) || result == 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryHost(float a, float b, out float result, out bool exact)
    {
        result = a + b;
        float taken = result - a;
        exact = (a - (result - taken)) + (b - taken) == 0;
        return SseMath.Plain(a) && SseMath.Plain(b) && (SseMath.Safe(result) || result == 0);
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
    public static bool TryHost(double a, double b, out double result, out bool exact) => SseAdd.TryHost(a, -b, out result, out exact);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryHost(float a, float b, out float result, out bool exact) => SseAdd.TryHost(a, -b, out result, out exact);
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
    public static bool TryHost(double a, double b, out double result, out bool exact)
    {
        result = a * b;
        bool zero = a == 0 || b == 0;
        exact = zero || (SseMath.ResidueFits(result) && Math.FusedMultiplyAdd(a, b, -result) == 0);
        return SseMath.Plain(a) && SseMath.Plain(b) && (zero || SseMath.ResidueFits(result)) && (SseMath.Safe(result) || zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryHost(float a, float b, out float result, out bool exact)
    {
        result = a * b;
        exact = (double)a * b == result;
        return SseMath.Plain(a) && SseMath.Plain(b) && (SseMath.Safe(result) || a == 0 || b == 0);
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
    public static bool TryHost(double a, double b, out double result, out bool exact)
    {
        result = a / b;
        exact = a == 0 || Math.FusedMultiplyAdd(result, b, -a) == 0;
        return SseMath.Plain(a) && SseMath.Plain(b) && (a == 0 ? b != 0 : SseMath.ResidueFits(a) && SseMath.Safe(result));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryHost(float a, float b, out float result, out bool exact)
    {
        result = a / b;
        exact = (double)result * b == a;
        return SseMath.Plain(a) && SseMath.Plain(b) && (a == 0 ? b != 0 : SseMath.Safe(result));
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
    public static bool TryHost(double a, double b, out double result, out bool exact)
    {
        result = Math.Sqrt(b);
        exact = b == 0 || Math.FusedMultiplyAdd(result, result, -b) == 0;
        return b == 0 || (b > 0 && SseMath.Plain(b) && SseMath.ResidueFits(b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryHost(float a, float b, out float result, out bool exact)
    {
        result = MathF.Sqrt(b);
        exact = (double)result * result == b;
        return b == 0 || (b > 0 && SseMath.Plain(b));
    }
}
