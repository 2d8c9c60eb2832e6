namespace MmuEmu.Kernel.Abi;

/// <summary>Which rule gave an errno: one number stands for many, and a program that meets it wants to know which.</summary>
/// <remarks>Named by what was found. Words for them are made where they are shown.</remarks>
public enum ErrnoCause : byte
{
    /// <summary>The errno says it all, or nobody said more.</summary>
    None,

    /// <summary>The start of the range is no multiple of the page size.</summary>
    StartUnaligned,

    /// <summary>The length is no multiple of the page size.</summary>
    LengthUnaligned,

    /// <summary>The offset in the file is no multiple of the page size.</summary>
    OffsetUnaligned,

    /// <summary>The place to move to is no multiple of the page size.</summary>
    DestinationUnaligned,

    /// <summary>The length is 0.</summary>
    LengthZero,

    /// <summary>The length, read as a signed number, is below 0.</summary>
    LengthNegative,

    /// <summary>The length does not fit into user space.</summary>
    LengthTooLarge,

    /// <summary>Start and length together pass 2^64.</summary>
    RangeWraps,

    /// <summary>Offset and length together pass 2^64 bytes of the file.</summary>
    OffsetWraps,

    /// <summary>The range reaches past the end of user space.</summary>
    BeyondUserSpace,

    /// <summary>The range begins below vm.mmap_min_addr.</summary>
    BelowMinAddress,

    /// <summary>The old range and the new one overlap.</summary>
    RangesOverlap,

    /// <summary>A flag that this call does not know.</summary>
    FlagsUnknown,

    /// <summary>Flags that exclude, or need, one another.</summary>
    FlagsConflict,

    /// <summary>A combination of flags that Linux knows and that is not offered here.</summary>
    FlagsNotOffered,

    /// <summary>Namespaces: there are none.</summary>
    NoNamespaces,

    /// <summary>All numbers of threads and processes are in use.</summary>
    NoTaskNumber,

    /// <summary>Neither MAP_SHARED nor MAP_PRIVATE.</summary>
    NoSharingType,

    /// <summary>Huge pages: there are none.</summary>
    NoHugePages,

    /// <summary>An address or a length is no multiple of the 2 MiB of the huge pages there.</summary>
    HugePageCut,

    /// <summary>No processor has huge pages of the size that the flags name.</summary>
    HugeSizeUnknown,

    /// <summary>The file has no huge pages.</summary>
    FileNotHuge,

    /// <summary>MAP_SYNC: no file here has it.</summary>
    NoSync,

    /// <summary>MAP_GROWSDOWN for memory that is shared or has a file.</summary>
    GrowsDownNeedsPrivate,

    /// <summary>PROT_GROWSDOWN and PROT_GROWSUP at once.</summary>
    GrowsBothWays,

    /// <summary>PROT_GROWSDOWN or PROT_GROWSUP for a mapping that does not grow so.</summary>
    DoesNotGrow,

    /// <summary>A right that does not exist.</summary>
    RightsUnknown,

    /// <summary>The way in which the file was opened does not grant the rights.</summary>
    RightsNotGranted,

    /// <summary>The file was not opened for reading.</summary>
    FileNotReadable,

    /// <summary>The file is of a kind that cannot be mapped.</summary>
    FileNotMappable,

    /// <summary>The advice does not exist, or not in this profile.</summary>
    AdviceUnknown,

    /// <summary>The mode is none that the call has.</summary>
    ModeUnknown,

    /// <summary>The call does not exist in this profile.</summary>
    NotInProfile,

    /// <summary>Part of the range is not mapped.</summary>
    NotMapped,

    /// <summary>The range reaches over the end of its mapping.</summary>
    SpansMappings,

    /// <summary>The mapping gives no right at all, or not the one that is needed.</summary>
    MappingForbids,

    /// <summary>The mapping is locked in memory.</summary>
    MappingLocked,

    /// <summary>The mapping is of a device, or of another special kind.</summary>
    MappingSpecial,

    /// <summary>The mapping is shared.</summary>
    MappingShared,

    /// <summary>The mapping is not shared.</summary>
    MappingPrivate,

    /// <summary>The mapping is not anonymous.</summary>
    MappingHasFile,

    /// <summary>The two mappings differ in their rights, or only one is locked.</summary>
    MappingsDiffer,

    /// <summary>The place is taken.</summary>
    PlaceTaken,

    /// <summary>No free place is long enough.</summary>
    NoPlace,

    /// <summary>What lies above is in the way, and the mapping may not move.</summary>
    CannotGrow,

    /// <summary>vm.max_map_count: one mapping too many.</summary>
    TooManyMappings,

