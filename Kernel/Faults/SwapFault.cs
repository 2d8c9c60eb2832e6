using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Swap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Faults;

/// <summary>A touch of a page that lies in swap.</summary>
/// <remarks>Source: [Linux mm/memory.c, do_swap_page].</remarks>
internal static class SwapFault
{
    /// <summary>Finds the page in the swap cache or reads it from the device, and maps it.</summary>
    public static FaultOutcome BringIn(in FaultSite site)
    {
        MemorySystem mem = site.Mem;
        SwapEntry entry = SoftPteFormat.SwapOf(site.Entry);
        PageFrame? frame = mem.Swap.FindCached(entry) ?? TryRead(site, entry);
        if (frame is null)
        {
            return FaultOutcome.OutOfMemory(FaultKind.Swap);
        }

        Map(site, frame, entry);
        return FaultOutcome.Resume(FaultKind.Swap);
    }

    /// <summary>Reads the page into a new frame of the swap cache, which then holds its only reference; null when memory is out.</summary>
    private static PageFrame? TryRead(in FaultSite site, SwapEntry entry)
    {
        MemorySystem mem = site.Mem;
        if (mem.Source.TryTake(FrameContent.Any) is not { } frame)
        {
            return null;
        }

        SwapTransfer.In(mem, entry, frame, site.Space.Tag.Id, site.Page);
        mem.Rmap.AdoptAnon(frame, site.Vma, site.Page);
        frame.Set(PageFlags.UpToDate | PageFlags.Active);
        mem.Swap.Cache(frame, entry);
        mem.Lru.Add(frame);
        mem.Source.Release(frame);
        return frame;
    }

    /// <summary>Maps the cached page in place of its swap entry; writable at once only for a write by the only user.</summary>
    private static void Map(in FaultSite site, PageFrame frame, SwapEntry entry)
    {
        MemorySystem mem = site.Mem;
        frame.RefCount++;
        ReverseMap.AddMapping(frame, site.Space);
        site.Space.Rss.Swap--;
        mem.Swap.DropUser(entry);
        bool own = site.IsWrite && CopyOnWriteFault.MayReuse(mem, frame);
        site.Install(own ? site.Vma.EntryOf(frame.Pfn, PteBits.D) : site.Vma.ReadOnlyEntryOf(frame.Pfn, PteBits.None));
        if (SwapCacheRules.SwapIsScarce(mem) || site.Vma.Has(VmFlags.Locked))
        {
            DropSlot(mem, frame);
        }
    }

    private static void DropSlot(MemorySystem mem, PageFrame frame)
    {
        if (frame.TryLock())
        {
            _ = SwapCacheRules.TryFreeSlot(mem, frame);
            frame.Unlock();
        }
    }
}
