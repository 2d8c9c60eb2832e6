using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using MmuEmu.Emulator.Interpreter.Simd;
using MmuEmu.Emulator.Interpreter.SoftFloat;

namespace MmuEmu.Emulator.Interpreter.Vex;

/// <summary>One fused multiplication and addition: by the host where it gives the same bits and flags, else exactly.</summary>
/// <remarks>
/// A NaN operand is the result, made quiet, its sign as it was: the first factor's before the second's before the addend's. The
/// factors infinity and zero are invalid only beside an addend that is no quiet NaN. Source: [SDM1 "FMA Instruction Operand Order and Arithmetic Behavior"].
/// </remarks>
internal static class FusedLane
{
    private const double WellInside = 1e300;

    /// <summary>True where the host has the instruction; a library's emulation of it is not trusted.</summary>
    public static bool HostFuses
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Fma.IsSupported || AdvSimd.IsSupported;
    }

    /// <summary>The host's result on all lanes.</summary>
    /// <returns>All ones in each lane where it is certain to be the same without any new flag but PE.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Host(Vector128<double> a, Vector128<double> b, Vector128<double> addend, out Vector128<double> result)
    {
        result = HostFused.MultiplyAdd(a, b, addend);
        return Trusted(a, b, addend, result);
    }

    /// <summary>Likewise in single precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Host(Vector128<float> a, Vector128<float> b, Vector128<float> addend, out Vector128<float> result)
    {
        result = HostFused.MultiplyAdd(a, b, addend);
        return Trusted(a, b, addend, result);
    }

    /// <summary>The result's bits: by the host under the usual MXCSR where it can tell whether they are exact, else in integers.</summary>
    public static ulong Apply<TFormat>(ulong a, ulong b, ulong addend, FusedControl control, ref FpContext c)
        where TFormat : struct, IFpFormat
    {
        if (!HostFuses || !c.IsUsual)
        {
            return Exact<TFormat>(a, b, addend, control, ref c);
        }

        ulong sign = 1UL << ((8 * TFormat.Bytes) - 1);
        ulong x = (control & FusedControl.NegateProduct) != 0 ? a ^ sign : a;
        ulong z = (control & FusedControl.NegateEven) != 0 ? addend ^ sign : addend;
        bool done = TFormat.Bytes == 8
            ? TryHost(BitConverter.UInt64BitsToDouble(x), BitConverter.UInt64BitsToDouble(b), BitConverter.UInt64BitsToDouble(z), out ulong result, out bool exact)
            : TryHost(BitConverter.UInt32BitsToSingle((uint)x), BitConverter.UInt32BitsToSingle((uint)b), BitConverter.UInt32BitsToSingle((uint)z), out result, out exact);
        if (!done)
        {
            return Exact<TFormat>(a, b, addend, control, ref c);
        }

        c.Flags |= exact ? 0 : FpFlags.PE;
        return result;
    }

    /// <summary>The result's bits in integers only; flags go to the context.</summary>
    public static ulong Exact<TFormat>(ulong a, ulong b, ulong addend, FusedControl control, ref FpContext c)
        where TFormat : struct, IFpFormat
    {
        FpNumber x = FpCodec.Unpack<TFormat>(a, c);
        FpNumber y = FpCodec.Unpack<TFormat>(b, c);
        FpNumber z = FpCodec.Unpack<TFormat>(addend, c);
        if (x.IsNan || y.IsNan || z.IsNan)
        {
            bool signaling = x.Kind == FpKind.SignalingNan || y.Kind == FpKind.SignalingNan || z.Kind == FpKind.SignalingNan;
            c.Flags |= signaling ? FpFlags.IE : 0;
            FpNumber nan = x.IsNan ? x : y.IsNan ? y : z;
            return FpCodec.Pack<TFormat>(nan.Quiet());
        }

        x = (control & FusedControl.NegateProduct) != 0 ? x.Negate() : x;
        z = (control & FusedControl.NegateEven) != 0 ? z.Negate() : z;
        return FpCodec.Pack<TFormat>(FpFused.MultiplyAdd(x, y, z, TFormat.Target, ref c));
    }

    /// <summary>The error of a fused operation is the sum of two numbers, zero together when there is none.</summary>
    /// <remarks>Source: [Boldo and Muller, "Exact and Approximated Error of the FMA"].</remarks>
    private static bool TryHost(double a, double b, double addend, out ulong bits, out bool exact)
    {
        double result = HostFused.MultiplyAdd(a, b, addend);
        double product = a * b;
        bool nothing = a == 0 || b == 0;
        (bits, exact) = (BitConverter.DoubleToUInt64Bits(result), nothing);
        if (!Trusted(a, b, addend, result))
        {
            return false;
        }

        if (nothing)
        {
            return true;
        }

        double low = HostFused.MultiplyAdd(a, b, -product);
        double first = TwoSum(addend, low, out double firstError);
        double second = TwoSum(product, first, out double secondError);
        exact = (second - result) + secondError + firstError == 0;
        return SseMath.ResidueFits(product) && Math.Abs(product) < WellInside && Math.Abs(addend) < WellInside;
    }

    /// <summary>The product of singles is an exact double.</summary>
    private static bool TryHost(float a, float b, float addend, out ulong bits, out bool exact)
    {
        float result = HostFused.MultiplyAdd(a, b, addend);
        double sum = TwoSum((double)a * b, addend, out double error);
        (bits, exact) = (BitConverter.SingleToUInt32Bits(result), error == 0 && result == sum);
        return Trusted(a, b, addend, result);
    }

    private static double TwoSum(double a, double b, out double error)
    {
        double sum = a + b;
        double taken = sum - a;
        error = (a - (sum - taken)) + (b - taken);
        return sum;
    }

    private static bool Trusted(double a, double b, double addend, double result) =>
        SseMath.NotDenormal(a) && SseMath.NotDenormal(b) && SseMath.NotDenormal(addend)
        && (SseMath.Safe(result) || (result == 0 && (a == 0 || b == 0)));

    private static bool Trusted(float a, float b, float addend, float result) =>
        SseMath.NotDenormal(a) && SseMath.NotDenormal(b) && SseMath.NotDenormal(addend)
        && (SseMath.Safe(result) || (result == 0 && (a == 0 || b == 0)));

    /// <summary>A result that cannot have been tiny; or zero because a factor is, which makes the result the addend.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> Trusted<T>(Vector128<T> a, Vector128<T> b, Vector128<T> addend, Vector128<T> result)
        where T : unmanaged
    {
        Vector128<T> nothing = SseMath.IsZero(result) & (SseMath.IsZero(a) | SseMath.IsZero(b));
        return SseMath.NotDenormal(a) & SseMath.NotDenormal(b) & SseMath.NotDenormal(addend) & (SseMath.Safe(result) | nothing);
    }
}
