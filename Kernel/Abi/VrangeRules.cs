namespace MmuEmu.Kernel.Abi;

/// <summary>Which registers carry what, and what comes back.</summary>
internal enum VrangeShape
{
    /// <summary>start, length, mode, behaviour; 0 or 1 comes back (V-008, V-021).</summary>
    Behaviour,

    /// <summary>start, length, mode, purged; bytes come back (V-004).</summary>
    Purged,

    /// <summary>start, length, mode, flags, purged; bytes come back (V-005).</summary>
    FlagsAndPurged,

    /// <summary>madvise with two advices; 0 or 1 comes back (V-022).</summary>
    Advice,
}

/// <summary>What a call makes of the mappings in its range, and of holes between them.</summary>
internal enum HoleRule
{
    /// <summary>Addresses are marked, whatever is mapped there.</summary>
    NotAsked,

    /// <summary>Holes are skipped, and counted when a mapping follows (V-044).</summary>
    Skipped,

    /// <summary>The first hole ends the call (V-048).</summary>
    Ends,

    /// <summary>A hole anywhere refuses the call before it changes anything (V-050).</summary>
    Refused,
}

/// <summary>Who is asked before a page that several address spaces map is purged.</summary>
internal enum SharerRule
{
    /// <summary>All must agree, else nothing changes (V-146).</summary>
    All,

    /// <summary>Each that agrees loses the page; the others keep it, and the frame with it (V-147).</summary>
    Each,

    /// <summary>As Each, but the first mapping of the family that does not agree, or no longer has the page, ends the walk (V-148).</summary>
    UntilOneRefuses,
}

/// <summary>When whole ranges are purged.</summary>
internal enum RangeTrigger
{
    /// <summary>Never: volatile pages go one by one, at the old end of the page lists.</summary>
    Never,

    /// <summary>After the page lists of a round, as kswapd or a shrinker would.</summary>
    AfterTheLists,

    /// <summary>Between the file list and the anonymous list of a round (V-154).</summary>
    BetweenTheLists,
}

/// <summary>Where a call that ends volatility looks for lost pages.</summary>
internal enum LossScope
{
    /// <summary>In the marks of the ranges that it meets (V-121).</summary>
    Ranges,

    /// <summary>In the entries of the whole mapping, as it was before the call (V-129).</summary>
    WholeMapping,

    /// <summary>In the entries of the bytes that it counts (V-123).</summary>
    CountedBytes,
}

/// <summary>What an allocation forbids to the reclaim that it may set off, by the bits that say so.</summary>
[Flags]
internal enum ReclaimLimits
{
    /// <summary>Nothing is forbidden.</summary>
    None = 0,

    /// <summary>No whole range is purged: the bit __GFP_IO, which is missing then (V-157).</summary>
    NoIo = 0x40,

    /// <summary>Nothing volatile is purged: __GFP_NO_VRANGE, for what must not come back to the ranges that it works on (V-164).</summary>
    NoVrange = 0x200_0000,
}

/// <summary>Bugs of the posted code, reproduced only by request.</summary>
[Flags]
internal enum VrangeQuirks
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Any non-present entry with the low bits of the purged one counts as purged, swap entries of area 3 too (V-063).</summary>
    PurgedByLowBits = 1 << 0,

    /// <summary>A touch looks at the 4096 bytes from its address on (V-100).</summary>
    LooksBeyondThePage = 1 << 1,

    /// <summary>A split loses its upper half (V-120).</summary>
    LosesUpperHalf = 1 << 2,

    /// <summary>Lengths are rounded down, and negative ones are no error of their own (V-028, V-031).</summary>
    LooseLengths = 1 << 3,

    /// <summary>An unknown mode is counted, and changes nothing (V-034).</summary>
    UnknownModeDoesNothing = 1 << 4,

    /// <summary>The purged word speaks of the last mapping only (V-024).</summary>
    LastMappingReports = 1 << 5,

    /// <summary>A second store to the purged word that fails is not told (V-038).</summary>
    LostWordIsSilent = 1 << 6,

    /// <summary>Reclaim does not honour __GFP_NO_VRANGE (V-164).</summary>
    NoVrangeIgnored = 1 << 7,

    /// <summary>fork fails when the ranges cannot be copied (V-175).</summary>
    ForkNeedsNodes = 1 << 8,

    /// <summary>munmap and brk leave ranges behind; mremap leaves them where they were (V-179, V-184, V-185).</summary>
    RangesOutliveMappings = 1 << 9,

    /// <summary>Every sharer that agrees loses its page, where the agreed rule asks all of them (V-147).</summary>
    SharersLoseAlone = 1 << 10,

    /// <summary>The partial mode purges like the full one (V-008).</summary>
    PartialIsFull = 1 << 11,

    /// <summary>What is left to scan is unsigned, and passes below 0 unnoticed: the limit stops a call only when it is met exactly (V-153).</summary>
    ScanLimitUnderflows = 1 << 12,

    /// <summary>The place of a mapping in its file is added in pages to keys that are bytes (V-112).</summary>
    KeysInPages = 1 << 20,

    /// <summary>A purged page of a file stays in the page cache, and its data can be found again (V-197).</summary>
    CacheKeepsPurged = 1 << 21,

    /// <summary>The end of any opening of a file forgets its ranges (V-201).</summary>
    AnyCloseForgets = 1 << 22,

    /// <summary>A purged page of a shared mapping comes back as zeros of that mapping alone (V-099).</summary>
    SharedRefillsWithZeros = 1 << 23,

    /// <summary>Only entries know which pages of a file were purged: a mapping made since then finds zeros (V-194).</summary>
    LateMappersUnaware = 1 << 24,

    /// <summary>A private mapper of a file's page loses it with those who share it (V-208).</summary>
    PrivateMappersLose = 1 << 25,
}
