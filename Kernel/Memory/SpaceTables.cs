using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Memory;

/// <summary>Makes page tables on an address space's account.</summary>
internal static class SpaceTables
{
    /// <summary>Takes a cursor over the space's tables to the entry of a page of <paramref name="size"/> at <paramref name="address"/>, making missing tables.</summary>
    /// <returns>How it ended; <see cref="Descent.NoTable"/> when memory is out.</returns>
    public static Descent Make(MemorySystem mem, AddressSpace space, ref TableCursor cursor, VirtAddr address, PageSize size = PageSize.Size4K)
    {
        ulong before = mem.Editor.TablesMade;
        Descent met = mem.Editor.Make(ref cursor, address, size);
        space.Rss.Tables += (long)(mem.Editor.TablesMade - before);
        return met;
    }

    /// <summary>Makes missing tables down to the 4 KiB entry for <paramref name="address"/>; <paramref name="pte"/> says something only when it is found.</summary>
    /// <returns>How it ended; <see cref="Descent.NoTable"/> when memory is out.</returns>
    public static Descent MakePte(MemorySystem mem, AddressSpace space, VirtAddr address, out PteSlot pte)
    {
        TableCursor cursor = mem.Editor.Over(space.Tables, default);
        Descent met = Make(mem, space, ref cursor, address);
        _ = cursor.TryPte(out pte);
        return met;
    }
}
