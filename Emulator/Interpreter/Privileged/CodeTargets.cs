using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Interpreter.Privileged;

/// <summary>The checks of a code segment and of the stack segment that comes with it.</summary>
/// <remarks>
/// Each answers false after it has put the exception into the exit and taken the op back. Only 64-bit code exists on this
/// core: a transfer to a 16-bit or 32-bit segment that the architecture would allow is reported as unsupported.
/// Source: [SDM2 "JMP", "CALL", "RET", "IRET/IRETD/IRETQ"].
/// </remarks>
internal static unsafe class CodeTargets
{
    /// <summary>Reads the descriptor of a selector that may not be null.</summary>
    public static bool TryRead(Vcpu vcpu, Op* op, ushort selector, out Descriptor descriptor)
    {
        descriptor = default;
        if ((selector & ~3) == 0)
        {
            vcpu.Raise(op, ExceptionVector.GP);
            return false;
        }

        if (Descriptors.TryRead(vcpu, selector, out descriptor, out bool refused))
        {
            return true;
        }

        _ = refused ? vcpu.Raise(op, ExceptionVector.GP, ErrorOf(selector)) : SystemFaults.Raise(vcpu, op);
        return false;
    }

    /// <summary>May JMP or CALL go there, without a change of privilege?</summary>
    public static bool MayBranch(Vcpu vcpu, Op* op, ushort selector, in Descriptor segment)
    {
        int cpl = vcpu.Control.Cpl;
        bool fits = segment.IsConforming ? segment.Dpl <= cpl : (selector & 3) <= cpl && segment.Dpl == cpl;
        return Refuse(vcpu, op, ExceptionVector.GP, ErrorOf(selector), !segment.IsCode || !fits || segment.IsLongAndBig)
            && IsPresentLong(vcpu, op, selector, segment);
    }

    /// <summary>May RET or IRET go there, to the same or an outer level?</summary>
    public static bool MayReturn(Vcpu vcpu, Op* op, ushort selector, in Descriptor segment)
    {
        int level = selector & 3;
        bool fits = segment.IsConforming ? segment.Dpl <= level : segment.Dpl == level;
        bool wrong = !segment.IsCode || level < vcpu.Control.Cpl || !fits || segment.IsLongAndBig;
        return Refuse(vcpu, op, ExceptionVector.GP, ErrorOf(selector), wrong) && IsPresentLong(vcpu, op, selector, segment);
    }

    /// <summary>May SS be loaded on a return to <paramref name="level"/>?</summary>
    public static bool MayReturnStack(Vcpu vcpu, Op* op, ushort selector, int level)
    {
        if ((selector & ~3) == 0)
        {
            return Refuse(vcpu, op, ExceptionVector.GP, 0, level == 3 || (selector & 3) != level);
        }

        if (!TryRead(vcpu, op, selector, out Descriptor segment))
        {
            return false;
        }

        bool wrong = (selector & 3) != level || segment.Dpl != level || !segment.IsWritableData;
        return Refuse(vcpu, op, ExceptionVector.GP, ErrorOf(selector), wrong)
            && Refuse(vcpu, op, ExceptionVector.SS, ErrorOf(selector), !segment.Present);
    }

    /// <summary>Is the address one that RIP can hold?</summary>
    public static bool IsCanonical(Vcpu vcpu, Op* op, ulong rip) =>
        Refuse(vcpu, op, ExceptionVector.GP, 0, !new VirtAddr(rip).IsCanonical(vcpu.Mmu.Mode.AddressBits));

    /// <summary>True to go on; false after raising the exception because <paramref name="when"/> holds.</summary>
    public static bool Refuse(Vcpu vcpu, Op* op, ExceptionVector vector, uint error, bool when)
    {
        if (when)
        {
            vcpu.Raise(op, vector, error);
        }

        return !when;
    }

    /// <summary>Clears the data-segment registers that an outer level must not keep: their segments belong to a level further in.</summary>
    public static void DropInnerSegments(Vcpu vcpu, int level)
    {
        ReadOnlySpan<SegmentNumber> kept = [SegmentNumber.Es, SegmentNumber.Ds, SegmentNumber.Fs, SegmentNumber.Gs];
        foreach (SegmentNumber number in kept)
        {
            ushort selector = vcpu.Control.SelectorOf((int)number);
            if ((selector & ~3) != 0
                && Descriptors.TryRead(vcpu, selector, out Descriptor segment, out _)
                && segment.Dpl < level
                && !(segment.IsCode && segment.IsConforming))
            {
                vcpu.Control.SetSelector((int)number, 0);
            }
        }
    }

    /// <summary>The selector as an error code shows it.</summary>
    public static uint ErrorOf(ushort selector) => selector & ~3U;

    private static bool IsPresentLong(Vcpu vcpu, Op* op, ushort selector, in Descriptor segment)
    {
        if (!Refuse(vcpu, op, ExceptionVector.NP, ErrorOf(selector), !segment.Present))
        {
            return false;
        }

        if (!segment.IsLong)
        {
            Invalid.Unsupported(vcpu, vcpu.State, op);
        }

        return segment.IsLong;
    }
}
