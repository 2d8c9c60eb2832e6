using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Huge;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Reclaim;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Faults;

/// <summary>Faults that a transparent huge page serves: the first touch of an empty, aligned 2 MiB, and what a leaf there refuses.</summary>
/// <remarks>Source: [Linux mm/huge_memory.c, do_huge_pmd_anonymous_page, do_huge_pmd_wp_page].</remarks>
internal static class HugeFault
{
    /// <summary>Fills the 2 MiB around the hole at once; false where that is not wanted or cannot be, and then nothing changed.</summary>
    public static bool TryFill(in FaultSite site)
    {
        if (!HugeFit.MayFault(site.Mem, site.Vma) || !HugeFit.TryRange(site.Vma, site.Page, out VirtRange range))
        {
            return false;
        }

        TableCursor cursor = site.Mem.Editor.Over(site.Space.Tables, default);
        if (SpaceTables.Make(site.Mem, site.Space, ref cursor, range.Start, PageSize.Size2M) != Descent.Found
            || !SpareTable.TryMake(site.Mem, site.Space, range.Start))
        {
            return false;
        }

        TableEntry at = cursor.Current;
        if (site.IsWrite ? TryOwn(site, at) : TryZeros(site, at))
        {
            return true;
        }

        SpareTable.Release(site.Mem, site.Space, range.Start);
        site.Mem.Counters.Add(MmCounter.ThpFaultFallback);
        return false;
    }

    /// <summary>Judges what the leaf <paramref name="at"/> refused; false when it was split, and the small entry is to be judged.</summary>
    public static bool TrySettle(in FaultSite site, in TableEntry at)
    {
        if (!site.IsWrite || at.Entry.Has(PteBits.RW))
        {
            Grant(site, at, site.IsWrite ? PteBits.A | PteBits.D : PteBits.A);
            return true;
        }

        bool isZero = SoftPteFormat.IsSpecial(at.Entry);
        if (isZero && TryReplaceZeros(site, at))
        {
            return true;
        }

        if (!isZero && site.Mem.Frames[at.Entry.LeafFrame(PageSize.Size2M)].MapCount == 1)
        {
            site.Mem.Counters.Add(MmCounter.CowReuse);
            Grant(site, at, PteBits.RW | PteBits.A | PteBits.D);
            return true;
        }

        HugeSplit.At(site.Mem, site.Space, at);
        return false;
    }

    private static void Grant(in FaultSite site, in TableEntry at, PteBits bits)
    {
        using TlbGather gather = site.Mem.Gathers.Take(site.Space.Tag);
        _ = site.Mem.Editor.Write(at, at.Entry.With(bits), gather);
    }

    private static bool TryOwn(in FaultSite site, in TableEntry at)
    {
        if (TakeRun(site) is not { } head)
        {
            return false;
        }

        HugeLeaf.Put(site.Mem, site.Vma, at, head);
        site.Mem.Counters.Add(MmCounter.ThpFaultAlloc);
        return true;
    }

    /// <summary>A free run; where the program asked for huge pages itself, other pages make room for one.</summary>
    private static PageFrame? TakeRun(in FaultSite site) =>
        site.Mem.Source.TryTakeBlock(HugePage.Order, FrameContent.Zero)
        ?? (site.Vma.Has(VmFlags.HugePage) && Defragment.TryMakeRun(site.Mem) ? site.Mem.Source.TryTakeBlock(HugePage.Order, FrameContent.Zero) : null);

    private static bool TryZeros(in FaultSite site, in TableEntry at)
    {
        if (!HugeZero.TryUse(site.Mem, site.Vma, out Pte leaf))
        {
            return false;
        }

        site.Mem.Editor.Fill(at.Slot, at.Address, leaf, site.Space.Tag.Id);
        return true;
    }

    /// <summary>A huge page of its own in place of the zeros; the spare table stays.</summary>
    private static bool TryReplaceZeros(in FaultSite site, in TableEntry at)
    {
        if (!TryOwn(site, at))
        {
            site.Mem.Counters.Add(MmCounter.ThpFaultFallback);
            return false;
        }

        HugeZero.Leave(site.Mem);
        return true;
    }
}
