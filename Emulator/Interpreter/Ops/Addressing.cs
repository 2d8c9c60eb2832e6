using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;

namespace MmuEmu.Emulator.Interpreter.Ops;

/// <summary>How an effective address is computed, as a type argument: the common short forms cost less.</summary>
internal unsafe interface IAddressing
{
    /// <summary>The effective address with its segment base.</summary>
    static abstract ulong Of(CpuState* s, Op* op);
}

/// <summary>Base and displacement.</summary>
internal readonly unsafe struct BasePlus : IAddressing
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(CpuState* s, Op* op) => *(ulong*)((byte*)s + op->Base) + op->Displacement;

    /// <summary>True when <paramref name="op"/> has neither index nor segment base.</summary>
    public static bool Fits(Op* op) => op->Index == CpuState.ZeroSlot * 8 && op->Segment == CpuState.ZeroSlot * 8;
}

/// <summary>Base, scaled index, segment base and displacement.</summary>
internal readonly unsafe struct AnyAddress : IAddressing
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(CpuState* s, Op* op) => Operands.Address(s, op);
}
