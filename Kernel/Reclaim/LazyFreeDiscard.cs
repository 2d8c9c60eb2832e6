using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Reclaim;

/// <summary>What became of a lazy-free page that reclaim met.</summary>
internal enum LazyFreeVerdict
{
    /// <summary>No entry holds it any more; its content may go.</summary>
    Discarded,

    /// <summary>It was used since: an ordinary page again, for the active list.</summary>
    Rescued,

    /// <summary>It was read, but stays discardable; later versions only (F-073).</summary>
    Delayed,

    /// <summary>A locked mapping or a pin holds it; nothing changed.</summary>
    Kept,
}

/// <summary>Drops a lazy-free page, unless an entry says that it was used since MADV_FREE.</summary>
/// <remarks>
/// Per mapping: locked? young? clear and flush; dirty? Rows F-070 to F-082.
/// </remarks>
internal static class LazyFreeDiscard
{
    /// <summary>Tries to take the locked page <paramref name="frame"/> from all who map it; the caller holds one reference besides.</summary>
    public static LazyFreeVerdict Try(MemorySystem mem, PageFrame frame)
    {
        if (!mem.Profile.Has(ProfileSwitches.LazyFreePinned) && IsPinnedOrDirty(frame))
        {
            bool dirty = frame.Has(PageFlags.Dirty);
            KeptPage.Tell(mem, dirty ? KernelEvent.KeptDirty : KernelEvent.KeptPinned, frame);
            return Settle(mem, frame, dirty ? LazyFreeVerdict.Rescued : LazyFreeVerdict.Kept);
        }

        List<RmapSite> sites = [];
        mem.Rmap.Collect(frame, RmapWanted.Present, sites);
        foreach (RmapSite site in sites)
        {
            LazyFreeVerdict verdict = TryTake(mem, frame, site);
            if (verdict != LazyFreeVerdict.Discarded)
            {
                return Settle(mem, frame, verdict);
            }
        }

        mem.Counters.Add(MmCounter.PgLazyFreed, (ulong)frame.PageCount);
        mem.Report.For(KernelEvent.LazyFreed)?.Take(new TraceEvent(KernelEvent.LazyFreed)
        {
            Frame = frame.Pfn,
            Space = sites.Count == 0 ? 0 : sites[0].Space.Tag.Id,
            Address = sites.Count == 0 ? default : sites[0].Address,
        });
        return Settle(mem, frame, LazyFreeVerdict.Discarded);
    }

    private static LazyFreeVerdict TryTake(MemorySystem mem, PageFrame frame, in RmapSite site)
    {
        if (site.Vma.Has(VmFlags.Locked))
        {
            KeptPage.TellOf(mem, KernelEvent.KeptMlocked, frame, site, KeptPage.IsLazy);
            return LazyFreeVerdict.Kept;
        }

        if (RmapUnmap.TestAndClearYoung(mem, site))
        {
            bool rescued = mem.Profile.MadvFree == MadvFreeVersion.Rfc2014;
            KeptPage.TellOf(mem, KernelEvent.KeptUsed, frame, site, rescued ? KeptPage.WasLazy : KeptPage.IsLazy);
            return rescued ? LazyFreeVerdict.Rescued : LazyFreeVerdict.Delayed;
        }

        Pte old = RmapUnmap.ClearAndFlush(mem, site);
        if (old.Has(PteBits.D))
        {
            RmapUnmap.Put(mem, site, old);
            frame.Set(PageFlags.Dirty);
            KeptPage.TellOf(mem, KernelEvent.KeptDirty, frame, site with { Entry = old }, KeptPage.WasLazy);
            return LazyFreeVerdict.Rescued;
        }

        RmapUnmap.Forget(mem, site, frame);
        return LazyFreeVerdict.Discarded;
    }

    /// <summary>References beyond the entries', the swap cache's and the caller's (F-077, F-078).</summary>
    private static bool IsPinnedOrDirty(PageFrame frame)
    {
        int known = frame.MapCount + (frame.Has(PageFlags.SwapCache) ? 1 : 0) + 1;
        return frame.RefCount != known || frame.Has(PageFlags.Dirty);
    }

    private static LazyFreeVerdict Settle(MemorySystem mem, PageFrame frame, LazyFreeVerdict verdict)
    {
        if (verdict is LazyFreeVerdict.Discarded or LazyFreeVerdict.Rescued)
        {
            LazyFree.Unmark(mem, frame);
        }

        return verdict;
    }
}
