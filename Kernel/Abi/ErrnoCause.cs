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

    /// <summary>The mode is neither of the two.</summary>
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

    /// <summary>More than RAM and swap could ever hold.</summary>
    MoreThanMachine,

    /// <summary>No frame could be had.</summary>
    NoFrame,

    /// <summary>A touch of the page would end in a signal.</summary>
    TouchSignals,

    /// <summary>No memory for the record of a volatile range.</summary>
    NoRangeNode,

    /// <summary>All numbers of address spaces are in use.</summary>
    NoSpaceNumber,

    /// <summary>The source has no page there.</summary>
    SourceEmpty,

    /// <summary>Somebody else maps the page, or its swap slot, or works on it.</summary>
    PageInUse,

    /// <summary>A page table entry of a kind that cannot be moved.</summary>
    EntryUnmovable,

    /// <summary>The guest's memory at a pointer cannot be read or written.</summary>
    BadPointer,
}