    /// <summary>RLIMIT_AS.</summary>
    AddressLimit,

    /// <summary>RLIMIT_DATA.</summary>
    DataLimit,

    /// <summary>RLIMIT_MEMLOCK.</summary>
    LockLimit,

    /// <summary>Promises of memory have reached CommitLimit.</summary>
    PromisesExhausted,

    /// <summary>More than RAM and swap could ever hold.</summary>
    MoreThanMachine,

    /// <summary>No frame could be had.</summary>
    NoFrame,

    /// <summary>A touch of the page would end in a signal.</summary>
    TouchSignals,

    /// <summary>No memory for the record of a volatile range.</summary>
    NoRangeNode,

    /// <summary>Memory was there; a pressure rule let the allocation fail.</summary>
    FailPoint,

    /// <summary>All numbers of address spaces are in use.</summary>
    NoSpaceNumber,

    /// <summary>The source has no page there.</summary>
    SourceEmpty,

    /// <summary>Somebody else maps the page, or its swap slot, or works on it.</summary>
    PageInUse,

    /// <summary>A page table entry of a kind that cannot be moved.</summary>
    EntryUnmovable,

    /// <summary>The command, option or way is none that this call has here.</summary>
    CommandUnknown,

    /// <summary>A count, size or number that has to be above 0 is not.</summary>
    NotPositive,

    /// <summary>A count below 0.</summary>
    CountNegative,

    /// <summary>More entries than the call takes.</summary>
    TooMany,

    /// <summary>What is to be stored, or read, does not fit into the buffer.</summary>
    BufferTooSmall,

    /// <summary>The size is not that of the struct.</summary>
    StructSizeWrong,

    /// <summary>The size of the mask is no multiple of 8.</summary>
    NoWholeWords,

    /// <summary>The number to be added is 2^64 - 1.</summary>
    ValueTooLarge,

    /// <summary>The position in the file would be below 0.</summary>
    OffsetNegative,

    /// <summary>SEEK_SET, SEEK_CUR, SEEK_END, SEEK_DATA, SEEK_HOLE: it is none of them.</summary>
    WhenceUnknown,

    /// <summary>The file has no positions.</summary>
    NotSeekable,

    /// <summary>A pipe, socket or stream keeps nothing that could be written back.</summary>
    NothingToSync,

    /// <summary>The file has no length that could be set.</summary>
    NoLength,

    /// <summary>The descriptor stands for something that is neither read nor written.</summary>
    NoBytes,

    /// <summary>The file was not opened for writing.</summary>
    FileNotWritable,

    /// <summary>The file is no symbolic link.</summary>
    NotLink,

    /// <summary>The file is a directory, which has one name.</summary>
    IsDirectory,

    /// <summary>A directory would be moved into itself.</summary>
    IntoItself,

    /// <summary>The path is the root.</summary>
    IsRoot,

    /// <summary>The path ends in a dot or two.</summary>
    EndsInDot,

    /// <summary>The name of a file in memory has more than 249 bytes.</summary>
    NameTooLong,

    /// <summary>Both descriptors are the same.</summary>
    SameDescriptor,

    /// <summary>RLIMIT_NOFILE: no descriptor has such a number.</summary>
    DescriptorLimit,

    /// <summary>The first is behind the last.</summary>
    RangeReversed,

    /// <summary>The descriptor is not one of epoll.</summary>
    NotEPoll,

    /// <summary>An epoll descriptor would watch itself.</summary>
    WatchesItself,

    /// <summary>A regular file or directory is always ready, and not watched.</summary>
    AlwaysReady,

    /// <summary>The socket is bound already.</summary>
    SocketHasName,

    /// <summary>The socket has another end already.</summary>
    SocketConnected,

    /// <summary>The socket listens.</summary>
    SocketListens,

    /// <summary>The socket does not listen.</summary>
    SocketNotListening,

    /// <summary>No address of the family has such a length.</summary>
    AddressLengthWrong,

    /// <summary>The address has no path and no name.</summary>
    AddressEmpty,

    /// <summary>The address is another machine's, and there is none.</summary>
    NoNetwork,

    /// <summary>As many wait at the listener as it takes.</summary>
    QueueFull,

    /// <summary>Pairs of sockets are made in AF_UNIX only.</summary>
    FamilyHasNoPairs,

    /// <summary>There is no signal of that number.</summary>
    SignalUnknown,

    /// <summary>What SIGKILL and SIGSTOP do cannot be changed.</summary>
    SignalFixed,

    /// <summary>A set of signals has 8 bytes.</summary>
    SetSizeWrong,

    /// <summary>A code that only the kernel gives to signals for others.</summary>
    CodeReserved,

    /// <summary>Nothing came before the time was over.</summary>
    TimeOver,

