namespace MmuEmu.Kernel.Abi;

/// <summary>What madvise is asked for.</summary>
/// <remarks>
/// A value below <see cref="FirstProposed"/> is Linux's own number. Proposals that were never merged claim numbers that Linux gave to something
/// else (5, 18 and 19), so theirs are that number above <see cref="FirstProposed"/>; which of the two a program's number means is its address space's to say.
/// Source: [Linux include/uapi/asm-generic/mman-common.h]; rows F-001, U-001, V-003.
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

    /// <summary>A child of fork sees zeros here.</summary>
    WipeOnFork = 18,

    /// <summary>Undo <see cref="WipeOnFork"/>.</summary>
    KeepOnFork = 19,

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

    /// <summary>Make huge pages of the small ones now.</summary>
    Collapse = 25,

    /// <summary>No advice: what is added to the numbers of proposals.</summary>
    FirstProposed = 0x1_0000,

    /// <summary>MADV_FREE as the proposal of March 2014 numbered it, 5 (F-001).</summary>
    FreeRfc2014 = FirstProposed + 5,

    /// <summary>MADV_USERFAULT, 18: a touch of a hole raises SIGBUS instead of allocating (U-001).</summary>
    UserFault = FirstProposed + 18,

    /// <summary>MADV_NOUSERFAULT, 19: undo <see cref="UserFault"/>.</summary>
    NoUserFault = FirstProposed + 19,

    /// <summary>No advice: what is added to the numbers of the last posting of volatile ranges, which are those of MADV_USERFAULT too.</summary>
    FirstVolatile = 0x2_0000,

    /// <summary>MADV_VOLATILE, 18: the kernel may purge the pages (V-003).</summary>
    Volatile = FirstVolatile + 18,

    /// <summary>MADV_NONVOLATILE, 19: the pages stay; answers 1 when some were lost (V-022).</summary>
    NonVolatile = FirstVolatile + 19,
}
