using System.Runtime.Intrinsics;
using MmuEmu.Emulator.Interpreter.SoftFloat;

namespace MmuEmu.Emulator.Interpreter.Simd;

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
