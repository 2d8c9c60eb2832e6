using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Memory;

/// <summary>What becomes of the copies that private mappings made of a file's pages: even_cows of unmap_mapping_range.</summary>
internal enum PrivateCopies
{
    /// <summary>They stay: a hole is punched into the file, which is as long as before.</summary>
    Keep,

    /// <summary>They go, swapped ones too: the file ends below them.</summary>
    Drop,
}

/// <summary>Takes pages of a file out of all mappings of it.</summary>
/// <remarks>Source: [Linux mm/memory.c, unmap_mapping_range].</remarks>
internal static class FileUnmap
{
    /// <summary>Empties the entries of the pages <paramref name="first"/> to <paramref name="end"/>, which is not one of them, in every mapping of <paramref name="file"/>.</summary>
    public static void Pages(MemorySystem mem, FileMapping file, ulong first, ulong end, PrivateCopies copies)
    {
        for (int i = 0; i < file.Vmas.Count; i++)
        {
            Vma vma = file.Vmas[i];
            ulong low = Math.Max(first, vma.PgOff);
            ulong high = Math.Min(end, vma.PgOff + vma.Range.PageCount);
            if (low < high && vma.TryAddressOf(low, out VirtAddr start))
            {
                Part(mem, vma, VirtRange.Of(start, (high - low) << 12), copies);
            }
        }
    }

    private static void Part(MemorySystem mem, Vma vma, VirtRange range, PrivateCopies copies)
    {
        using TlbGather gather = mem.Gathers.Take(vma.Space.Tag);
        TableCursor cursor = mem.Editor.Over(vma.Space.Tables, range);
        while (cursor.MoveNext())
        {
            if (cursor.TryPte(out PteSlot at) && (copies == PrivateCopies.Drop || IsOfFile(mem, at)))
            {
                EntryZap.One(mem, vma, at, gather);
            }
        }
    }

    /// <summary>True when the entry holds the file's own page; a private copy is anonymous, in RAM or in swap.</summary>
    private static bool IsOfFile(MemorySystem mem, in PteSlot at) =>
        SoftPteFormat.HasFrame(at.Entry) && !SoftPteFormat.IsSpecial(at.Entry) && mem.Frames[at.Entry.Frame].Mapping.IsFile;
}
