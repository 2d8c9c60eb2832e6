using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Huge;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Reclaim;

/// <summary>What reclaim did with one page.</summary>
internal enum PageVerdict
{
    /// <summary>The frame is free.</summary>
    Freed,

    /// <summary>The page is in use: to the active list.</summary>
    Activate,

    /// <summary>The page stays inactive, at the young end.</summary>
    Keep,

    /// <summary>A locked mapping holds the page: to the unevictable list.</summary>
    Cull,
}

/// <summary>Decides the fate of one page from the old end of an inactive list.</summary>
/// <remarks>Source: [Linux mm/vmscan.c, shrink_page_list, page_check_references].</remarks>
internal static class ReclaimPage
{
    /// <summary>Tries to free <paramref name="frame"/>, which is off the lists; the caller holds a reference, and drops it.</summary>
    public static PageVerdict Try(MemorySystem mem, PageFrame frame, ReclaimReason reason)
    {
        if (!frame.TryLock())
        {
            return Left(mem, frame, KernelEvent.KeptBusy, PageVerdict.Keep);
        }

        mem.Counters.Add(MmCounter.PgScan);
        mem.Cost?.Charge(KernelPath.ReclaimPage, 1);
        PageVerdict verdict = TryLocked(mem, frame, reason);
        frame.Unlock();
        return verdict;
    }

    private static PageVerdict TryLocked(MemorySystem mem, PageFrame frame, ReclaimReason reason)
    {
        if (frame.Mapping.IsLazyFree)
        {
            return OfLazyFree(mem, frame, LazyFreeDiscard.Try(mem, frame));
        }

        if (mem.Volatile is { } vrange && vrange.TryPurge(frame, reason))
        {
            return Finish(mem, frame);
        }

        PageVerdict? used = CheckReferences(mem, frame);
        if (used is not null)
        {
            return used.Value;
        }

        return frame.Mapping.IsFile ? EvictFilePage(mem, frame) : EvictAnonPage(mem, frame);
    }

    private static PageVerdict OfLazyFree(MemorySystem mem, PageFrame frame, LazyFreeVerdict verdict) => verdict switch
    {
        LazyFreeVerdict.Discarded when frame.Has(PageFlags.SwapCache) => PageVerdict.Keep,
        LazyFreeVerdict.Discarded => Finish(mem, frame),
        LazyFreeVerdict.Rescued => PageVerdict.Activate,
        LazyFreeVerdict.Delayed => PageVerdict.Keep,
        LazyFreeVerdict.Kept => PageVerdict.Keep,
    };

    /// <summary>Looks at and clears the A bits; null when nobody used the page.</summary>
    private static PageVerdict? CheckReferences(MemorySystem mem, PageFrame frame)
    {
        ReferenceCount seen = References.TestAndClear(mem, frame);
        if (seen.Locked)
        {
            return Left(mem, frame, KernelEvent.KeptMlocked, PageVerdict.Cull);
        }

        bool before = frame.Has(PageFlags.Referenced);
        frame.Clear(PageFlags.Referenced);
        if (seen.Entries == 0)
        {
            return null;
        }

        KeptPage.Tell(mem, KernelEvent.KeptUsed, frame, seen.Entries);
        if (frame.Has(PageFlags.SwapBacked))
        {
            return PageVerdict.Activate;
        }

        frame.Set(PageFlags.Referenced);
        return before || seen.Entries > 1 || seen.Executable ? PageVerdict.Activate : PageVerdict.Keep;
    }

    private static PageVerdict EvictAnonPage(MemorySystem mem, PageFrame frame)
    {
        if (!frame.Mapping.LeadsToAnonVma)
        {
            return Left(mem, frame, KernelEvent.KeptHomeless, PageVerdict.Activate);
        }

        if (frame.Has(PageFlags.Head))
        {
            if (mem.Swap.FreeSlots == 0)
            {
                return Left(mem, frame, KernelEvent.KeptNoSwap, PageVerdict.Activate);
            }

            HugeSplit.Page(mem, frame);
        }

        if (!SwapOut.TryGiveSlot(mem, frame))
        {
            return Left(mem, frame, KernelEvent.KeptNoSwap, PageVerdict.Activate);
        }

        if (!SwapOut.TryUnmap(mem, frame))
        {
            return StillMapped(mem, frame);
        }

        if (IsPinned(frame))
        {
            return Left(mem, frame, KernelEvent.KeptPinned, PageVerdict.Keep);
        }

        if (frame.Has(PageFlags.Dirty))
        {
            SwapOut.Write(mem, frame);
        }

        return Finish(mem, frame);
    }

    private static PageVerdict EvictFilePage(MemorySystem mem, PageFrame frame)
    {
        if (mem.Rmap.FileOf(frame) is not { Owner: { } owner })
        {
            return Left(mem, frame, KernelEvent.KeptHomeless, PageVerdict.Keep);
        }

        if (!SwapOut.TryUnmap(mem, frame))
        {
            return StillMapped(mem, frame);
        }

        // A file of memory would lose what somebody else still holds.
        if (frame.Has(PageFlags.SwapBacked) && IsPinned(frame))
        {
            return Left(mem, frame, KernelEvent.KeptPinned, PageVerdict.Keep);
        }

        return owner.TryEvict(frame) ? Finish(mem, frame) : Left(mem, frame, KernelEvent.KeptNoSwap, PageVerdict.Activate);
    }

    /// <summary>An entry holds the page still: for a lock for good, for the counter of a copy at work until that is over.</summary>
    private static PageVerdict StillMapped(MemorySystem mem, PageFrame frame) => References.IsLocked(mem, frame)
        ? Left(mem, frame, KernelEvent.KeptMlocked, PageVerdict.Cull)
        : Left(mem, frame, KernelEvent.KeptPinned, PageVerdict.Keep);

    /// <summary>The verdict on a page that stays, once the reason is told.</summary>
    private static PageVerdict Left(MemorySystem mem, PageFrame frame, TraceEventKind why, PageVerdict verdict)
    {
        KeptPage.Tell(mem, why, frame);
        return verdict;
    }

    /// <summary>True when somebody besides the cache that holds it and reclaim refers to the unmapped page.</summary>
    private static bool IsPinned(PageFrame frame) => frame.RefCount != 2;

    /// <summary>Takes the unmapped page out of the swap cache; the caller's reference is then the last, unless it is pinned.</summary>
    private static PageVerdict Finish(MemorySystem mem, PageFrame frame)
    {
        if (frame.Has(PageFlags.SwapCache))
        {
            if (IsPinned(frame))
            {
                return Left(mem, frame, KernelEvent.KeptPinned, PageVerdict.Keep);
            }

            mem.Swap.Uncache(frame);
            mem.Source.Release(frame);
        }

        return frame.RefCount == 1 ? PageVerdict.Freed : Left(mem, frame, KernelEvent.KeptPinned, PageVerdict.Keep);
    }
}
