namespace MmuEmu.Kernel.Abi;

/// <summary>The advice of madvise.</summary>
/// <remarks>
/// Numbers 18 and 19 are MADV_USERFAULT and MADV_NOUSERFAULT in the userfault postings (U-001), MADV_VOLATILE and
/// MADV_NONVOLATILE in vrange v14 (V-003); <see cref="KernelProfile"/> says which.
/// Source: [Linux include/uapi/asm-generic/mman-common.h].
/// </remarks>
public enum Advice
{
    /// <summary>No special treatment.</summary>
    Normal = 0,

    /// <summary>Expect random access.</summary>
    Random = 1,

    /// <summary>Expect sequential access.</summary>
    Sequential = 2,

    /// <summary>Will be needed: read ahead.</summary>
    WillNeed = 3,

    /// <summary>Drop the pages; private anonymous memory reads as zero afterwards.</summary>
    DontNeed = 4,

    /// <summary>MADV_FREE as the proposal of March 2014 numbered it (F-001).</summary>
    FreeRfc2014 = 5,

    /// <summary>The kernel may drop the pages when it likes, unless they are written again (F-002).</summary>
    Free = 8,

    /// <summary>Punch a hole into the file.</summary>
    Remove = 9,

    /// <summary>Do not copy the mapping on fork.</summary>
    DontFork = 10,

    /// <summary>Undo <see cref="DontFork"/>.</summary>
    DoFork = 11,

    /// <summary>May be merged with equal pages.</summary>
    Mergeable = 12,

    /// <summary>Undo <see cref="Mergeable"/>.</summary>
    Unmergeable = 13,

    /// <summary>Prefer huge pages.</summary>
    HugePage = 14,

    /// <summary>No huge pages.</summary>
    NoHugePage = 15,

    /// <summary>Leave out of core dumps.</summary>
    DontDump = 16,

    /// <summary>Undo <see cref="DontDump"/>.</summary>
    DoDump = 17,

    /// <summary>A touch of a hole raises SIGBUS instead of allocating (U-001); in Linux the number is MADV_WIPEONFORK.</summary>
    UserFault = 18,

    /// <summary>Undo <see cref="UserFault"/>; in Linux the number is MADV_KEEPONFORK.</summary>
    NoUserFault = 19,

    /// <summary>Make the pages likely victims of reclaim.</summary>
    Cold = 20,

    /// <summary>Reclaim the pages now.</summary>
    PageOut = 21,

    /// <summary>Fault the pages in for reading.</summary>
    PopulateRead = 22,

    /// <summary>Fault the pages in for writing.</summary>
    PopulateWrite = 23,

    /// <summary>As <see cref="DontNeed"/>, and locked pages go too.</summary>
    DontNeedLocked = 24,
}
