namespace MmuEmu.Kernel.Abi;

/// <summary>The postings of vrange, one after the other, each by what it changed.</summary>
/// <remarks>Source: [vrange v7 to v12], [mvolatile v13], [MADV_VOLATILE v14].</remarks>
internal static class VrangeTable
{
    private const VrangeQuirks OfAllCalls = VrangeQuirks.LooseLengths | VrangeQuirks.UnknownModeDoesNothing;

    private const VrangeQuirks OfTrees = OfAllCalls | VrangeQuirks.LastMappingReports | VrangeQuirks.RangesOutliveMappings
        | VrangeQuirks.LateMappersUnaware | VrangeQuirks.PrivateMappersLose;

    private static readonly PurgedEntryLayout InLowBits = new(0x6, 29, 29, 30);

    private static readonly PurgedEntryLayout OfTopType = new(0x3E, 28, 28, 29);

    private static readonly PurgedEntryLayout OfOwnType = new(0x38, 28, 29, 30);

    private static readonly VrangeTraits V8 = new()
    {
        Version = VrangeVersion.V8,
        Entry = InLowBits,
        CopyLimit = ReclaimLimits.NoVrange,
        RefillsFilesWithZeros = true,
        Quirks = OfTrees | VrangeQuirks.PurgedByLowBits | VrangeQuirks.LooksBeyondThePage | VrangeQuirks.LosesUpperHalf
            | VrangeQuirks.NoVrangeIgnored | VrangeQuirks.ForkNeedsNodes
            | VrangeQuirks.KeysInPages | VrangeQuirks.CacheKeepsPurged | VrangeQuirks.AnyCloseForgets | VrangeQuirks.SharedRefillsWithZeros,
    };

    private static readonly VrangeTraits V7 = V8 with
    {
        Version = VrangeVersion.V7,
        Shape = VrangeShape.Behaviour,
        NonVolatileName = "NOVOLATILE",
        Holes = HoleRule.NotAsked,
        WholeRanges = RangeTrigger.AfterTheLists,
        TriedRangesStay = true,
        Quirks = VrangeQuirks.PurgedByLowBits | VrangeQuirks.LooksBeyondThePage | VrangeQuirks.LooseLengths
            | VrangeQuirks.RangesOutliveMappings | VrangeQuirks.PartialIsFull,
    };

    private static readonly VrangeTraits V9 = V8 with
    {
        Version = VrangeVersion.V9,
        Entry = OfTopType,
        Sharers = SharerRule.Each,
        WholeRanges = RangeTrigger.AfterTheLists,
        CopyLimit = ReclaimLimits.NoIo,
        Quirks = OfTrees | VrangeQuirks.LooksBeyondThePage | VrangeQuirks.SharedRefillsWithZeros,
    };

    private static readonly VrangeTraits V10 = V9 with
    {
        Version = VrangeVersion.V10,
        Sharers = SharerRule.All,
        WholeRanges = RangeTrigger.BetweenTheLists,
        ScanLimitBytes = 4UL << 20,
        SplitsHugePages = true,
        RefillsFilesWithZeros = false,
        Quirks = OfTrees | VrangeQuirks.SharersLoseAlone | VrangeQuirks.ScanLimitUnderflows,
    };

    private static readonly VrangeTraits V11 = new()
    {
        Version = VrangeVersion.V11,
        Entry = OfTopType,
        VolatileMode = 1,
        InMappings = true,
        Holes = HoleRule.Ends,
        Sharers = SharerRule.Each,
        Losses = LossScope.WholeMapping,
        Quirks = OfAllCalls | VrangeQuirks.LostWordIsSilent,
    };

    private static readonly VrangeTraits V12 = V11 with
    {
        Version = VrangeVersion.V12,
        Shape = VrangeShape.FlagsAndPurged,
        Losses = LossScope.CountedBytes,
        AgesWithoutSwap = true,
        MarksAccessed = true,
    };

    private static readonly VrangeTraits V13 = V12 with
    {
        Version = VrangeVersion.V13,
        Entry = OfOwnType,
        Prefix = "MVOLATILE",
        AgesWithoutSwap = false,
        MarksAccessed = false,
        ClearsPurged = true,
        Quirks = VrangeQuirks.UnknownModeDoesNothing,
    };

    private static readonly VrangeTraits V14 = V13 with
    {
        Version = VrangeVersion.V14,
        Shape = VrangeShape.Advice,
        Prefix = "MADV",
        Holes = HoleRule.Refused,
        Sharers = SharerRule.UntilOneRefuses,
        Quirks = VrangeQuirks.None,
    };

    private static readonly VrangeTraits[] Rows = [V7, V8, V9, V10, V11, V12, V13, V14];

    /// <summary>What holds under <paramref name="profile"/>: its posting, with the bugs only when they are asked for.</summary>
    public static VrangeTraits Of(KernelProfile profile)
    {
        VrangeTraits posted = Rows[(int)profile.Vrange];
        if (!profile.Has(ProfileSwitches.VrangeQuirks))
        {
            return posted with { Quirks = VrangeQuirks.None };
        }

        return posted.Has(VrangeQuirks.SharersLoseAlone) ? posted with { Sharers = SharerRule.Each } : posted;
    }
}
