using System.Diagnostics;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Huge;

/// <summary>A huge page becomes 512 pages of 4 KiB: in all spaces that map it at once, at the same frames, without a byte copied.</summary>
/// <remarks>
/// It cannot fail, for each leaf has its spare table. As in Linux before 4.5, a huge page is one whole or it is none: there are no
/// entries of 4 KiB into one. Source: [Linux 3.15 mm/huge_memory.c, split_huge_page_to_list, __split_huge_page_refcount].
/// </remarks>
internal static class HugeSplit
{
    /// <summary>Splits the page and every leaf that maps it; each entry has the rights, A and D of its leaf.</summary>
    public static void Page(MemorySystem mem, PageFrame head)
    {
        Debug.Assert(head.Has(PageFlags.Head) && !head.Has(PageFlags.HugeTlb), "only transparent huge pages are split");
        List<RmapSite> sites = [];
        mem.Rmap.Collect(head, RmapWanted.Present, sites);
        Debug.Assert(sites.Count == head.MapCount, "a leaf of a huge page is not found");
        foreach (RmapSite site in sites)
        {
            SplitLeaf(mem, site.Space, site.Place, null);
            site.Space.Rss.AnonHuge--;
        }

        Scatter(mem, head);
        mem.Counters.Add(MmCounter.ThpSplitPage);
    }

    /// <summary>Splits what the leaf at <paramref name="at"/> maps: its page, or its view of the zeros.</summary>
    public static void At(MemorySystem mem, AddressSpace space, in TableEntry at)
    {
        if (SoftPteFormat.IsSpecial(at.Entry))
        {
            SplitLeaf(mem, space, at, mem.ZeroFrame.Pfn);
            HugeZero.Leave(mem);
        }
        else
        {
            Page(mem, mem.Frames[at.Entry.LeafFrame(PageSize.Size2M)]);
        }
    }

    /// <summary>Splits the leaves that an end of <paramref name="range"/> cuts: no leaf belongs to two mappings.</summary>
    /// <remarks>Source: [Linux mm/huge_memory.c, vma_adjust_trans_huge].</remarks>
    public static void AtBorders(MemorySystem mem, AddressSpace space, VirtRange range)
    {
        if (space.SpareTables.Count == 0)
        {
            return;
        }

        foreach (VirtAddr cut in (ReadOnlySpan<VirtAddr>)[range.Start, range.End])
        {
            if (!HugePage.IsAligned(cut.Raw) && TryLeaf(mem, space, cut, out TableEntry at))
            {
                At(mem, space, at);
            }
        }
    }

    /// <summary>Splits the leaf that covers <paramref name="address"/>; false when there is none.</summary>
    public static bool Over(MemorySystem mem, AddressSpace space, VirtAddr address)
    {
        if (space.SpareTables.Count == 0 || !TryLeaf(mem, space, address, out TableEntry at))
        {
            return false;
        }

        At(mem, space, at);
        return true;
    }

    /// <summary>The leaf of a transparent huge page, or of the huge zeros, that covers <paramref name="address"/>.</summary>
    public static bool TryLeaf(MemorySystem mem, AddressSpace space, VirtAddr address, out TableEntry at)
    {
        at = mem.Editor.Find(space.Tables, address);
        return at.Level == PagingLevel.Pd && SoftPteFormat.HasFrame(at.Entry) && space.SpareTables.Find(at.Address.Raw) is not null;
    }

    private static void SplitLeaf(MemorySystem mem, AddressSpace space, in TableEntry at, Pfn? same)
    {
        using TlbGather gather = mem.Gathers.Take(space.Tag);
        LeafSplit.Split(mem.Editor, at, SpareTable.Take(space, at.Address), same, gather);
    }

    /// <summary>One record becomes 512: each frame as often mapped as the whole was, with its flags and its owner; pins stay where they were set.</summary>
    private static void Scatter(MemorySystem mem, PageFrame head)
    {
        bool listed = head.Has(PageFlags.Lru);
        PageFlags flags = head.Flags & ~(PageFlags.Head | PageFlags.Lru | PageFlags.Locked);
        head.Clear(PageFlags.Head);
        head.Order = 0;
        for (uint i = HugePage.Frames - 1; i > 0; i--)
        {
            PageFrame tail = mem.Frames[head.Pfn + i];
            (tail.Order, tail.Flags, tail.Mapping, tail.Index) = (0, flags, head.Mapping, head.Index + i);
            (tail.MapCount, tail.RefCount) = (head.MapCount, tail.RefCount + head.MapCount);

            // Reclaim holds the head off its list: what it was about to take stays next in turn.
            if (listed && !head.Mapping.IsLazyFree)
            {
                mem.Lru.Add(tail);
            }
            else
            {
                mem.Lru.AddTail(tail);
            }
        }
    }
}
