using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;

namespace MmuEmu.Kernel.Files;

/// <summary>Takes bytes out of a file of memory: whole pages go, with their entries in all mappings, and the rest is made zero.</summary>
internal static class MemCut
{
    /// <summary>The file ends at <paramref name="sizeBytes"/>: pages beyond go, copies of private mappings too.</summary>
    /// <remarks>Source: [Linux mm/truncate.c, truncate_setsize; mm/shmem.c, shmem_setattr].</remarks>
    public static void End(MemorySystem mem, MemPages pages, ulong sizeBytes)
    {
        ulong first = (sizeBytes + 0xFFF) >> 12;
        FileUnmap.Pages(mem, pages.Mapping, first, ulong.MaxValue, PrivateCopies.Drop);
        pages.CutBelow(sizeBytes);
        if (sizeBytes >> 12 < first)
        {
            _ = TryClear(pages, sizeBytes >> 12, (int)(sizeBytes & 0xFFF), 4096);
        }

        pages.Drop(first, ulong.MaxValue);
    }

    /// <summary>Makes a hole from <paramref name="offset"/> to <paramref name="end"/>, which is larger; false when memory is out for a page at an edge.</summary>
    /// <remarks>Source: [Linux mm/shmem.c, shmem_undo_range].</remarks>
    public static bool Hole(MemorySystem mem, MemPages pages, ulong offset, ulong end)
    {
        (ulong first, ulong last) = ((offset + 0xFFF) >> 12, end >> 12);
        if (first < last)
        {
            FileUnmap.Pages(mem, pages.Mapping, first, last, PrivateCopies.Keep);
            pages.Drop(first, last);
        }

        int from = (int)(offset & 0xFFF);
        bool samePage = offset >> 12 == end >> 12;
        int to = samePage ? (int)(end & 0xFFF) : 4096;
        bool cleared = (from == 0 && to == 4096) || TryClear(pages, offset >> 12, from, to);
        return (samePage || TryClear(pages, end >> 12, 0, (int)(end & 0xFFF))) && cleared;
    }

    /// <summary>Makes the bytes <paramref name="from"/> to <paramref name="to"/> of a page zero, if the file has it; false when memory is out.</summary>
    private static bool TryClear(MemPages pages, ulong index, int from, int to)
    {
        if (from >= to || !pages.Has(index))
        {
            return true;
        }

        bool brought = pages.Bring(index).Ok(out PageFrame? frame, out _);
        if (brought)
        {
            pages.Clear(frame!, from, to);
        }

        return brought;
    }
}
