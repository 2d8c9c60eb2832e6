using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Reclaim;

/// <summary>Reclaim of anonymous pages without a reverse map: address space after address space, entry after entry.</summary>
/// <remarks>Each entry is unmapped by itself, and the page goes when the last one is. Source: [Linux 2.4 mm/vmscan.c, swap_out, try_to_swap_out].</remarks>
internal static class SpaceScan
{
    /// <summary>Frees up to about <paramref name="wanted"/> frames; the first round makes used pages old, the second takes them.</summary>
    public static ulong Run(MemorySystem mem, ulong wanted, ReclaimReason reason)
    {
        ulong freed = 0;
        for (int round = 0; round < 2 && freed < wanted; round++)
        {
            foreach (AddressSpace space in (List<AddressSpace>)[.. mem.Spaces])
            {
                if (freed < wanted && !SwapOut.IsKept(mem, space))
                {
                    freed += ScanSpace(mem, space, wanted - freed, reason);
                }
            }
        }

        return freed;
    }

    /// <summary>Takes an entry's page away whether it was used or not.</summary>
    public static void TakeNow(MemorySystem mem, AddressSpace space, in PteSlot at)
    {
        if (!SoftPteFormat.IsSpecial(at.Entry) && space.FindVma(at.Address) is { } vma && !vma.Has(VmFlags.Locked))
        {
            RmapSite site = new(vma, at.Address, at.Slot, at.Entry);
            _ = RmapUnmap.TestAndClearYoung(mem, site);
            _ = TakeEntry(mem, site, ReclaimReason.Direct);
        }
    }

    private static ulong ScanSpace(MemorySystem mem, AddressSpace space, ulong wanted, ReclaimReason reason)
    {
        ulong freed = 0;
        ulong looked = 0;
        TableCursor cursor = mem.Editor.Over(space.Tables, new VirtRange(default, new VirtAddr(VirtRange.TaskSize)));
        while (freed < wanted && cursor.MoveNext())
        {
            looked++;
            if (cursor.TryPte(out PteSlot at) && SoftPteFormat.HasFrame(at.Entry) && !SoftPteFormat.IsSpecial(at.Entry)
                && space.FindVma(at.Address) is { } vma && !vma.Has(VmFlags.Locked))
            {
                freed += TakeEntry(mem, new RmapSite(vma, at.Address, at.Slot, at.Entry), reason);
            }
        }

        mem.Report.For(KernelEvent.Scanned)?.Take(new TraceEvent(KernelEvent.Scanned) { Count = looked });
        return freed;
    }

    /// <summary>A used entry becomes unused; an unused one is unmapped, and its page tried when that was the last.</summary>
    private static ulong TakeEntry(MemorySystem mem, in RmapSite site, ReclaimReason reason)
    {
        PageFrame frame = mem.Frames[site.Entry.Frame];
        if (RmapUnmap.TestAndClearYoung(mem, site) || !frame.Mapping.LeadsToAnonVma || !frame.Has(PageFlags.Lru) || !frame.TryLock())
        {
            return 0;
        }

        bool unmapped = SwapOut.TryGiveSlot(mem, frame);
        if (unmapped)
        {
            SwapOut.UnmapOne(mem, frame, site);
        }

        frame.Unlock();
        return unmapped && frame.MapCount == 0 ? LruShrink.TryOne(mem, frame, reason) : 0;
    }
}
