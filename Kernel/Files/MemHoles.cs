namespace MmuEmu.Kernel.Files;

/// <summary>Where a file of memory has data and where holes, as lseek tells it.</summary>
/// <remarks>Source: [Linux mm/shmem.c, shmem_file_llseek; mm/filemap.c, mapping_seek_hole_data].</remarks>
internal static class MemHoles
{
    /// <summary>The first byte with data from <paramref name="offset"/> on, in a file of <paramref name="sizeBytes"/>; null for none.</summary>
    public static ulong? FirstData(MemPages pages, ulong offset, ulong sizeBytes)
    {
        ulong? index = pages.HasData(offset >> 12) ? offset >> 12 : pages.FirstData(offset >> 12);
        return index is { } page && page << 12 < sizeBytes ? Math.Max(offset, page << 12) : null;
    }

    /// <summary>The first byte of a hole from <paramref name="offset"/> on; the end of the file is one.</summary>
    public static ulong FirstHole(MemPages pages, ulong offset, ulong sizeBytes)
    {
        ulong index = offset >> 12;
        while (pages.HasData(index))
        {
            index++;
        }

        return Math.Min(Math.Max(offset, index << 12), sizeBytes);
    }
}
