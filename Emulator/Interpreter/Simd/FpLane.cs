using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Interpreter.SoftFloat;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>One lane of floating-point arithmetic: by the host where that is certain to give the same, else exactly.</summary>
internal static unsafe class FpLane
{
    /// <summary>The result's bits; flags go to the context.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply<TMath, TFormat>(ulong a, ulong b, ref FpContext c)
        where TMath : struct, ISseMath
        where TFormat : struct, IFpFormat
    {
        if (c.IsUsual && TryHost<TMath, TFormat>(a, b, out ulong result, out uint raised))
        {
            c.Flags |= raised;
            return result;
        }

        return TMath.Apply<TFormat>(a, b, ref c);
    }

    /// <summary>One lane by the host where it may be trusted, PE noted; false when the exact way has to be taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryLane<TMath, TFormat>(CpuState* s, ulong a, ulong b, out ulong result)
        where TMath : struct, ISseMath
        where TFormat : struct, IFpFormat
    {
        bool done = TryHost<TMath, TFormat>(a, b, out result, out uint raised);
        s->Mxcsr |= raised;
        return done;
    }

    /// <summary>One lane by the host, and PE where it was rounded; false when the exact way has to be taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryHost<TMath, TFormat>(ulong a, ulong b, out ulong result, out uint raised)
        where TMath : struct, ISseMath
        where TFormat : struct, IFpFormat
    {
        bool done;
        bool exact;
        if (TFormat.Bytes == 8)
        {
            (double x, double y) = (BitConverter.UInt64BitsToDouble(a), BitConverter.UInt64BitsToDouble(b));
            done = TMath.TryHost(x, y, out double value) & TMath.TryExact(x, y, value, out exact);
            result = BitConverter.DoubleToUInt64Bits(value);
        }
        else
        {
            (float x, float y) = (BitConverter.UInt32BitsToSingle((uint)a), BitConverter.UInt32BitsToSingle((uint)b));
            done = TMath.TryHost(x, y, out float value) & TMath.TryExact(x, y, value, out exact);
            result = BitConverter.SingleToUInt32Bits(value);
        }

        raised = done && !exact ? FpFlags.PE : 0;
        return done;
    }
}
