using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>The destination with the sign of the source: negated, zeroed or kept.</summary>
internal readonly struct SignLanes<T> : IVectorOp
    where T : unmanaged
{
    public static V Apply(V a, V b)
    {
        V negative = Vector128.LessThan(b.As<byte, T>(), Vector128<T>.Zero).AsByte();
        V zero = Vector128.Equals(b.As<byte, T>(), Vector128<T>.Zero).AsByte();
        V turned = ((a ^ negative).As<byte, T>() - negative.As<byte, T>()).AsByte();
        return Vector128.AndNot(turned, zero);
    }
}

/// <summary>Absolute values of the source; the least number stays as it is.</summary>
internal readonly struct AbsoluteLanes<T> : IVectorOp
    where T : unmanaged
{
    public static V Apply(V a, V b)
    {
        V negative = Vector128.LessThan(b.As<byte, T>(), Vector128<T>.Zero).AsByte();
        return ((b ^ negative).As<byte, T>() - negative.As<byte, T>()).AsByte();
    }
}

/// <summary>Bytes of the destination that the source's low index bits name; zero where bit 7 of the index is set.</summary>
internal readonly struct ShuffleBytes : IVectorOp
{
    private const byte Indices = 0x8F;

    public static V Apply(V a, V b) => Ssse3.IsSupported ? Ssse3.Shuffle(a, b) : Portable(a, b);

    /// <summary>The same without the host's instruction.</summary>
    public static V Portable(V a, V b) => Vector128.Shuffle(a, b & Vector128.Create(Indices));
}

/// <summary>Likewise on an MMX register: three index bits.</summary>
internal readonly struct ShuffleBytesMmx : IVectorOp
{
    private const byte Indices = 0x87;

    public static V Apply(V a, V b) => ShuffleBytes.Apply(a, b & Vector128.Create(Indices));
}

/// <summary>High halves of the signed products of words, in units of 2^-15, rounded.</summary>
internal readonly struct MultiplyHighRounded : IVectorOp
{
    public static V Apply(V a, V b)
    {
        (Vector128<int> aLow, Vector128<int> aHigh) = Vector128.Widen(a.AsInt16());
        (Vector128<int> bLow, Vector128<int> bHigh) = Vector128.Widen(b.AsInt16());
        return Vector128.Narrow(Round(aLow * bLow), Round(aHigh * bHigh)).AsByte();
    }

    private static Vector128<int> Round(Vector128<int> product) => ((product >> 14) + Vector128<int>.One) >> 1;
}

/// <summary>Saturated sums of the products of adjacent unsigned bytes with signed ones.</summary>
internal readonly struct MultiplyAddBytes : IVectorOp
{
    private const short LowByte = 0xFF;

    public static V Apply(V a, V b)
    {
        (Vector128<short> x, Vector128<short> y) = (a.AsInt16(), b.AsInt16());
        Vector128<short> even = (x & Vector128.Create(LowByte)) * ((y << 8) >> 8);
        return Vector128.AddSaturate(even, (x >>> 8) * (y >> 8)).AsByte();
    }
}

/// <summary>Sixteen bytes out of the destination above the source, from the immediate's byte on.</summary>
internal readonly struct AlignRight : SseShuffles.IShuffle
{
    public static V Apply(V a, V b, uint order)
    {
        V indices = V.Indices + Vector128.Create((byte)Math.Min(order, 32));
        return Vector128.Shuffle(b, indices) | Vector128.Shuffle(a, indices - Vector128.Create((byte)16));
    }
}

/// <summary>Likewise with eight bytes each.</summary>
internal readonly struct AlignRightMmx : SseShuffles.IShuffle
{
    public static V Apply(V a, V b, uint order) =>
        AlignRight.Apply(V.Zero, Vector128.Create(b.GetLower(), a.GetLower()), order).WithUpper(Vector64<byte>.Zero);
}
