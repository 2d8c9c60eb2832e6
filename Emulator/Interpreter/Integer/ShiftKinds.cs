using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>What a shift or rotate computes; its count is masked already and not zero.</summary>
/// <remarks>Source: [SDM2 "SAL/SAR/SHL/SHR", "RCL/RCR/ROL/ROR"].</remarks>
internal unsafe interface IShift
{
    /// <summary>The result; only its low bits count. Flags are noted.</summary>
    static abstract ulong Apply<TWidth>(CpuState* s, ulong a, int count)
        where TWidth : struct, IWidth;
}

/// <summary>What a processor leaves in the flags that the architecture leaves undefined: OF where the count is not one, AF after shifts.</summary>
internal interface IShiftHabit
{
    /// <summary>Whose OF it is.</summary>
    static abstract OverflowOf Overflow { get; }

    /// <summary>AF after a shift, as <see cref="Rflags.AF"/> or 0.</summary>
    static abstract ulong Adjust { get; }
}

/// <summary>Whose OF is left: a shift by n is n steps of one bit.</summary>
internal enum OverflowOf : byte
{
    /// <summary>The last step's.</summary>
    LastStep,

    /// <summary>The first step's.</summary>
    FirstStep,

    /// <summary>That of before.</summary>
    Before,
}

/// <summary>Without <c>ShiftFlagsOfFirstStep</c>.</summary>
internal readonly struct LastStep : IShiftHabit
{
    public static OverflowOf Overflow => OverflowOf.LastStep;

    public static ulong Adjust => Rflags.AF;
}

/// <summary>With <c>ShiftFlagsOfFirstStep</c>.</summary>
internal readonly struct FirstStep : IShiftHabit
{
    public static OverflowOf Overflow => OverflowOf.FirstStep;

    public static ulong Adjust => 0;
}

/// <summary>ROL and ROR with <c>RotateByImmediateKeepsOverflow</c>.</summary>
internal readonly struct NoStep : IShiftHabit
{
    public static OverflowOf Overflow => OverflowOf.Before;

    public static ulong Adjust => 0;
}

/// <summary>SHL.</summary>
internal readonly unsafe struct ShiftLeft<THabit> : IShift
    where THabit : struct, IShiftHabit
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply<TWidth>(CpuState* s, ulong a, int count)
        where TWidth : struct, IWidth
    {
        ulong result = a << count;
        ulong carry = TWidth.Bytes == 8 ? (a >> (64 - count)) & 1 : (result >> (8 * TWidth.Bytes)) & 1;
        ulong sign = (result >> ((8 * TWidth.Bytes) - 1)) & 1;
        ulong overflow = THabit.Overflow == OverflowOf.FirstStep ? TopTwo.Differ<TWidth>(a) : sign ^ carry;
        Lazy.NoteStash<TWidth>(s, result, carry | (overflow << 11) | THabit.Adjust);
        return result;
    }
}

/// <summary>SHR.</summary>
internal readonly unsafe struct ShiftRight<THabit> : IShift
    where THabit : struct, IShiftHabit
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply<TWidth>(CpuState* s, ulong a, int count)
        where TWidth : struct, IWidth
    {
        ulong before = a >> (count - 1);
        ulong sign = (THabit.Overflow == OverflowOf.FirstStep ? a : before) >> ((8 * TWidth.Bytes) - 1);
        Lazy.NoteStash<TWidth>(s, a >> count, (before & 1) | (sign << 11) | THabit.Adjust);
        return a >> count;
    }
}

/// <summary>SAR.</summary>
internal readonly unsafe struct ShiftArithmetic<THabit> : IShift
    where THabit : struct, IShiftHabit
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply<TWidth>(CpuState* s, ulong a, int count)
        where TWidth : struct, IWidth
    {
        long value = (long)(a << TWidth.Shift) >> TWidth.Shift;
        Lazy.NoteStash<TWidth>(s, (ulong)(value >> count), ((ulong)(value >> (count - 1)) & 1) | THabit.Adjust);
        return (ulong)(value >> count);
    }
}

/// <summary>ROL: changes CF and OF only.</summary>
internal readonly unsafe struct RotateLeft<THabit> : IShift
    where THabit : struct, IShiftHabit
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply<TWidth>(CpuState* s, ulong a, int count)
        where TWidth : struct, IWidth
    {
        int bits = 8 * TWidth.Bytes;
        int by = count & (bits - 1);
        ulong result = by == 0 ? a : (a << by) | (a >> (bits - by));
        ulong carry = result & 1;
        ulong sign = (result >> (bits - 1)) & 1;
        Rotated.Note<THabit>(s, carry, THabit.Overflow == OverflowOf.FirstStep ? TopTwo.Differ<TWidth>(a) : sign ^ carry);
        return result;
    }
}