    /// <summary>The alternate stack is the one that is in use.</summary>
    StackInUse,

    /// <summary>The alternate stack is below MINSIGSTKSZ.</summary>
    StackTooSmall,

    /// <summary>A stack without its size, or a size without its stack.</summary>
    StackWithoutSize,

    /// <summary>A thread, or a child of the caller's parent, sends the caller no signal at its end.</summary>
    ExitSignalUnheard,

    /// <summary>The numbers of new processes cannot be chosen here.</summary>
    NumbersNotChosen,

    /// <summary>Neither WEXITED nor WSTOPPED nor WCONTINUED.</summary>
    NoChangeWanted,

    /// <summary>The kind of the number is none of P_ALL, P_PID and P_PGID.</summary>
    IdKindUnknown,

    /// <summary>There is one user, root.</summary>
    OneUser,

    /// <summary>A process group below 0.</summary>
    GroupNegative,

    /// <summary>The caller leads a process group.</summary>
    LeadsGroup,

    /// <summary>There is no limit of that number.</summary>
    ResourceUnknown,

    /// <summary>The soft limit is above the hard one.</summary>
    SoftAboveHard,

    /// <summary>Another system's persona.</summary>
    PersonaUnknown,

    /// <summary>RUSAGE_SELF, RUSAGE_CHILDREN, RUSAGE_THREAD: it is none of them.</summary>
    WhoUnknown,

    /// <summary>No processor of the set exists.</summary>
    NoProcessor,

    /// <summary>A policy of real time, or one that does not exist.</summary>
    PolicyNotOffered,

    /// <summary>A policy without real time has priority 0.</summary>
    PriorityNotZero,

    /// <summary>There is no clock of that number.</summary>
    ClockUnknown,

    /// <summary>The time of a thread does not go on while it sleeps.</summary>
    ClockStopsInSleep,

    /// <summary>FUTEX_CLOCK_REALTIME for a command whose clock cannot be chosen.</summary>
    ClockFixed,

    /// <summary>The seconds of a time are below 0.</summary>
    SecondsNegative,

    /// <summary>The part of a second is a second or more.</summary>
    FractionTooLarge,

    /// <summary>There is no timer of that number.</summary>
    TimerUnknown,

    /// <summary>ITIMER_VIRTUAL and ITIMER_PROF are not offered.</summary>
    TimerNotOffered,

    /// <summary>The process has as many timers as it may have.</summary>
    TooManyTimers,

    /// <summary>SIGEV_SIGNAL, SIGEV_NONE, SIGEV_THREAD_ID: it is none of them.</summary>
    NoticeUnknown,

    /// <summary>The thread is not one of the process.</summary>
    ThreadForeign,

    /// <summary>The futex word is not aligned to its 4 bytes.</summary>
    WordUnaligned,

    /// <summary>The futex word holds another value.</summary>
    WordDiffers,

    /// <summary>Those who wait at the futex word wait for a lock of the PI commands.</summary>
    WordIsLock,

    /// <summary>The set of bits is empty.</summary>
    BitsEmpty,

    /// <summary>Another thread holds the lock.</summary>
    LockHeld,

    /// <summary>The caller does not hold the lock.</summary>
    LockNotHeld,

    /// <summary>FUTEX_WAKE_OP: an operation that does not exist.</summary>
    OperationUnknown,

    /// <summary>FUTEX_WAKE_OP: a comparison that does not exist.</summary>
    ComparisonUnknown,

    /// <summary>There is no segment of that number.</summary>
    SegmentUnknown,

    /// <summary>The segment of the key is shorter.</summary>
    SegmentShorter,

    /// <summary>No segment is mapped from there on.</summary>
    NoSegmentThere,

    /// <summary>The mapping has no file.</summary>
    NoFile,

    /// <summary>A seal of the file forbids it.</summary>
    FileSealed,

    /// <summary>The file is not one that can be sealed.</summary>
    FileNotSealable,

    /// <summary>A shared mapping may write to the file.</summary>
    FileMappedWritable,

    /// <summary>The file system has no room left.</summary>
    FileSystemFull,

    /// <summary>The file system does not offer the mode.</summary>
    ModeNotOffered,

    /// <summary>The two paths are on different mounts.</summary>
    AcrossMounts,

    /// <summary>Something is mounted there.</summary>
    IsMountPoint,

    /// <summary>The area of ashmem was mapped before: its size and its name are fixed.</summary>
    AreaMapped,

    /// <summary>The area of ashmem has no size yet, or the request reaches beyond it.</summary>
    AreaSize,

    /// <summary>The guest's memory at a pointer cannot be read or written.</summary>
    BadPointer,
}
