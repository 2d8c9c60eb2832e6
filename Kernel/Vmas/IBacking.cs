using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;

namespace MmuEmu.Kernel.Vmas;

/// <summary>What kind of thing backs a mapping.</summary>
internal enum BackingKind
{
    /// <summary>Memory only: tmpfs, memfd, shared anonymous.</summary>
    Shmem,

    /// <summary>A file of the host, read only.</summary>
    HostFile,
}

/// <summary>What lies behind a mapping that is not private anonymous memory: the door from a VMA up to a file.</summary>
internal interface IBacking
{
    /// <summary>Where the mappings of this file are listed, for the reverse map.</summary>
    FileMapping Mapping { get; }

    /// <summary>The kind.</summary>
    BackingKind Kind { get; }

    /// <summary>The name that /proc/PID/maps shows.</summary>
    string Name { get; }

    /// <summary>st_dev of the file, major * 256 + minor; 0 when it has none.</summary>
    uint Device => 0;

    /// <summary>st_ino of the file; 0 when it has none.</summary>
    ulong Number => 0;

    /// <summary>Bytes in the file; a touch of a whole page beyond is SIGBUS.</summary>
    ulong SizeBytes { get; }

    /// <summary>Bytes that were promised when it was made: all of shared memory without a name; 0 for files, whose pages are asked for one by one.</summary>
    ulong ReservedBytes => 0;

    /// <summary>Pages that are promised now: all that were at first, or those that a file of memory has in RAM and in swap.</summary>
    ulong PromisedPages => ReservedBytes >> 12;

    /// <summary>The page <paramref name="pageIndex"/> of the file, brought in if need be, with one reference for the caller.</summary>
    /// <returns>The frame; EFAULT beyond the end; ENOMEM when no frame can be had; EIO when the host fails.</returns>
    /// <remarks>The frame's Mapping and Index name this file; it is on an LRU list or marked unevictable.</remarks>
    Result<PageFrame> GetPage(ulong pageIndex);

    /// <summary>The page if it is in memory, without a reference; null otherwise.</summary>
    PageFrame? FindPage(ulong pageIndex);

    /// <summary>Appends the pages in memory from number <paramref name="first"/> to <paramref name="last"/>, lowest first, without references.</summary>
    void CollectPages(ulong first, ulong last, List<PageFrame> pages);

    /// <summary>True when the file lives in memory alone, so that a page can become a hole: zeros from then on.</summary>
    bool CanPunch => false;

    /// <summary>Makes a hole of a page that no table maps, in a file that <see cref="CanPunch"/>; the size stays (V-198).</summary>
    void MakeHole(PageFrame frame)
    {
    }

    /// <summary>The swap slot, raw, in which a page lies that is not in memory; null for none.</summary>
    ulong? SlotOf(ulong pageIndex) => null;

    /// <summary>The swap slots, raw, that the file's pages lie in.</summary>
    IReadOnlyList<ulong> Slots => [];

    /// <summary>Makes bytes a hole; the file stays as long as it is.</summary>
    /// <returns>None; EOPNOTSUPP for a file that has no holes; EPERM for a sealed one; ENOMEM.</returns>
    Refusal Punch(ulong offset, ulong lengthBytes) => Errno.EOPNOTSUPP;

    /// <summary>Drops a page that no table maps from the cache, its reference included; false when its content would be lost.</summary>
    /// <remarks>The page is locked by reclaim. A dirty page of memory-only files goes to swap, and is refused when that is full.</remarks>
    bool TryEvict(PageFrame frame);

    /// <summary>A mapping of the file came to be: by mmap, by fork, or by a split.</summary>
    void MappingOpened();

    /// <summary>A mapping of the file went away.</summary>
    void MappingClosed();
}
