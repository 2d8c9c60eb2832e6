using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>The carry-less product of two quadwords: bit 0 of the immediate picks the destination's, bit 4 the source's.</summary>
/// <remarks>Source: [SDM2 "PCLMULQDQ"].</remarks>
internal readonly struct CarrylessMultiply : SseShuffles.IShuffle
{
    public static V Apply(V a, V b, uint order)
    {
        ulong x = a.AsUInt64()[(int)order & 1];
        ulong y = b.AsUInt64()[(int)(order >> 4) & 1];
        if (Pclmulqdq.IsSupported)
        {
            return Pclmulqdq.CarrylessMultiply(Vector128.CreateScalarUnsafe(x), Vector128.CreateScalarUnsafe(y), 0).AsByte();
        }

        return ArmAes.IsSupported
            ? ArmAes.PolynomialMultiplyWideningLower(Vector64.CreateScalar(x), Vector64.CreateScalar(y)).AsByte()
            : Portable(x, y);
    }

    /// <summary>The same without the host's instruction: shifted copies of <paramref name="x"/>, one for each bit of <paramref name="y"/>.</summary>
    public static V Portable(ulong x, ulong y)
    {
        (ulong low, ulong high) = (0, 0);
        for (int i = 0; i < 64; i++)
        {
            ulong taken = 0 - ((y >> i) & 1);
            low ^= (x << i) & taken;
            high ^= (x >> 1 >> (63 - i)) & taken;
        }

        return Vector128.Create(low, high).AsByte();
    }
}
