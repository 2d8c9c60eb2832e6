using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>Sums of adjacent words; the source's become the upper half.</summary>
internal readonly struct HorizontalAddWords : IVectorOp
{
    public static V Apply(V a, V b) => (Pairs.EvenWords(a, b) + Pairs.OddWords(a, b)).AsByte();
}

/// <summary>Sums of adjacent doublewords.</summary>
internal readonly struct HorizontalAddDoublewords : IVectorOp
{
    public static V Apply(V a, V b) => (Pairs.EvenDoublewords(a, b) + Pairs.OddDoublewords(a, b)).AsByte();
}

/// <summary>Saturated sums of adjacent signed words.</summary>
internal readonly struct HorizontalAddSaturated : IVectorOp
{
    public static V Apply(V a, V b) => Vector128.AddSaturate(Pairs.EvenWords(a, b), Pairs.OddWords(a, b)).AsByte();
}

/// <summary>Even words less the odd ones above them.</summary>
internal readonly struct HorizontalSubWords : IVectorOp
{
    public static V Apply(V a, V b) => (Pairs.EvenWords(a, b) - Pairs.OddWords(a, b)).AsByte();
}

/// <summary>Even doublewords less the odd ones above them.</summary>
internal readonly struct HorizontalSubDoublewords : IVectorOp
{
    public static V Apply(V a, V b) => (Pairs.EvenDoublewords(a, b) - Pairs.OddDoublewords(a, b)).AsByte();
}

/// <summary>Even signed words less the odd ones above them, saturated.</summary>
internal readonly struct HorizontalSubSaturated : IVectorOp
{
    public static V Apply(V a, V b) => Vector128.SubtractSaturate(Pairs.EvenWords(a, b), Pairs.OddWords(a, b)).AsByte();
}

/// <summary>Even and odd lanes of two vectors, gathered in one.</summary>
internal static class Pairs
{
    /// <summary>Words 0, 2, 4, 6 of <paramref name="a"/>, then of <paramref name="b"/>.</summary>
    public static Vector128<short> EvenWords(V a, V b) => Vector128.Narrow(a.AsInt32(), b.AsInt32());

    /// <summary>Words 1, 3, 5, 7.</summary>
    public static Vector128<short> OddWords(V a, V b) => Vector128.Narrow(a.AsInt32() >>> 16, b.AsInt32() >>> 16);

    /// <summary>Doublewords 0 and 2.</summary>
    public static Vector128<uint> EvenDoublewords(V a, V b) => Vector128.Narrow(a.AsUInt64(), b.AsUInt64());

    /// <summary>Doublewords 1 and 3.</summary>
    public static Vector128<uint> OddDoublewords(V a, V b) => Vector128.Narrow(a.AsUInt64() >>> 32, b.AsUInt64() >>> 32);
}
