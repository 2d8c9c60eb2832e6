using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Abi;
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
                LargerLeaf.Write(mem, cursor.Current, range, Pte.None, gather);
            }
        }
    }
}
