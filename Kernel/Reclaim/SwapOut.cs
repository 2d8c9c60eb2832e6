using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Swap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Kernel.Windows;

namespace MmuEmu.Kernel.Reclaim;

/// <summary>Takes a page from all who map it, leaving swap entries, and writes it to the device.</summary>
internal static class SwapOut
{
    /// <summary>Gives an anonymous page a slot, if it has none; false when swap is full.</summary>
    public static bool TryGiveSlot(MemorySystem mem, PageFrame frame)
    {
        if (frame.Has(PageFlags.SwapCache))
        {
            return true;
        }

        if (!mem.Swap.TryCacheNew(frame))
        {
            return false;
        }

        frame.Set(PageFlags.Dirty);
        return true;
    }

    /// <summary>Unmaps a locked page everywhere: anonymous pages leave swap entries, file pages leave nothing.</summary>
    /// <returns>False when a locked mapping keeps it; entries met before that one are gone.</returns>
    /// <remarks>Source: [Linux mm/rmap.c, try_to_unmap_one].</remarks>
    public static bool TryUnmap(MemorySystem mem, PageFrame frame)
    {
        List<RmapSite> sites = [];
        mem.Rmap.Collect(frame, RmapWanted.Present, sites);
        foreach (RmapSite site in sites)
        {
            if (site.Vma.Has(VmFlags.Locked) || IsKept(mem, site.Space))
            {
                return false;
            }

            UnmapOne(mem, frame, site);
        }

        return frame.MapCount == 0;
    }

    /// <summary>Writes a dirty page of the swap cache to its slot.</summary>
    public static void Write(MemorySystem mem, PageFrame frame) => SwapTransfer.Out(mem, frame, SwapEntry.OfRaw(frame.Swap));

    /// <summary>True while a copy at work wants no page of the space unmapped.</summary>
    internal static bool IsKept(MemorySystem mem, AddressSpace space)
    {
        if (mem.Profile.Copy.Strategy is not (CopyStrategy.C2 or CopyStrategy.C2b))
        {
            return false;
        }

        mem.WindowCounts.Add(WindowCounter.DontUnmapChecks);
        mem.WindowCounts.Add(WindowCounter.DontUnmapKept, space.DontUnmapPages > 0 ? 1UL : 0);
        return space.DontUnmapPages > 0;
    }

    /// <summary>Takes the page out of one entry.</summary>
    internal static void UnmapOne(MemorySystem mem, PageFrame frame, in RmapSite site)
    {
        Pte old = RmapUnmap.ClearAndFlush(mem, site);
        if (old.Has(PteBits.D))
        {
            frame.Set(PageFlags.Dirty);
        }

        if (frame.Has(PageFlags.SwapCache))
        {
            SwapEntry entry = SwapEntry.OfRaw(frame.Swap);
            mem.Swap.AddUser(entry);
            site.Space.Rss.Swap++;
            RmapUnmap.Put(mem, site, SoftPteFormat.OfSwap(entry));
        }

        RmapUnmap.Forget(mem, site, frame);
    }
}
