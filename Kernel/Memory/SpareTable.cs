using System.Diagnostics;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Memory;

/// <summary>The table that each huge leaf of anonymous memory keeps in reserve: made with the leaf, used by its split.</summary>
/// <remarks>Source: [Linux mm/huge_memory.c, pgtable_trans_huge_deposit, pgtable_trans_huge_withdraw].</remarks>
internal static class SpareTable
{
    /// <summary>Makes the spare table of the leaf that will be at <paramref name="address"/>; false when memory is out.</summary>
    public static bool TryMake(MemorySystem mem, AddressSpace space, VirtAddr address)
    {
        if (mem.Editor.TryNewSpare() is not { } table)
        {
            return false;
        }

        space.Rss.Tables++;
        Keep(space, address, table);
        return true;
    }

    /// <summary>Keeps a table that is in use already and counted, and of zeros, as the spare one of a leaf.</summary>
    public static void Keep(AddressSpace space, VirtAddr address, PageFrame table) => space.SpareTables.Set(address.Raw, table);

    /// <summary>Takes the spare table out, to be used as a table; it stays counted.</summary>
    public static PageFrame Take(AddressSpace space, VirtAddr address)
    {
        PageFrame? table = space.SpareTables.Find(address.Raw);
        Debug.Assert(table is not null, "a huge leaf without a spare table");
        _ = space.SpareTables.Remove(address.Raw);
        return table;
    }

    /// <summary>The leaf moves within its space: the spare table goes along.</summary>
    public static void Move(AddressSpace space, VirtAddr from, VirtAddr to) => Keep(space, to, Take(space, from));

    /// <summary>The leaf went away: its spare table is free. No processor knows it, so nothing is flushed.</summary>
    /// <remarks>Leaves of hugetlb have none.</remarks>
    public static void Release(MemorySystem mem, AddressSpace space, VirtAddr address)
    {
        if (space.SpareTables.Find(address.Raw) is null)
        {
            return;
        }

        PageFrame table = Take(space, address);
        table.Clear(PageFlags.Table);
        space.Rss.Tables--;
        mem.Source.Release(table);
    }
}
