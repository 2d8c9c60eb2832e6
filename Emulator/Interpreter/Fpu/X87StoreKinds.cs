using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Interpreter.SoftFloat;

namespace MmuEmu.Emulator.Interpreter.Fpu;

/// <summary>What a store does with memory when an unmasked exception forbids to write.</summary>
internal interface IBlockedStore
{
    /// <summary>True when memory is not asked for: no fault of it comes before the exception.</summary>
    static abstract bool IsNoAccess { get; }
}

/// <summary>With <c>BlockedFpuStoreIsNoAccess</c>.</summary>
internal readonly struct LeavesMemory : IBlockedStore
{
    public static bool IsNoAccess => true;
}

/// <summary>Without it.</summary>
internal readonly struct AsksMemory : IBlockedStore
{
    public static bool IsNoAccess => false;
}

/// <summary>How FIST and kin round.</summary>
internal unsafe interface IIntegerRounding
{
    /// <summary>The rules of one conversion.</summary>
    static abstract FpContext Context(CpuState* s);
}

/// <summary>As rounding control says.</summary>
internal readonly unsafe struct AsControlled : IIntegerRounding
{
    public static FpContext Context(CpuState* s) => X87.Context(s);
}

/// <summary>Toward zero, as FISTTP does.</summary>
internal readonly unsafe struct Truncated : IIntegerRounding
{
    public static FpContext Context(CpuState* s) => X87.Context(s) with { Rounding = FpRounding.Zero };
}

/// <summary>The ten bytes that FSTP of an extended real or FBSTP makes of ST(0).</summary>
internal unsafe interface IX87Ten
{
    /// <summary>The bytes; the indefinite value when the register is empty or the value does not fit.</summary>
    static abstract (ulong Low, ushort High) Of(CpuState* s, ref FpContext c);
}

/// <summary>All ten as they are.</summary>
internal readonly unsafe struct X87Extended : IX87Ten
{
    public static (ulong Low, ushort High) Of(CpuState* s, ref FpContext c)
    {
        byte* from = X87.At(s, 0);
        return X87.InUse(s, 0) ? (*(ulong*)from, *(ushort*)(from + 8)) : (0xC000_0000_0000_0000, (ushort)0xFFFF);
    }
}
