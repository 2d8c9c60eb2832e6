namespace MmuEmu.Kernel.Frames;

/// <summary>The state bits of a page frame.</summary>
/// <remarks>Source: [Linux include/linux/page-flags.h].</remarks>
[Flags]
public enum PageFlags
{
    /// <summary>No bit.</summary>
    None = 0,

    /// <summary>Somebody works on the page; others must not change its identity.</summary>
    Locked = 1 << 0,

    /// <summary>The content is newer than its copy in swap or file.</summary>
    Dirty = 1 << 1,

    /// <summary>Seen in use since reclaim last looked.</summary>
    Referenced = 1 << 2,

    /// <summary>On, or meant for, an active list.</summary>
    Active = 1 << 3,

    /// <summary>In the swap cache: a slot of swap is its own.</summary>
    SwapCache = 1 << 4,

    /// <summary>To be reclaimed as soon as its write-out ends.</summary>
    Reclaim = 1 << 5,

    /// <summary>On one of the LRU lists.</summary>
    Lru = 1 << 6,

    /// <summary>Locked into memory by a mapping.</summary>
    Unevictable = 1 << 7,

    /// <summary>Swap, not a file, is where it goes when evicted.</summary>
    SwapBacked = 1 << 8,

    /// <summary>Being written out.</summary>
    Writeback = 1 << 9,

    /// <summary>Never counted, never freed: the zero page.</summary>
    Reserved = 1 << 10,

    /// <summary>Holds a paging structure.</summary>
    Table = 1 << 11,

    /// <summary>Head of a block on a free list.</summary>
    Free = 1 << 12,

    /// <summary>Content matches its file or is a whole swap copy.</summary>
    UpToDate = 1 << 13,

    /// <summary>First frame of a huge page of 2 MiB, whose record stands for all 512.</summary>
    Head = 1 << 14,

    /// <summary>Head of a huge page that belongs to the hugetlb pool: locked in memory, on no list, never swapped.</summary>
    HugeTlb = 1 << 15,
}
