using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Swap;

namespace MmuEmu.Kernel.Reclaim;

/// <summary>MADV_FREE as the page sees it: marking, after the entries were cleaned and flushed.</summary>
/// <remarks>The entries' part is in the advice verb, the discard in <see cref="LazyFreeDiscard"/>.</remarks>
internal static class LazyFree
{
    /// <summary>Marks a page whose entry in the calling address space is clean and flushed, if it is safe to drop it later.</summary>
    /// <remarks>A page that is locked by somebody, merged, shared, or known to be newer than its entries is left alone (F-064, F-068, F-113).</remarks>
    public static void Mark(MemorySystem mem, PageFrame frame)
    {
        if (frame.Mapping.IsKsm || !frame.Mapping.IsAnon || !frame.TryLock())
        {
            return;
        }

        if (MayMark(mem, frame) && !frame.Mapping.IsLazyFree)
        {
            bool slotFreed = SwapCacheRules.TryFreeSlot(mem, frame);
            if (slotFreed || !mem.Profile.Has(ProfileSwitches.LazyFreeShared))
            {
                frame.Clear(PageFlags.Dirty);
            }

            frame.SetLazyFree();
            mem.Lru.CountLazyFree(frame);
            mem.Counters.Add(MmCounter.PgLazyFree, (ulong)frame.PageCount);
            KeptPage.Tell(mem, KernelEvent.LazyMarked, frame);
            Deactivate(mem, frame);
        }

        frame.Unlock();
    }

    /// <summary>Makes a lazy-free page an ordinary one again; it is locked.</summary>
    public static void Unmark(MemorySystem mem, PageFrame frame)
    {
        if (frame.Mapping.IsLazyFree)
        {
            frame.ClearLazyFree();
            mem.Lru.UncountLazyFree(frame);
            if (!frame.Has(PageFlags.SwapBacked))
            {
                mem.Lru.Move(frame, PageFlags.SwapBacked, PageFlags.None);
            }
        }
    }

    /// <summary>The exclusivity rule: a page in swap cache, or dirty of its own, may be marked only by its single user (F-112, F-113).</summary>
    /// <remarks>References expected: this user's entry, the swap cache's, and the one that the gather holds.</remarks>
    private static bool MayMark(MemorySystem mem, PageFrame frame)
    {
        if (mem.Profile.Has(ProfileSwitches.LazyFreeShared))
        {
            return true;
        }

        bool cached = frame.Has(PageFlags.SwapCache);
        if (!cached && !frame.Has(PageFlags.Dirty))
        {
            return true;
        }

        bool slotShared = cached && mem.Swap.CountOf(SwapEntry.OfRaw(frame.Swap)) > 0;
        return frame.MapCount == 1 && frame.RefCount == 2 + (cached ? 1 : 0) && !slotShared;
    }

    /// <summary>To the old end of the inactive list, or, while it must be written first, to the young end (F-057, F-058); later to that of the files (F-123).</summary>
    private static void Deactivate(MemorySystem mem, PageFrame frame)
    {
        if (!frame.Has(PageFlags.Lru) || frame.Has(PageFlags.Unevictable))
        {
            return;
        }

        mem.Lru.Remove(frame);
        frame.Clear(PageFlags.Active | PageFlags.Referenced);
        if (GoesToTheFiles(mem, frame))
        {
            frame.Clear(PageFlags.SwapBacked);
            mem.Lru.Add(frame);
        }
        else if (frame.Has(PageFlags.Dirty) || frame.Has(PageFlags.Writeback))
        {
            frame.Set(PageFlags.Reclaim);
            mem.Lru.Add(frame);
        }
        else
        {
            mem.Lru.AddTail(frame);
            mem.Counters.Add(MmCounter.PgRotated);
        }

        mem.Counters.Add(MmCounter.PgDeactivate);
    }

    /// <summary>From Linux 4.12 on a page that swap need not write ages among the pages of files, so that it goes without swap too (F-123).</summary>
    /// <remarks>Source: [Linux mm/swap.c, lru_lazyfree_fn].</remarks>
    private static bool GoesToTheFiles(MemorySystem mem, PageFrame frame) =>
        mem.Profile.MadvFree == MadvFreeVersion.Linux412 && !frame.Has(PageFlags.SwapCache) && !frame.Has(PageFlags.Dirty) && !frame.Has(PageFlags.Writeback);
}
