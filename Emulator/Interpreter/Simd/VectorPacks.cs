using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>Signed words to signed bytes, saturating; the source becomes the upper half.</summary>
internal readonly struct PackSignedWords : IVectorOp
{
    public static V Apply(V a, V b) => Vector128.NarrowWithSaturation(a.AsInt16(), b.AsInt16()).AsByte();
}

/// <summary>Signed doublewords to signed words, saturating.</summary>
internal readonly struct PackSignedDoublewords : IVectorOp
{
    public static V Apply(V a, V b) => Vector128.NarrowWithSaturation(a.AsInt32(), b.AsInt32()).AsByte();
}

/// <summary>Signed words to unsigned bytes, saturating.</summary>
internal readonly struct PackUnsignedWords : IVectorOp
{
    public static V Apply(V a, V b) => Vector128.Narrow(Clamp(a), Clamp(b));

    private static Vector128<ushort> Clamp(V words) =>
        Vector128.Min(Vector128.Max(words.AsInt16(), Vector128<short>.Zero), Vector128.Create((short)255)).AsUInt16();
}

/// <summary>Alternates the low bytes of destination and source.</summary>
internal readonly struct InterleaveLowBytes : IVectorOp
{
    public static V Apply(V a, V b)
    {
        Vector128<ushort> low = Vector128.WidenLower(a);
        return (low | (Vector128.WidenLower(b) << 8)).AsByte();
    }
}

/// <summary>Alternates the low words.</summary>
internal readonly struct InterleaveLowWords : IVectorOp
{
    public static V Apply(V a, V b) => (Vector128.WidenLower(a.AsUInt16()) | (Vector128.WidenLower(b.AsUInt16()) << 16)).AsByte();
}

/// <summary>Alternates the low doublewords.</summary>
internal readonly struct InterleaveLowDoublewords : IVectorOp
{
    public static V Apply(V a, V b) => (Vector128.WidenLower(a.AsUInt32()) | (Vector128.WidenLower(b.AsUInt32()) << 32)).AsByte();
}

/// <summary>Puts the low quadword of the source above that of the destination.</summary>
internal readonly struct InterleaveLowQuadwords : IVectorOp
{
    public static V Apply(V a, V b) => Vector128.Create(a.GetLower(), b.GetLower());
}

/// <summary>Alternates the high bytes.</summary>
internal readonly struct InterleaveHighBytes : IVectorOp
{
    public static V Apply(V a, V b) => (Vector128.WidenUpper(a) | (Vector128.WidenUpper(b) << 8)).AsByte();
}

/// <summary>Alternates the high words.</summary>
internal readonly struct InterleaveHighWords : IVectorOp
{
    public static V Apply(V a, V b) => (Vector128.WidenUpper(a.AsUInt16()) | (Vector128.WidenUpper(b.AsUInt16()) << 16)).AsByte();
}

/// <summary>Alternates the high doublewords.</summary>
internal readonly struct InterleaveHighDoublewords : IVectorOp
{
    public static V Apply(V a, V b) => (Vector128.WidenUpper(a.AsUInt32()) | (Vector128.WidenUpper(b.AsUInt32()) << 32)).AsByte();
}

/// <summary>Puts the high quadword of the source above that of the destination.</summary>
internal readonly struct InterleaveHighQuadwords : IVectorOp
{
    public static V Apply(V a, V b) => Vector128.Create(a.GetUpper(), b.GetUpper());
}

/// <summary>A pack on MMX registers: both operands together are what one XMM operand holds.</summary>
internal readonly struct MmxPack<TPack> : IVectorOp
    where TPack : struct, IVectorOp
{
    public static V Apply(V a, V b) => TPack.Apply(Vector128.Create(a.GetLower(), b.GetLower()), V.Zero);
}

/// <summary>A high interleave on MMX registers: the upper half of what the low interleave of the vectors gives.</summary>
internal readonly struct MmxHigh<TLow> : IVectorOp
    where TLow : struct, IVectorOp
{
    public static V Apply(V a, V b) => Vector128.Create(TLow.Apply(a, b).GetUpper(), Vector64<byte>.Zero);
}
