using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Iced.Intel;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.Simd;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Vex;

/// <summary>Shifts of each element by the count in the same element of the source.</summary>
/// <remarks>
/// A count at or above the element's width gives zero, or copies of the sign. Each operation has a portable way, which a host with AVX2
/// does not take. Source: [SDM2 "VPSLLVW/VPSLLVD/VPSLLVQ", "VPSRLVW/VPSRLVD/VPSRLVQ", "VPSRAVW/VPSRAVD/VPSRAVQ"].
/// </remarks>
internal static class VariableShifts
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Vpsllvd, SsePacked.Emit<LeftByDoublewords>),
        new(Mnemonic.Vpsllvq, SsePacked.Emit<LeftByQuadwords>),
        new(Mnemonic.Vpsrlvd, SsePacked.Emit<RightByDoublewords>),
        new(Mnemonic.Vpsrlvq, SsePacked.Emit<RightByQuadwords>),
        new(Mnemonic.Vpsravd, SsePacked.Emit<SignedRightByDoublewords>),
    ];
}

/// <summary>Doublewords to the left.</summary>
internal readonly struct LeftByDoublewords : IVectorOp
{
    public static V Apply(V a, V b) => Avx2.IsSupported ? Avx2.ShiftLeftLogicalVariable(a.AsUInt32(), b.AsUInt32()).AsByte() : Portable(a, b);

    /// <summary>The same without help of the host.</summary>
    public static V Portable(V a, V b)
    {
        (Vector128<uint> x, Vector128<uint> y) = (a.AsUInt32(), b.AsUInt32());
        return Vector128.Create(Of(x[0], y[0]), Of(x[1], y[1]), Of(x[2], y[2]), Of(x[3], y[3])).AsByte();
    }

    private static uint Of(uint a, uint count) => count >= 32 ? 0 : a << (int)count;
}

/// <summary>Doublewords to the right, zeros entering.</summary>
internal readonly struct RightByDoublewords : IVectorOp
{
    public static V Apply(V a, V b) => Avx2.IsSupported ? Avx2.ShiftRightLogicalVariable(a.AsUInt32(), b.AsUInt32()).AsByte() : Portable(a, b);

    /// <summary>The same without help of the host.</summary>
    public static V Portable(V a, V b)
    {
        (Vector128<uint> x, Vector128<uint> y) = (a.AsUInt32(), b.AsUInt32());
        return Vector128.Create(Of(x[0], y[0]), Of(x[1], y[1]), Of(x[2], y[2]), Of(x[3], y[3])).AsByte();
    }

    private static uint Of(uint a, uint count) => count >= 32 ? 0 : a >> (int)count;
}

/// <summary>Doublewords to the right, copies of the sign entering.</summary>
internal readonly struct SignedRightByDoublewords : IVectorOp
{
    public static V Apply(V a, V b) => Avx2.IsSupported ? Avx2.ShiftRightArithmeticVariable(a.AsInt32(), b.AsUInt32()).AsByte() : Portable(a, b);

    /// <summary>The same without help of the host.</summary>
    public static V Portable(V a, V b)
    {
        (Vector128<int> x, Vector128<uint> y) = (a.AsInt32(), b.AsUInt32());
        return Vector128.Create(Of(x[0], y[0]), Of(x[1], y[1]), Of(x[2], y[2]), Of(x[3], y[3])).AsByte();
    }

    private static int Of(int a, uint count) => a >> (int)Math.Min(count, 31);
}

/// <summary>Quadwords to the left.</summary>
internal readonly struct LeftByQuadwords : IVectorOp
{
    public static V Apply(V a, V b) => Avx2.IsSupported ? Avx2.ShiftLeftLogicalVariable(a.AsUInt64(), b.AsUInt64()).AsByte() : Portable(a, b);

    /// <summary>The same without help of the host.</summary>
    public static V Portable(V a, V b)
    {
        (Vector128<ulong> x, Vector128<ulong> y) = (a.AsUInt64(), b.AsUInt64());
        return Vector128.Create(Of(x[0], y[0]), Of(x[1], y[1])).AsByte();
    }

    private static ulong Of(ulong a, ulong count) => count >= 64 ? 0 : a << (int)count;
}

/// <summary>Quadwords to the right, zeros entering.</summary>
internal readonly struct RightByQuadwords : IVectorOp
{
    public static V Apply(V a, V b) => Avx2.IsSupported ? Avx2.ShiftRightLogicalVariable(a.AsUInt64(), b.AsUInt64()).AsByte() : Portable(a, b);

    /// <summary>The same without help of the host.</summary>
    public static V Portable(V a, V b)
    {
        (Vector128<ulong> x, Vector128<ulong> y) = (a.AsUInt64(), b.AsUInt64());
        return Vector128.Create(Of(x[0], y[0]), Of(x[1], y[1])).AsByte();
    }

    private static ulong Of(ulong a, ulong count) => count >= 64 ? 0 : a >> (int)count;
}
