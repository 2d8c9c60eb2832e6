using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>The low quadword twice.</summary>
internal readonly struct DuplicateLow : IVectorOp
{
    public static V Apply(V a, V b) => Vector128.Create(b.GetLower(), b.GetLower());
}

/// <summary>Each even doubleword twice.</summary>
internal readonly struct DuplicateEven : IVectorOp
{
    public static V Apply(V a, V b)
    {
        Vector128<ulong> even = b.AsUInt64() & Vector128.Create(0xFFFF_FFFFUL);
        return (even | (even << 32)).AsByte();
    }
}

/// <summary>Each odd doubleword twice.</summary>
internal readonly struct DuplicateOdd : IVectorOp
{
    public static V Apply(V a, V b)
    {
        Vector128<ulong> odd = b.AsUInt64() >>> 32;
        return (odd | (odd << 32)).AsByte();
    }
}
