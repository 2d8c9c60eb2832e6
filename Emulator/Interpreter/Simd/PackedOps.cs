using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>Bitwise and.</summary>
internal readonly struct VectorAnd : IVectorOp
{
    public static V Apply(V a, V b) => a & b;
}

/// <summary>Source and not destination.</summary>
internal readonly struct VectorAndNot : IVectorOp
{
    public static V Apply(V a, V b) => ~a & b;
}

/// <summary>Bitwise or.</summary>
internal readonly struct VectorOr : IVectorOp
{
    public static V Apply(V a, V b) => a | b;
}

/// <summary>Bitwise exclusive or.</summary>
internal readonly struct VectorXor : IVectorOp
{
    public static V Apply(V a, V b) => a ^ b;
}

/// <summary>Wrapping addition.</summary>
internal readonly struct AddLanes<T> : IVectorOp
    where T : unmanaged
{
    public static V Apply(V a, V b) => (a.As<byte, T>() + b.As<byte, T>()).AsByte();
}

/// <summary>Wrapping subtraction.</summary>
internal readonly struct SubLanes<T> : IVectorOp
    where T : unmanaged
{
    public static V Apply(V a, V b) => (a.As<byte, T>() - b.As<byte, T>()).AsByte();
}

/// <summary>Saturating addition.</summary>
internal readonly struct AddSaturated<T> : IVectorOp
    where T : unmanaged
{
    public static V Apply(V a, V b) => Vector128.AddSaturate(a.As<byte, T>(), b.As<byte, T>()).AsByte();
}

/// <summary>Saturating subtraction.</summary>
internal readonly struct SubSaturated<T> : IVectorOp
    where T : unmanaged
{
    public static V Apply(V a, V b) => Vector128.SubtractSaturate(a.As<byte, T>(), b.As<byte, T>()).AsByte();
}

/// <summary>All ones where equal.</summary>
internal readonly struct EqualLanes<T> : IVectorOp
    where T : unmanaged
{
    public static V Apply(V a, V b) => Vector128.Equals(a.As<byte, T>(), b.As<byte, T>()).AsByte();
}

/// <summary>All ones where the destination is greater.</summary>
internal readonly struct GreaterLanes<T> : IVectorOp
    where T : unmanaged
{
    public static V Apply(V a, V b) => Vector128.GreaterThan(a.As<byte, T>(), b.As<byte, T>()).AsByte();
}

/// <summary>The lesser.</summary>
internal readonly struct MinLanes<T> : IVectorOp
    where T : unmanaged
{
    public static V Apply(V a, V b) => Vector128.Min(a.As<byte, T>(), b.As<byte, T>()).AsByte();
}

/// <summary>The greater.</summary>
internal readonly struct MaxLanes<T> : IVectorOp
    where T : unmanaged
{
    public static V Apply(V a, V b) => Vector128.Max(a.As<byte, T>(), b.As<byte, T>()).AsByte();
}

/// <summary>The mean, halves rounded up: (a | b) - ((a ^ b) >> 1) never overflows.</summary>
internal readonly struct AverageLanes<T> : IVectorOp
    where T : unmanaged
{
    public static V Apply(V a, V b)
    {
        Vector128<T> half = Unsafe.SizeOf<T>() == 1
            ? Vector128.ShiftRightLogical(a ^ b, 1).As<byte, T>()
            : Vector128.ShiftRightLogical((a ^ b).AsUInt16(), 1).As<ushort, T>();
        return ((a | b).As<byte, T>() - half).AsByte();
    }
}

/// <summary>Low halves of the products of words.</summary>
internal readonly struct MultiplyLow : IVectorOp
{
    public static V Apply(V a, V b) => (a.AsUInt16() * b.AsUInt16()).AsByte();
}

/// <summary>High halves of the signed products of words.</summary>
internal readonly struct MultiplyHigh : IVectorOp
{
    public static V Apply(V a, V b)
    {
        (Vector128<int> aLow, Vector128<int> aHigh) = Vector128.Widen(a.AsInt16());
        (Vector128<int> bLow, Vector128<int> bHigh) = Vector128.Widen(b.AsInt16());
        return Vector128.Narrow((aLow * bLow) >> 16, (aHigh * bHigh) >> 16).AsByte();
    }
}

/// <summary>High halves of the unsigned products of words.</summary>
internal readonly struct MultiplyHighUnsigned : IVectorOp
{
    public static V Apply(V a, V b)
    {
        (Vector128<uint> aLow, Vector128<uint> aHigh) = Vector128.Widen(a.AsUInt16());
        (Vector128<uint> bLow, Vector128<uint> bHigh) = Vector128.Widen(b.AsUInt16());
        return Vector128.Narrow((aLow * bLow) >>> 16, (aHigh * bHigh) >>> 16).AsByte();
    }
}

/// <summary>64-bit products of the even unsigned doublewords.</summary>
internal readonly struct MultiplyDoublewords : IVectorOp
{
    public static V Apply(V a, V b)
    {
        (Vector128<ulong> x, Vector128<ulong> y) = (a.AsUInt64(), b.AsUInt64());
        return Vector128.Create((ulong)(uint)x[0] * (uint)y[0], (ulong)(uint)x[1] * (uint)y[1]).AsByte();
    }
}

/// <summary>Sums of the products of adjacent signed words; only four times -32768 wraps.</summary>
internal readonly struct MultiplyAdd : IVectorOp
{
    public static V Apply(V a, V b)
    {
        (Vector128<int> x, Vector128<int> y) = (a.AsInt32(), b.AsInt32());
        Vector128<int> even = ((x << 16) >> 16) * ((y << 16) >> 16);
        return (even + ((x >> 16) * (y >> 16))).AsByte();
    }
}

/// <summary>Sum of absolute differences of bytes, of each half.</summary>
internal readonly struct SumOfDifferences : IVectorOp
{
    public static V Apply(V a, V b)
    {
        V difference = Vector128.Max(a, b) - Vector128.Min(a, b);
        (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(difference);
        return Vector128.Create((ulong)Vector128.Sum(low), Vector128.Sum(high)).AsByte();
    }
}
