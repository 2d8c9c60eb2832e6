namespace MmuEmu.Kernel.Abi;

/// <summary>How a copy between user memory and a file page goes about pages that may go away meanwhile.</summary>
/// <remarks>Numbered as the cures of the experiment; what each does is in PageCopy/RecipeTable.</remarks>
internal enum CopyStrategy
{
    /// <summary>No windows: the kernel reaches every frame directly.</summary>
    None,

    /// <summary>C0: touch first, then a window that may be slept with.</summary>
    C0,

    /// <summary>C1: touch first, then an atomic window, and nothing else.</summary>
    C1,

    /// <summary>C2: as C1 while a counter keeps reclaim from the whole address space.</summary>
    C2,

    /// <summary>C2b: as C2, the counter raised only after a first touch, and a second touch under it.</summary>
    C2b,

    /// <summary>C3: as C1, mmap_sem held for the whole write.</summary>
    C3,

    /// <summary>C4: the user page is pinned, and copied frame to frame through two atomic windows.</summary>
    C4,

    /// <summary>C5: as C1, and the fault handler changes the window under the copy.</summary>
    C5,

    /// <summary>C6: an atomic copy that faults end, then the whole piece again with a window that may be slept with.</summary>
    C6,

    /// <summary>C7: an atomic copy that faults end; what was copied is committed, and the rest begins anew without any lock.</summary>
    C7,
}

/// <summary>What a fault in an atomic state does.</summary>
internal enum AtomicFaults
{
    /// <summary>As the strategy has it.</summary>
    AsStrategy,

    /// <summary>Rule A: it is served, as if nothing were atomic.</summary>
    Served,

    /// <summary>Rule B: it is refused, and the copy says how much it has not copied.</summary>
    Refused,
}

/// <summary>Which bytes a write touches before it locks the page.</summary>
internal enum TouchRule
{
    /// <summary>The first byte and the last one; a read of a file touches them by writing.</summary>
    Exact,

    /// <summary>The first byte, and the one two behind the last: the proposal's own text.</summary>
    Proposal,

    /// <summary>As exact, but a read of a file only reads the bytes it will write.</summary>
    ReadOnly,
}

/// <summary>Who may take a semaphore for reading.</summary>
internal enum RwsemKind
{
    /// <summary>Nobody while a writer is queued.</summary>
    Fair,

    /// <summary>As fair, and whoever holds it may take it once more.</summary>
    Recursive,
}

/// <summary>What becomes of an allocation that finds no frame.</summary>
internal enum AllocatorKind
{
    /// <summary>Today's: a bounded number of passes, then a task is killed.</summary>
    Bounded,

    /// <summary>Mainline of 2002: tried for ever; the killer does nothing while swap is free.</summary>
    Mainline,

    /// <summary>The -aa tree of 2002: a bounded number of passes that free nothing, then a task is killed, swap or no swap.</summary>
    AndreaArcangeli,
}

/// <summary>How reclaim comes from pages to entries, or from entries to pages.</summary>
internal enum ReclaimKind
{
    /// <summary>Page by page off the lists, all entries of each by the reverse map.</summary>
    ByPage,

    /// <summary>Address space by address space, entry by entry.</summary>
    BySpace,
}
