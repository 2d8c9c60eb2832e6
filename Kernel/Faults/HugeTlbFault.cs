using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Faults;

/// <summary>Faults in mappings of hugetlb: a huge page of the pool, or SIGBUS when it has none.</summary>
/// <remarks>Source: [Linux mm/hugetlb.c, hugetlb_fault, hugetlb_no_page, hugetlb_wp].</remarks>
internal static class HugeTlbFault
{
    /// <summary>Fills the hole, copies a page that a child shares, or sets what the processor missed.</summary>
    public static FaultOutcome Handle(in FaultSite site)
    {
        TableCursor cursor = site.Mem.Editor.Over(site.Space.Tables, default);
        if (SpaceTables.Make(site.Mem, site.Space, ref cursor, HugePage.StartOf(site.Page), PageSize.Size2M) != Descent.Found)
        {
            return FaultOutcome.OutOfMemory(FaultKind.File);
        }

        TableEntry at = cursor.Current;
        if (!SoftPteFormat.HasFrame(at.Entry))
        {
            return Fill(site, at);
        }

        bool copies = site.IsWrite && !at.Entry.Has(PteBits.RW) && !site.Vma.Has(VmFlags.Shared);
        PageFrame head = site.Mem.Frames[at.Entry.LeafFrame(PageSize.Size2M)];
        if (copies && head.MapCount > 1)
        {
            return Copy(site, at, head);
        }

        PteBits more = site.IsWrite ? PteBits.A | PteBits.D | PteBits.RW : PteBits.A;
        Write(site, at, at.Entry.With(more));
        return FaultOutcome.Resume(copies ? FaultKind.CopyOnWrite : FaultKind.Spurious);
    }

    private static FaultOutcome Fill(in FaultSite site, in TableEntry at)
    {
        IHugeBacking backing = (IHugeBacking)site.Vma.Backing!;
        bool shared = site.Vma.Has(VmFlags.MayShare);
        PageFrame? head = shared ? backing.BringHuge(site.Vma.IndexOf(at.Address)) : backing.TakePrivate(site.Space);
        if (head is null)
        {
            return FaultOutcome.Bus(FaultKind.File, site.Fault.Cr2);
        }

        if (shared)
        {
            head.RefCount++;
        }
        else
        {
            Zero(site.Mem, head);
            site.Mem.Rmap.AdoptAnon(head, site.Vma, at.Address);
        }

        ReverseMap.AddHugeMapping(head, site.Space);
        Write(site, at, site.Vma.EntryOf(head.Pfn, PteBits.PS | PteBits.D));
        return FaultOutcome.Resume(FaultKind.File);
    }

    private static FaultOutcome Copy(in FaultSite site, in TableEntry at, PageFrame old)
    {
        if (((IHugeBacking)site.Vma.Backing!).TakePrivate(site.Space) is not { } copy)
        {
            return FaultOutcome.Bus(FaultKind.CopyOnWrite, site.Fault.Cr2);
        }

        for (ulong i = 0; i < HugePage.Frames; i++)
        {
            site.Mem.Ram.CopyPage(old.Pfn + i, copy.Pfn + i);
            site.Mem.Cost?.PageCopied(old.Pfn + i, copy.Pfn + i);
        }

        site.Mem.Counters.Add(MmCounter.CowBreak);
        ReverseMap.DropHugeMapping(old, site.Space);
        site.Mem.Rmap.AdoptAnon(copy, site.Vma, at.Address);
        ReverseMap.AddHugeMapping(copy, site.Space);
        Write(site, at, site.Vma.EntryOf(copy.Pfn, PteBits.PS | PteBits.D));
        site.Mem.Source.Release(old);
        return FaultOutcome.Resume(FaultKind.CopyOnWrite);
    }

    private static void Zero(MemorySystem mem, PageFrame head)
    {
        for (ulong i = 0; i < HugePage.Frames; i++)
        {
            mem.Ram.ZeroPage(head.Pfn + i);
            mem.Cost?.PageZeroed(head.Pfn + i);
        }
    }

    private static void Write(in FaultSite site, in TableEntry at, Pte entry)
    {
        using TlbGather gather = site.Mem.Gathers.Take(site.Space.Tag);
        _ = site.Mem.Editor.Write(at, entry, gather);
    }
}
