using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Huge;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary>Makes huge pages of small ones: 512 pages copied into one run, their table kept as the spare one.</summary>
/// <remarks>Source: [Linux mm/khugepaged.c, hpage_collapse_scan_pmd, collapse_huge_page, madvise_collapse].</remarks>
internal static class Collapse
{
    /// <summary>MADV_COLLAPSE: every aligned 2 MiB of the part, whatever mode is set.</summary>
    /// <returns>
    /// None, also where it was huge already; EINVAL for a mapping that cannot have huge pages, or a part without an aligned 2 MiB; EAGAIN for
    /// a page that others share, work on, or that is locked away in swap; EINVAL for a hole in a mapping with MADV_USERFAULT (U-033); ENOMEM without a run.
    /// </returns>
    public static Refusal Advice(in AdviceSite site)
    {
        if (!HugeFit.IsSuited(site.Vma))
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.MappingSpecial);
        }

        Refusal last = Refusal.None;
        VirtAddr first = HugePage.StartOf(site.Part.Start + (HugePage.Bytes - 1));
        if (first.Raw + HugePage.Bytes > site.Part.End.Raw)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.HugePageCut);
        }

        for (VirtAddr at = first; at.Raw + HugePage.Bytes <= site.Part.End.Raw; at += HugePage.Bytes)
        {
            BringIn(site, VirtRange.Of(at, HugePage.Bytes));
            Refusal refusal = One(site.Mem, site.Vma, at);
            last = refusal == Refusal.None ? last : refusal;
        }

        return last;
    }

    /// <summary>Scans all mappings that may have huge pages by themselves, as khugepaged would in the end; returns the huge pages made.</summary>
    public static int Everywhere(MemorySystem mem)
    {
        int made = 0;
        foreach (AddressSpace space in mem.Spaces)
        {
            for (int i = 0; i < space.Vmas.Count; i++)
            {
                made += HugeFit.MayFault(mem, space.Vmas[i]) ? OfMapping(mem, space.Vmas[i]) : 0;
            }
        }

        return made;
    }

    private static int OfMapping(MemorySystem mem, Vma vma)
    {
        int made = 0;
        VirtAddr at = HugePage.StartOf(vma.Start + (HugePage.Bytes - 1));
        for (; at.Raw + HugePage.Bytes <= vma.End.Raw; at += HugePage.Bytes)
        {
            bool isTable = mem.Editor.Find(vma.Space.Tables, at).Level == PagingLevel.Pt;
            made += isTable && One(mem, vma, at) == Refusal.None ? 1 : 0;
        }

        return made;
    }

    private static void BringIn(in AdviceSite site, VirtRange range)
    {
        TableCursor cursor = site.Mem.Editor.Over(site.Space.Tables, range);
        while (cursor.MoveNext())
        {
            if (cursor.TryPte(out PteSlot at) && site.Mem.SoftPtes.KindOf(at.Entry) == SoftPteKind.Swap)
            {
                _ = site.Mem.Filler?.Fill(site.Space, at.Address, site.Vma.Has(VmFlags.Write) ? AccessKind.Write : AccessKind.Read);
            }
        }
    }

    /// <summary>Collapses the 2 MiB at <paramref name="start"/>, which lie in the mapping.</summary>
    internal static Refusal One(MemorySystem mem, Vma vma, VirtAddr start)
    {
        TableCursor cursor = mem.Editor.Over(vma.Space.Tables, default);
        Descent met = cursor.Seek(start, PageSize.Size2M);
        if (met == Descent.Found && SoftPteFormat.HasFrame(cursor.Entry))
        {
            return Refusal.None;
        }

        if (met != Descent.Smaller)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.SourceEmpty);
        }

        TableEntry table = cursor.Current;
        Refusal refusal = Scan(mem, vma, table);
        if (refusal != Refusal.None)
        {
            return refusal;
        }

        if (mem.Source.TryTakeBlock(HugePage.Order, FrameContent.Any) is not { } run)
        {
            return new Refusal(Errno.ENOMEM, ErrnoCause.NoFrame);
        }

        Replace(mem, vma, table, run);
        mem.Counters.Add(MmCounter.ThpCollapseAlloc);
        return Refusal.None;
    }

    /// <summary>None when every entry is a page of this mapping alone, or a hole that may be filled with zeros.</summary>
    private static Refusal Scan(MemorySystem mem, Vma vma, in TableEntry table)
    {
        int pages = 0;
        for (int i = 0; i < HugePage.Frames; i++)
        {
            Pte entry = mem.Editor.Read(table.Entry.Frame.EntryAt(i));
            bool isHole = entry.Raw == 0 || SoftPteFormat.IsSpecial(entry);
            if (isHole && vma.Has(VmFlags.UserFault))
            {
                return new Refusal(Errno.EINVAL, ErrnoCause.SourceEmpty);
            }

            if (!isHole && (!entry.Present || !IsOwn(mem.Frames[entry.Frame])))
            {
                return new Refusal(Errno.EAGAIN, ErrnoCause.PageInUse);
            }

            pages += isHole ? 0 : 1;
        }

        return pages > 0 ? Refusal.None : new Refusal(Errno.EINVAL, ErrnoCause.SourceEmpty);
    }

    private static bool IsOwn(PageFrame frame) => frame.Mapping.LeadsToAnonVma
        && frame is { MapCount: 1, RefCount: 1 }
        && !frame.Has(PageFlags.Locked)
        && !frame.Has(PageFlags.SwapCache);

    private static void Replace(MemorySystem mem, Vma vma, in TableEntry table, PageFrame run)
    {
        using TlbGather gather = mem.Gathers.Take(vma.Space.Tag);
        Pte[] old = TakeAll(mem, table, gather);
        for (uint i = 0; i < HugePage.Frames; i++)
        {
            if (old[i].Raw == 0 || SoftPteFormat.IsSpecial(old[i]))
            {
                mem.Ram.ZeroPage(run.Pfn + i);
                continue;
            }

            PageFrame small = mem.Frames[old[i].Frame];
            mem.Ram.CopyPage(small.Pfn, run.Pfn + i);
            mem.Cost?.PageCopied(small.Pfn, run.Pfn + i);
            ReverseMap.DropMapping(small, vma.Space);
            gather.Unmapped(small);
        }

        HugeLeaf.Adopt(mem, vma, table.Address, run);
        Pfn spare = LeafSplit.Join(mem.Editor, table, vma.EntryOf(run.Pfn, PteBits.D | PteBits.PS), gather);
        SpareTable.Keep(vma.Space, table.Address, mem.Frames[spare]);
    }

    /// <summary>Takes the 512 entries away and flushes them: nobody writes to the pages while they are copied.</summary>
    private static Pte[] TakeAll(MemorySystem mem, in TableEntry table, TlbGather gather)
    {
        Pte[] old = new Pte[HugePage.Frames];
        for (int i = 0; i < old.Length; i++)
        {
            old[i] = mem.Editor.Write(table.Entry.Frame.EntryAt(i), table.Address + ((ulong)i << 12), Pte.None, gather);
        }

        gather.Flush();
        return old;
    }
}
