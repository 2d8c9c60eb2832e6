using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Cpu;

namespace MmuEmu.Emulator.Interpreter.Ops;

/// <summary>Notes what the flags follow from.</summary>
internal static unsafe class Lazy
{
    /// <summary>Operands and result of an addition or subtraction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Note<TWidth>(CpuState* s, FlagKind kind, ulong a, ulong b, ulong result)
        where TWidth : struct, IWidth
    {
        s->FlagA = a << TWidth.Shift;
        s->FlagB = b << TWidth.Shift;
        s->FlagResult = result << TWidth.Shift;
        s->FlagKind = kind;
        s->FlagShift = TWidth.Shift;
    }

    /// <summary>Result of a logical operation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void NoteLogic<TWidth>(CpuState* s, ulong result)
        where TWidth : struct, IWidth
    {
        s->FlagResult = result << TWidth.Shift;
        s->FlagKind = FlagKind.Logic;
        s->FlagShift = TWidth.Shift;
    }

    /// <summary>Result of an operation that computed CF and OF itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void NoteStash<TWidth>(CpuState* s, ulong result, ulong carryAndOverflow)
        where TWidth : struct, IWidth
    {
        s->FlagResult = result << TWidth.Shift;
        s->FlagStash = carryAndOverflow;
        s->FlagKind = FlagKind.Stash;
        s->FlagShift = TWidth.Shift;
    }

    /// <summary>CF and OF of a rotate; the other flags stay what they were.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void NoteRotate(CpuState* s, ulong carryAndOverflow)
    {
        if (s->FlagKind == FlagKind.Eager)
        {
            s->Rflags = (s->Rflags & ~(Rflags.CF | Rflags.OF)) | carryAndOverflow;
            return;
        }

        s->FlagStash = carryAndOverflow | (Rflags.Adjust(s) ? Rflags.AF : 0);
        s->FlagKind = FlagKind.Stash;
    }

    /// <summary>CF alone, as <see cref="Rflags.CF"/> or 0; the other flags stay what they were.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void NoteCarry(CpuState* s, ulong carry)
    {
        if (s->FlagKind == FlagKind.Eager)
        {
            s->Rflags = (s->Rflags & ~Rflags.CF) | carry;
            return;
        }

        s->FlagStash = carry | (Rflags.Overflow(s) ? Rflags.OF : 0) | (Rflags.Adjust(s) ? Rflags.AF : 0);
        s->FlagKind = FlagKind.Stash;
    }
}
