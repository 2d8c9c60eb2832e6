using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Files;

/// <summary>Reads a file of memory, page by page.</summary>
/// <remarks>Source: [Linux mm/shmem.c, shmem_file_read_iter].</remarks>
internal static class MemRead
{
    /// <summary>Reads from <paramref name="offset"/> on in a file that ends at <paramref name="sizeBytes"/>.</summary>
    /// <returns>Bytes read, 0 at the end; ENOMEM when the first page would have to come back from swap and memory is out.</returns>
    public static Result<int> UpTo(MemPages pages, ulong sizeBytes, ulong offset, Span<byte> destination)
    {
        if (offset >= sizeBytes)
        {
            return 0;
        }

        int wanted = (int)Math.Min((ulong)destination.Length, sizeBytes - offset);
        for (int done = 0; done < wanted;)
        {
            (ulong index, int at) = ((offset + (ulong)done) >> 12, (int)(offset + (ulong)done) & 0xFFF);
            Span<byte> part = destination.Slice(done, Math.Min(wanted - done, 4096 - at));
            Errno errno = pages.Read(index, at, part);
            if (errno != Errno.None)
            {
                return done > 0 ? done : errno;
            }

            done += part.Length;
        }

        return wanted;
    }
}
