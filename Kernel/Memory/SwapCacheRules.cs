using System.Diagnostics;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Swap;

namespace MmuEmu.Kernel.Memory;

/// <summary>When a page in memory gives up its swap slot.</summary>
internal static class SwapCacheRules
{
    /// <summary>Takes a locked page out of the swap cache when no entry names its slot; the page counts as dirty from then on.</summary>
    /// <returns>True when the page left the cache.</returns>
    /// <remarks>Source: [Linux mm/swapfile.c, try_to_free_swap].</remarks>
    public static bool TryFreeSlot(MemorySystem mem, PageFrame frame)
    {
        Debug.Assert(frame.Has(PageFlags.Locked), "the page is not locked");
        if (!frame.Has(PageFlags.SwapCache) || frame.Has(PageFlags.Writeback) || mem.Swap.CountOf(SwapEntry.OfRaw(frame.Swap)) != 0)
        {
            return false;
        }

        mem.Swap.Uncache(frame);
        mem.Source.Release(frame);
        frame.Set(PageFlags.Dirty);
        return true;
    }

    /// <summary>An entry that named a slot is gone: slot and cached page go too when nobody else needs them.</summary>
    /// <remarks>Source: [Linux mm/swapfile.c, free_swap_and_cache].</remarks>
    public static void DropEntry(MemorySystem mem, SwapEntry entry)
    {
        mem.Swap.DropUser(entry);
        if (mem.Swap.CountOf(entry) == 0 && mem.Swap.FindCached(entry) is { } frame && frame.MapCount == 0 && frame.TryLock())
        {
            mem.Swap.Uncache(frame);
            frame.Unlock();
            mem.Source.Release(frame);
        }
    }

    /// <summary>True when swap is more than half full, so that copies in the cache are not worth their slots.</summary>
    /// <remarks>Source: [Linux include/linux/swap.h, vm_swap_full].</remarks>
    public static bool SwapIsScarce(MemorySystem mem) => mem.Swap.FreeSlots * 2 < mem.Swap.TotalSlots;
}
