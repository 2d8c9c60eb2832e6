using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>Products of bytes in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1.</summary>
/// <remarks>Source: [SDM2 "GF2P8MULB"].</remarks>
internal readonly struct GaloisMultiply : IVectorOp
{
    private const byte Reduction = 0x1B;

    public static V Apply(V a, V b)
    {
        V product = V.Zero;
        for (int i = 0; i < 8; i++)
        {
            product = (product + product) ^ (Negative(product) & Vector128.Create(Reduction)) ^ (Negative(b) & a);
            b += b;
        }

        return product;
    }

    private static V Negative(V bytes) => Vector128.LessThan(bytes.AsSByte(), Vector128<sbyte>.Zero).AsByte();
}

/// <summary>Each byte of the destination times the 8 by 8 bit matrix in the source's quadword, plus the immediate.</summary>
/// <remarks>Byte 7 - i of the matrix is the row that makes bit i. Source: [SDM2 "GF2P8AFFINEQB"].</remarks>
internal readonly struct GaloisAffine : SseShuffles.IShuffle
{
    private const ulong Everywhere = 0x0101_0101_0101_0101;

    public static V Apply(V a, V b, uint order)
    {
        Vector128<ulong> result = Vector128.Create(order * Everywhere);
        for (int i = 0; i < 8; i++)
        {
            Vector128<ulong> row = ((b.AsUInt64() >>> (56 - (8 * i))) & Vector128.Create(0xFFUL)) * Everywhere;
            Vector128<ulong> taken = a.AsUInt64() & row;
            taken ^= taken >>> 4;
            taken ^= taken >>> 2;
            taken ^= taken >>> 1;
            result ^= (taken & Vector128.Create(Everywhere)) << i;
        }

        return result.AsByte();
    }
}

/// <summary>Likewise with the destination's bytes inverted first; zero stays zero.</summary>
/// <remarks>The inverse is the 254th power. Source: [SDM2 "GF2P8AFFINEINVQB"].</remarks>
internal readonly struct GaloisAffineInverse : SseShuffles.IShuffle
{
    public static V Apply(V a, V b, uint order)
    {
        V power = a;
        for (int i = 0; i < 6; i++)
        {
            power = GaloisMultiply.Apply(GaloisMultiply.Apply(power, power), a);
        }

        return GaloisAffine.Apply(GaloisMultiply.Apply(power, power), b, order);
    }
}
