using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Huge;
using MmuEmu.Kernel.Memory;
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
            if (cursor.TryPte(out PteSlot at))
            {
                EntryZap.One(mem, vma, at, gather);
            }
            else
            {
                ZapLeaf(mem, vma, range, ref cursor, gather);
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
}
