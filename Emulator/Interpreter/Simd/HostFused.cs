using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>The host's fused multiplication and addition, <c>a * b + addend</c> with one rounding.</summary>
/// <remarks>
/// <see cref="Math.FusedMultiplyAdd(double, double, double)"/> gives the same bits, but a program that is compiled ahead of time for hosts
/// without the instruction calls a library for it on every host; asked this way it looks once at what the host has.
/// </remarks>
internal static class HostFused
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double MultiplyAdd(double a, double b, double addend) =>
        Fma.IsSupported
            ? Fma.MultiplyAddScalar(Vector128.CreateScalarUnsafe(a), Vector128.CreateScalarUnsafe(b), Vector128.CreateScalarUnsafe(addend)).ToScalar()
            : Math.FusedMultiplyAdd(a, b, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MultiplyAdd(float a, float b, float addend) =>
        Fma.IsSupported
            ? Fma.MultiplyAddScalar(Vector128.CreateScalarUnsafe(a), Vector128.CreateScalarUnsafe(b), Vector128.CreateScalarUnsafe(addend)).ToScalar()
            : MathF.FusedMultiplyAdd(a, b, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> MultiplyAdd(Vector128<double> a, Vector128<double> b, Vector128<double> addend) =>
        Fma.IsSupported ? Fma.MultiplyAdd(a, b, addend) : Vector128.FusedMultiplyAdd(a, b, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> addend) =>
        Fma.IsSupported ? Fma.MultiplyAdd(a, b, addend) : Vector128.FusedMultiplyAdd(a, b, addend);
}
