using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Interpreter.SoftFloat;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>Asks whether packed results that the host vouches for are exact: then they change no flag, though PE is not set yet.</summary>
/// <remarks>Programs on small whole numbers never set PE; without this all their packed arithmetic would go lane by lane.</remarks>
internal static unsafe class ExactLanes
{
    /// <summary>True when rounding and masks are the usual ones and every lane is exact for certain.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool Are<TMath, TFormat, TForm>(CpuState* s, byte* a, byte* b, Vector128<byte> low, Vector128<byte> high)
        where TMath : struct, ISseMath
        where TFormat : struct, IFpFormat
        where TForm : struct, IVectorForm =>
        SseFloat.IsUsual(s) && Are<TMath, TFormat>(a, b, low) && (TForm.Lanes == 1 || Are<TMath, TFormat>(a + 16, b + 16, high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Are<TMath, TFormat>(byte* a, byte* b, Vector128<byte> results)
        where TMath : struct, ISseMath
        where TFormat : struct, IFpFormat
    {
        bool all = true;
        for (int lane = 0; lane < 16 / TFormat.Bytes; lane++)
        {
            bool told;
            bool exact;
            if (TFormat.Bytes == 8)
            {
                told = TMath.TryExact(((double*)a)[lane], ((double*)b)[lane], results.AsDouble()[lane], out exact);
            }
            else
            {
                told = TMath.TryExact(((float*)a)[lane], ((float*)b)[lane], results.AsSingle()[lane], out exact);
            }

            all &= told & exact;
        }

        return all;
    }
}
