namespace MmuEmu.Kernel.Views;

/// <summary>What there is to say about one page of an address space, in one small value.</summary>
[Flags]
public enum PageState
{
    /// <summary>No mapping covers it, and no entry is there.</summary>
    None = 0,

    /// <summary>A mapping covers it.</summary>
    Mapped = 1 << 0,

    /// <summary>Its entry is present: the hardware uses it.</summary>
    Present = 1 << 1,

    /// <summary>Its entry holds a frame that nobody may touch.</summary>
    ProtNone = 1 << 2,

    /// <summary>Its entry allows writes.</summary>
    Writable = 1 << 3,

    /// <summary>Its entry has A set.</summary>
    Accessed = 1 << 4,

    /// <summary>Its entry has D set.</summary>
    Dirty = 1 << 5,

    /// <summary>It is the shared page of zeros.</summary>
    Zero = 1 << 6,

    /// <summary>Its content is a file's; without a frame in the entry, a touch would bring it from there.</summary>
    File = 1 << 7,

    /// <summary>More than one entry holds its frame, or names its swap slot.</summary>
    Shared = 1 << 8,

    /// <summary>Its entry names a swap slot, or the file of memory that it is a page of does.</summary>
    Swapped = 1 << 9,

    /// <summary>Its entry holds no frame, but the swap cache or the page cache has its content in RAM.</summary>
    Cached = 1 << 10,

    /// <summary>vrange purged it.</summary>
    Purged = 1 << 11,

    /// <summary>It was given to MADV_FREE, and is still lazily free.</summary>
    LazyFree = 1 << 12,

    /// <summary>It is volatile: reclaim may purge it.</summary>
    Volatile = 1 << 13,

    /// <summary>A touch of the hole is SIGBUS: MADV_USERFAULT.</summary>
    UserFault = 1 << 14,

    /// <summary>Its page is being moved.</summary>
    Migration = 1 << 15,

    /// <summary>Its frame failed in hardware.</summary>
    HwPoison = 1 << 16,

    /// <summary>Its frame is on the list of pages that must stay.</summary>
    Unevictable = 1 << 17,
}
