using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Cpu;

namespace MmuEmu.Emulator.Interpreter.Ops;

/// <summary>A condition as a type argument.</summary>
/// <remarks>After a comparison it follows from the operands, without making flags. Source: [SDM1 Appendix "EFLAGS Condition Codes"].</remarks>
internal unsafe interface ICondition
{
    /// <summary>True when the condition holds.</summary>
    static abstract bool Holds(CpuState* s);

    /// <summary>Whether it holds after CMP of <paramref name="a"/> with <paramref name="b"/>, both left-aligned; not asked of PF and OF.</summary>
    static virtual bool AfterCompare(ulong a, ulong b) => false;

    /// <summary>Whether it holds after TEST left <paramref name="result"/>, left-aligned; not asked of PF and OF.</summary>
    static virtual bool AfterLogic(ulong result) => false;
}

/// <summary>Overflow.</summary>
internal readonly unsafe struct IfO : ICondition
{
    public static bool Holds(CpuState* s) => Rflags.Overflow(s);
}

/// <summary>Below: CF.</summary>
internal readonly unsafe struct IfB : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(CpuState* s) => s->FlagKind == FlagKind.Sub ? s->FlagA < s->FlagB : Rflags.Carry(s);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AfterCompare(ulong a, ulong b) => a < b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AfterLogic(ulong result) => false;
}

/// <summary>Equal: ZF.</summary>
internal readonly unsafe struct IfE : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(CpuState* s) => Rflags.Zero(s);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AfterCompare(ulong a, ulong b) => a == b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AfterLogic(ulong result) => result == 0;
}

/// <summary>Below or equal: CF or ZF.</summary>
internal readonly unsafe struct IfBe : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(CpuState* s) =>
        s->FlagKind == FlagKind.Sub ? s->FlagA <= s->FlagB : Rflags.Carry(s) || Rflags.Zero(s);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AfterCompare(ulong a, ulong b) => a <= b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AfterLogic(ulong result) => result == 0;
}

/// <summary>Sign: SF.</summary>
internal readonly unsafe struct IfS : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(CpuState* s) => Rflags.Sign(s);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AfterCompare(ulong a, ulong b) => (long)(a - b) < 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AfterLogic(ulong result) => (long)result < 0;
}

/// <summary>Parity: PF.</summary>
internal readonly unsafe struct IfP : ICondition
{
    public static bool Holds(CpuState* s) => Rflags.Parity(s);
}

/// <summary>Less: SF is not OF.</summary>
internal readonly unsafe struct IfL : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(CpuState* s) =>
        s->FlagKind == FlagKind.Sub ? (long)s->FlagA < (long)s->FlagB : Rflags.Sign(s) != Rflags.Overflow(s);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AfterCompare(ulong a, ulong b) => (long)a < (long)b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AfterLogic(ulong result) => (long)result < 0;
}

/// <summary>Less or equal: ZF, or SF is not OF.</summary>
internal readonly unsafe struct IfLe : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(CpuState* s) =>
        s->FlagKind == FlagKind.Sub
            ? (long)s->FlagA <= (long)s->FlagB
            : Rflags.Zero(s) || Rflags.Sign(s) != Rflags.Overflow(s);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AfterCompare(ulong a, ulong b) => (long)a <= (long)b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AfterLogic(ulong result) => (long)result <= 0;
}

/// <summary>The opposite of a condition.</summary>
internal readonly unsafe struct Not<TCondition> : ICondition
    where TCondition : struct, ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(CpuState* s) => !TCondition.Holds(s);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AfterCompare(ulong a, ulong b) => !TCondition.AfterCompare(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AfterLogic(ulong result) => !TCondition.AfterLogic(result);
}