/// <summary>ROR: changes CF and OF only.</summary>
internal readonly unsafe struct RotateRight<THabit> : IShift
    where THabit : struct, IShiftHabit
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply<TWidth>(CpuState* s, ulong a, int count)
        where TWidth : struct, IWidth
    {
        int bits = 8 * TWidth.Bytes;
        int by = count & (bits - 1);
        ulong result = by == 0 ? a : (a >> by) | (a << (bits - by));
        ulong carry = (result >> (bits - 1)) & 1;
        Rotated.Note<THabit>(s, carry, THabit.Overflow == OverflowOf.FirstStep ? ((a >> (bits - 1)) ^ a) & 1 : TopTwo.Differ<TWidth>(result));
        return result;
    }
}

/// <summary>RCL: a rotate of one bit more than the operand has, CF being the top one; all the way round changes nothing.</summary>
internal readonly unsafe struct RotateCarryLeft<THabit> : IShift
    where THabit : struct, IShiftHabit
{
    public static ulong Apply<TWidth>(CpuState* s, ulong a, int count)
        where TWidth : struct, IWidth
    {
        int bits = 8 * TWidth.Bytes;
        int by = count % (bits + 1);
        ulong carry = Rflags.Carry(s) ? 1UL : 0;
        if (by == 0)
        {
            Rotated.NoteFullTurn<THabit>(s, carry, (carry ^ (a >> (bits - 1))) & 1);
            return a;
        }

        ulong result = (a << by) | (carry << (by - 1)) | (by == 1 ? 0 : a >> (bits + 1 - by));
        carry = (a >> (bits - by)) & 1;
        ulong sign = (result >> (bits - 1)) & 1;
        Rotated.Note<THabit>(s, carry, THabit.Overflow == OverflowOf.FirstStep ? TopTwo.Differ<TWidth>(a) : sign ^ carry);
        return result;
    }
}

/// <summary>RCR.</summary>
internal readonly unsafe struct RotateCarryRight<THabit> : IShift
    where THabit : struct, IShiftHabit
{
    public static ulong Apply<TWidth>(CpuState* s, ulong a, int count)
        where TWidth : struct, IWidth
    {
        int bits = 8 * TWidth.Bytes;
        int by = count % (bits + 1);
        ulong carry = Rflags.Carry(s) ? 1UL : 0;
        if (by == 0)
        {
            Rotated.NoteFullTurn<THabit>(s, carry, TopTwo.Differ<TWidth>(a));
            return a;
        }

        ulong result = (a >> by) | (carry << (bits - by)) | (by == 1 ? 0 : a << (bits + 1 - by));
        ulong first = (a >> (bits - 1)) ^ carry;
        carry = (a >> (by - 1)) & 1;
        Rotated.Note<THabit>(s, carry, THabit.Overflow == OverflowOf.FirstStep ? first & 1 : TopTwo.Differ<TWidth>(result));
        return result;
    }
}

/// <summary>The two highest bits of an operand.</summary>
internal static class TopTwo
{
    /// <summary>1 when they differ, else 0: whether a step to the left changes the sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Differ<TWidth>(ulong value)
        where TWidth : struct, IWidth => ((value >> ((8 * TWidth.Bytes) - 1)) ^ (value >> ((8 * TWidth.Bytes) - 2))) & 1;
}

/// <summary>How a rotate ends.</summary>
internal static unsafe class Rotated
{
    /// <summary>A rotate through carry that comes all the way round has a last step, but no first one.</summary>
    public static void NoteFullTurn<THabit>(CpuState* s, ulong carry, ulong overflow)
        where THabit : struct, IShiftHabit
    {
        if (THabit.Overflow == OverflowOf.LastStep)
        {
            Lazy.NoteRotate(s, carry | (overflow << 11));
        }
    }

    /// <summary>Notes CF, and OF as the habit has it; both 0 or 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Note<THabit>(CpuState* s, ulong carry, ulong overflow)
        where THabit : struct, IShiftHabit
    {
        if (THabit.Overflow == OverflowOf.Before)
        {
            Lazy.NoteCarry(s, carry);
        }
        else
        {
            Lazy.NoteRotate(s, carry | (overflow << 11));
        }
    }
}
