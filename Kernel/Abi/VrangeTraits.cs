namespace MmuEmu.Kernel.Abi;

/// <summary>The entry that stands for a purged page, and the types around it.</summary>
/// <param name="Purged">The whole entry.</param>
/// <param name="MaxSwapFiles">Swap areas that the types leave room for.</param>
/// <param name="HwPoison">Type of a failed frame.</param>
/// <param name="Migration">Type of a read-only page on the move; the writable one is one above.</param>
internal readonly record struct PurgedEntryLayout(ulong Purged, int MaxSwapFiles, int HwPoison, int Migration);

/// <summary>All in which one posting of vrange differs from the others.</summary>
internal sealed record VrangeTraits
{
    /// <summary>The posting.</summary>
    public required VrangeVersion Version { get; init; }

    /// <summary>How purged pages are written into tables (V-060, V-064, V-066).</summary>
    public required PurgedEntryLayout Entry { get; init; }

    /// <summary>The call.</summary>
    public VrangeShape Shape { get; init; } = VrangeShape.Purged;

    /// <summary>The mode that makes volatile; the other of 0 and 1 ends it (V-006, V-007).</summary>
    public ulong VolatileMode { get; init; }

    /// <summary>The name before _VOLATILE and _NONVOLATILE.</summary>
    public string Prefix { get; init; } = "VRANGE";

    /// <summary>What the mode that ends volatility is called.</summary>
    public string NonVolatileName { get; init; } = "NONVOLATILE";

    /// <summary>Volatility is a property of mappings, VM_VOLATILE, and they are split for it; else ranges lie in a tree (V-128).</summary>
    public bool InMappings { get; init; }

    /// <summary>Holes.</summary>
    public HoleRule Holes { get; init; } = HoleRule.Skipped;

    /// <summary>Sharers after fork.</summary>
    public SharerRule Sharers { get; init; } = SharerRule.All;

    /// <summary>Whole ranges.</summary>
    public RangeTrigger WholeRanges { get; init; } = RangeTrigger.Never;

    /// <summary>Bytes of ranges after which one purge of whole ranges stops (V-153).</summary>
    public ulong ScanLimitBytes { get; init; } = ulong.MaxValue;

    /// <summary>A range that was tried goes to the young end of the list; else it leaves the list (V-156).</summary>
    public bool TriedRangesStay { get; init; }

    /// <summary>Anonymous lists are walked though no swap is there (V-150).</summary>
    public bool AgesWithoutSwap { get; init; }

    /// <summary>Where losses are looked for.</summary>
    public LossScope Losses { get; init; } = LossScope.Ranges;

    /// <summary>Ending volatility clears purged entries; else the next touch does (V-088).</summary>
    public bool ClearsPurged { get; init; }

    /// <summary>Marking makes the pages young, so that they age together (V-166).</summary>
    public bool MarksAccessed { get; init; }

    /// <summary>A page of a private file mapping that was purged comes back as zeros; else from the file (V-206).</summary>
    public bool RefillsFilesWithZeros { get; init; }

    /// <summary>A huge page that a purge meets is split, and what is volatile of it goes; else it is passed by (V-161).</summary>
    public bool SplitsHugePages { get; init; }

    /// <summary>What the allocations of a copy at fork rule out (V-164).</summary>
    public ReclaimLimits CopyLimit { get; init; } = ReclaimLimits.NoIo;

    /// <summary>The bugs that are on.</summary>
    public VrangeQuirks Quirks { get; init; }

    /// <summary>True when every bug of <paramref name="quirks"/> is on.</summary>
    public bool Has(VrangeQuirks quirks) => (Quirks & quirks) == quirks;
}
