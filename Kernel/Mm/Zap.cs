using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Huge;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Reclaim;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary>Empties page-table entries: pages, swap slots and markers alike.</summary>
/// <remarks>Source: [Linux mm/memory.c, zap_pte_range].</remarks>
internal static class Zap
{
    /// <summary>Makes every entry of <paramref name="range"/>, which lies in <paramref name="vma"/>, none.</summary>
    public static void Range(MemorySystem mem, Vma vma, VirtRange range, TlbGather gather)
    {
        TableCursor cursor = mem.Editor.Over(vma.Space.Tables, range);
        while (cursor.MoveNext())
        {
            if (!cursor.IsPte)
            {
                ZapLeaf(mem, vma, range, ref cursor, gather);
                continue;
            }

            Pte old = mem.Editor.Write(cursor.Slot, cursor.Address, Pte.None, gather);
            if (SoftPteFormat.HasFrame(old))
            {
                DropFrame(mem, vma, old, gather);
            }
            else if (mem.SoftPtes.KindOf(old) == SoftPteKind.Swap)
            {
                vma.Space.Rss.Swap--;
                SwapCacheRules.DropEntry(mem, SoftPteFormat.SwapOf(old));
            }
        }
    }

    /// <summary>A huge leaf goes whole; one that reaches out of the range is split, and its part is met again as small entries.</summary>
    private static void ZapLeaf(MemorySystem mem, Vma vma, VirtRange range, ref TableCursor cursor, TlbGather gather)
    {
        if (range.Contains(cursor.Current.Range))
        {
            HugeLeaf.Drop(mem, vma.Space, cursor.Current, gather);
            return;
        }

        HugeSplit.At(mem, vma.Space, cursor.Current);
        cursor.Again();
    }

    private static void DropFrame(MemorySystem mem, Vma vma, Pte old, TlbGather gather)
    {
        if (SoftPteFormat.IsSpecial(old))
        {
            return;
        }

        PageFrame frame = mem.Frames[old.Frame];
        if (frame.Mapping.IsFile && old.Has(PteBits.D))
        {
            frame.Set(PageFlags.Dirty);
        }

        ReverseMap.DropMapping(frame, vma.Space);
        gather.Unmapped(frame);
    }
}
