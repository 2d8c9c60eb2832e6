using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>What a vector instruction with a third vector computes; in the legacy forms that is XMM0.</summary>
internal interface ISelectOp
{
    /// <summary>The new destination from the old destination, the source and the third vector.</summary>
    static abstract V Apply(V a, V b, V third);
}

/// <summary>Source lanes where the third vector's lanes are negative.</summary>
internal readonly struct BlendBySigns<T> : ISelectOp
    where T : unmanaged
{
    public static V Apply(V a, V b, V third) =>
        Vector128.ConditionalSelect(Vector128.LessThan(third.As<byte, T>(), Vector128<T>.Zero).AsByte(), b, a);
}
