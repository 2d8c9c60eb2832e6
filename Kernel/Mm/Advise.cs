using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary><c>madvise(2)</c>: tells the kernel how a range will be used.</summary>
/// <remarks>Source: [Linux mm/madvise.c, do_madvise].</remarks>
internal static class Advise
{
    /// <summary>The advice that is understood, in number order; anything else answers EINVAL.</summary>
    public static readonly IReadOnlyList<AdviceRow> Rows =
    [
        new(Advice.Normal, AdviseFlags.Normal, "clears RANDOM and SEQUENTIAL"),
        new(Advice.Random, AdviseFlags.Random, "noted; no read-ahead depends on it"),
        new(Advice.Sequential, AdviseFlags.Sequential, "noted; no read-ahead depends on it"),
        new(Advice.WillNeed, AdvisePages.WillNeed, "brings swapped pages in"),
        new(Advice.DontNeed, AdvisePages.DontNeed, "drops the pages now"),
        new(Advice.Free, AdviseFree.Mark, "MADV_FREE of Linux"),
        new(Advice.Remove, AdvisePages.Remove, "punches a hole into the file"),
        new(Advice.DontFork, AdviseFlags.DontFork, ""),
        new(Advice.DoFork, AdviseFlags.DoFork, ""),
        new(Advice.Mergeable, AdviseFlags.Mergeable, "noted; nothing merges pages"),
        new(Advice.Unmergeable, AdviseFlags.Unmergeable, ""),
        new(Advice.HugePage, AdviseFlags.HugePage, "faults make pages of 2 MiB where the mode is madvise"),
        new(Advice.NoHugePage, AdviseFlags.NoHugePage, ""),
        new(Advice.DontDump, AdviseFlags.DontDump, ""),
        new(Advice.DoDump, AdviseFlags.DoDump, ""),
        new(Advice.WipeOnFork, AdviseFlags.WipeOnFork, ""),
        new(Advice.KeepOnFork, AdviseFlags.KeepOnFork, ""),
        new(Advice.Cold, AdvisePages.Cold, ""),
        new(Advice.PageOut, AdvisePages.PageOut, ""),
        new(Advice.PopulateRead, AdvisePages.PopulateRead, "") { EndsAtHole = true },
        new(Advice.PopulateWrite, AdvisePages.PopulateWrite, "") { EndsAtHole = true },
        new(Advice.DontNeedLocked, AdvisePages.DontNeedLocked, ""),
        new(Advice.Collapse, Collapse.Advice, "makes pages of 2 MiB of small ones now"),
        new(Advice.FreeRfc2014, AdviseFree.Mark, "MADV_FREE of the 2014 proposal"),
        new(Advice.UserFault, AdviseFlags.UserFault, "MADV_USERFAULT"),
        new(Advice.NoUserFault, AdviseFlags.NoUserFault, "MADV_NOUSERFAULT"),
    ];

    /// <summary>Acts on <paramref name="request"/>, mapping by mapping to its end, past holes unless the advice is to fill pages.</summary>
    /// <returns>
    /// None; EINVAL for unknown advice, an unaligned start, a range that wraps, or a mapping that the advice does not suit
    /// (the walk ends there); ENOMEM when part of the range is not mapped; EAGAIN when a split needs one mapping too many.
    /// </returns>
    public static Refusal Range(MemorySystem mem, AddressSpace space, in AdviseRequest request)
    {
        if (!IsKnown(mem.Profile, request.Advice) || RowOf(request.Advice) is not { } row)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.AdviceUnknown);
        }

        if (request.Start.PageOffset != 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.StartUnaligned);
        }

        ulong length = VirtRange.PageAlign(request.LengthBytes);
        VirtRange range = VirtRange.Of(request.Start, length);
        if ((request.LengthBytes != 0 && length == 0) || range.End.Raw < range.Start.Raw)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.RangeWraps);
        }

        return range.IsEmpty ? Refusal.None : Walk(mem, space, range, row);
    }

    private static Refusal Walk(MemorySystem mem, AddressSpace space, VirtRange range, AdviceRow row)
    {
        bool hole = false;
        VirtAddr at = range.Start;
        while (at.Raw < range.End.Raw && space.Vmas.FindAtOrAbove(at) is { } vma && vma.Start.Raw < range.End.Raw)
        {
            VirtRange part = range.Intersect(vma.Range);
            hole |= part.Start.Raw > at.Raw;
            if (hole && row.EndsAtHole)
            {
                break;
            }

            Refusal refusal = row.Handler(new AdviceSite(mem, vma, part));
            if (refusal != Refusal.None)
            {
                return refusal;
            }

            at = part.End;
        }

        return hole || at.Raw < range.End.Raw ? new Refusal(Errno.ENOMEM, ErrnoCause.NotMapped) : Refusal.None;
    }

    /// <summary>False for numbers that the profile gives another meaning, or none (F-002).</summary>
    private static bool IsKnown(KernelProfile profile, Advice advice) => advice switch
    {
        Advice.FreeRfc2014 => profile.MadvFree == MadvFreeVersion.Rfc2014,
        Advice.Free => profile.MadvFree != MadvFreeVersion.Rfc2014 || !profile.Has(ProfileSwitches.StrictAdvice),
        _ => true,
    };

    private static AdviceRow? RowOf(Advice advice)
    {
        foreach (AdviceRow row in Rows)
        {
            if (row.Advice == advice)
            {
                return row;
            }
        }

        return null;
    }
}

/// <summary>What <c>madvise(2)</c> is asked for.</summary>
/// <param name="Start">The first byte; page-aligned.</param>
/// <param name="LengthBytes">Bytes; rounded up to pages.</param>
/// <param name="Advice">The advice.</param>
internal readonly record struct AdviseRequest(VirtAddr Start, ulong LengthBytes, Advice Advice);
