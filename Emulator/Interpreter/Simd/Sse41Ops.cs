using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>Low halves of the products of doublewords.</summary>
internal readonly struct MultiplyLowDoublewords : IVectorOp
{
    public static V Apply(V a, V b) => (a.AsUInt32() * b.AsUInt32()).AsByte();
}

/// <summary>64-bit products of the even signed doublewords.</summary>
internal readonly struct MultiplySignedDoublewords : IVectorOp
{
    public static V Apply(V a, V b)
    {
        (Vector128<long> x, Vector128<long> y) = (a.AsInt64(), b.AsInt64());
        return Vector128.Create((long)(int)x[0] * (int)y[0], (long)(int)x[1] * (int)y[1]).AsByte();
    }
}

/// <summary>Signed doublewords to unsigned words, saturating; the source becomes the upper half.</summary>
internal readonly struct PackUnsignedDoublewords : IVectorOp
{
    public static V Apply(V a, V b) => Vector128.Narrow(Clamp(a), Clamp(b)).AsByte();

    private static Vector128<uint> Clamp(V doublewords) =>
        Vector128.Min(Vector128.Max(doublewords.AsInt32(), Vector128<int>.Zero), Vector128.Create((int)ushort.MaxValue)).AsUInt32();
}

/// <summary>The source's least unsigned word, and above it its first place.</summary>
internal readonly struct LeastWord : IVectorOp
{
    public static V Apply(V a, V b)
    {
        Vector128<ushort> words = b.AsUInt16();
        uint least = uint.MaxValue;
        for (uint i = 0; i < 8; i++)
        {
            least = Math.Min(least, ((uint)words[(int)i] << 16) | i);
        }

        return Vector128.CreateScalar((least >> 16) | (least << 16)).AsByte();
    }
}

/// <summary>Eight sums of absolute differences: four bytes of the source against four successive ones of the destination.</summary>
internal readonly unsafe struct SlidingDifferences : SseShuffles.IShuffle
{
    public static uint OrderAbove(uint order) => order >> 3;

    public static V Apply(V a, V b, uint order)
    {
        byte* window = (byte*)&a + (order & 4);
        byte* block = (byte*)&b + ((order & 3) * 4);
        Vector128<ushort> sums = Vector128<ushort>.Zero;
        for (int i = 0; i < 4; i++)
        {
            V bytes = Vector128.CreateScalarUnsafe(*(ulong*)(window + i)).AsByte();
            V other = Vector128.Create(block[i]);
            sums += Vector128.WidenLower(Vector128.Max(bytes, other) - Vector128.Min(bytes, other));
        }

        return sums.AsByte();
    }
}

/// <summary>Source doublewords where the immediate has ones.</summary>
internal readonly struct BlendDoublewords : SseShuffles.IShuffle
{
    public static uint OrderAbove(uint order) => order >> 4;

    public static V Apply(V a, V b, uint order)
    {
        Vector128<uint> chosen = Vector128.Create(order) & Vector128.Create(1u, 2, 4, 8);
        return Vector128.ConditionalSelect(Vector128.Equals(chosen, Vector128<uint>.Zero).AsByte(), a, b);
    }
}

/// <summary>Source quadwords where the immediate has ones.</summary>
internal readonly struct BlendQuadwords : SseShuffles.IShuffle
{
    public static uint OrderAbove(uint order) => order >> 2;

    public static V Apply(V a, V b, uint order) =>
        Vector128.Create((order & 1) != 0 ? b.GetLower() : a.GetLower(), (order & 2) != 0 ? b.GetUpper() : a.GetUpper());
}

/// <summary>Source words where the immediate has ones.</summary>
internal readonly struct BlendWords : SseShuffles.IShuffle
{
    public static V Apply(V a, V b, uint order)
    {
        Vector128<ushort> chosen = Vector128.Create((ushort)order) & Vector128.Create((ushort)1, 2, 4, 8, 16, 32, 64, 128);
        return Vector128.ConditionalSelect(Vector128.Equals(chosen, Vector128<ushort>.Zero).AsByte(), a, b);
    }
}

/// <summary>One doubleword of the source put into the destination, then lanes zeroed.</summary>
internal readonly unsafe struct InsertSingle : SseShuffles.IShuffle
{
    public static V Apply(V a, V b, uint order)
    {
        ((uint*)&a)[(order >> 4) & 3] = ((uint*)&b)[order >> 6];
        return BlendDoublewords.Apply(a, V.Zero, order);
    }
}
