using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Kernel.Memory;

/// <summary>Takes single entries away by way of the reverse map, each with its own flush.</summary>
internal static class RmapUnmap
{
    /// <summary>Clears the entry and flushes it everywhere before it returns; the counts stay as they are.</summary>
    /// <returns>The entry as it was at the end, with its last A and D bits.</returns>
    /// <remarks>Source: [Linux mm/pgtable-generic.c, ptep_clear_flush].</remarks>
    public static Pte ClearAndFlush(MemorySystem mem, in RmapSite site)
    {
        using TlbGather gather = mem.Gathers.Take(site.Space.Tag);
        return Write(mem, site, Pte.None, gather);
    }

    /// <summary>Puts an entry into a slot that was cleared.</summary>
    public static void Put(MemorySystem mem, in RmapSite site, Pte entry)
    {
        using TlbGather gather = mem.Gathers.Take(site.Space.Tag);
        _ = Write(mem, site, entry, gather);
    }

    /// <summary>Takes the page out of the entry: cleared and flushed, <paramref name="left"/> put in its place, the page forgotten.</summary>
    public static void Replace(MemorySystem mem, in RmapSite site, PageFrame frame, Pte left)
    {
        _ = ClearAndFlush(mem, site);
        Put(mem, site, left);
        Forget(mem, site, frame);
    }

    /// <summary>Clears the A bit of the entry and flushes; true when it was set.</summary>
    /// <remarks>Source: [Linux mm/rmap.c, page_referenced_one].</remarks>
    public static bool TestAndClearYoung(MemorySystem mem, in RmapSite site)
    {
        Pte entry = mem.Editor.Read(site.Slot);
        if (!entry.Has(PteBits.A))
        {
            return false;
        }

        using TlbGather gather = mem.Gathers.Take(site.Space.Tag);
        _ = Write(mem, site, entry.Without(PteBits.A), gather);
        return true;
    }

    /// <summary>The entry no longer holds the page: mapping count and resident count fall, and the entry's reference is dropped.</summary>
    public static void Forget(MemorySystem mem, in RmapSite site, PageFrame frame)
    {
        if (site.IsHuge)
        {
            ReverseMap.DropHugeMapping(frame, site.Space);
            SpareTable.Release(mem, site.Space, site.Address);
        }
        else
        {
            ReverseMap.DropMapping(frame, site.Space);
        }

        mem.Source.Release(frame);
    }

    private static Pte Write(MemorySystem mem, in RmapSite site, Pte entry, TlbGather gather) => site.IsHuge
        ? mem.Editor.Write(site.Place, entry, gather)
        : mem.Editor.Write(site.Slot, site.Address, entry, gather);
}
