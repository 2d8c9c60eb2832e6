using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MmuEmu.Emulator.Interpreter.SoftFloat;

namespace MmuEmu.Emulator.Interpreter.Simd;

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
