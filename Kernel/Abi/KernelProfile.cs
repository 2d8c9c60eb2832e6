namespace MmuEmu.Kernel.Abi;

/// <summary>Which posting of vrange the kernel follows.</summary>
public enum VrangeVersion
{
    /// <summary>March 2013: anonymous only, returns 0 or 1.</summary>
    V7,

    /// <summary>June 2013: interval trees per address space and per file.</summary>
    V8,

    /// <summary>October 2013: swap-type purged entries, shrinker.</summary>
    V9,

    /// <summary>January 2014: reclaim hook and shmem purge; the default.</summary>
    V10,

    /// <summary>March 2014: a VMA flag, anonymous only.</summary>
    V11,

    /// <summary>March 2014: as v11 with a flags argument.</summary>
    V12,

    /// <summary>April 2014: atomic marking.</summary>
    V13,

    /// <summary>April 2014: madvise 18 and 19.</summary>
    V14,
}

/// <summary>Which MADV_FREE the kernel has.</summary>
public enum MadvFreeVersion
{
    /// <summary>The proposal of March 2014; also accepts advice 8 unless the profile is strict.</summary>
    Rfc2014,

    /// <summary>Linux 4.5 to 4.11.</summary>
    Linux45,

    /// <summary>Linux 4.12 and later.</summary>
    Linux412,
}

/// <summary>Which MADV_USERFAULT and remap_anon_pages the kernel has.</summary>
public enum UserFaultVersion
{
    /// <summary>May 2013: three arguments, every surprise is EFAULT.</summary>
    Uf2013,

    /// <summary>October 2014: four arguments, the errno table; the default.</summary>
    Uf2014,
}

/// <summary>Historic or safe choices that a profile can turn on.</summary>
[Flags]
public enum ProfileSwitches
{
    /// <summary>None: the safe choices.</summary>
    None = 0,

    /// <summary>Reproduce the bugs of the posted vrange code.</summary>
    VrangeQuirks = 1 << 0,

    /// <summary>Accept only the MADV_FREE number of the chosen version (F-002).</summary>
    StrictAdvice = 1 << 1,

    /// <summary>Discard lazy-free pages without the exclusivity rule of F-113.</summary>
    LazyFreeShared = 1 << 2,

    /// <summary>Discard lazy-free pages without the pin rule of F-078.</summary>
    LazyFreePinned = 1 << 3,

    /// <summary>Treat migration of a lazy-free page as a discard (F-079).</summary>
    LazyFreeMigrationBug = 1 << 4,

    /// <summary>remap_anon_pages answers EBUSY for a pinned source page .</summary>
    RemapPinnedBusy = 1 << 5,

    /// <summary>Leave out every TLB flush: a mutation that shows what the flushes are for (F-043).</summary>
    SkipFlush = 1 << 6,

    /// <summary>The numbers of vrange are vrange's for every program, not only for those that declare it.</summary>
    VrangeNumbers = 1 << 7,

    /// <summary>Advice 5 is MADV_FREE for every program, in the version that numbers it so.</summary>
    MadvFreeNumber = 1 << 8,

    /// <summary>The numbers of MADV_USERFAULT and remap_anon_pages are theirs for every program.</summary>
    UserFaultNumbers = 1 << 9,

    /// <summary>The numbers of all proposals are theirs for every program; without it an undeclared program gets Linux's meanings.</summary>
    ProposedNumbers = VrangeNumbers | MadvFreeNumber | UserFaultNumbers,
}

/// <summary>Which historic behaviour the kernel shows where proposals changed between postings.</summary>
/// <remarks>The default is the recommended column of the behaviour specifications.</remarks>
public sealed record KernelProfile
{
    /// <summary>The recommended behaviour.</summary>
    public static KernelProfile Default { get; } = new();

    /// <summary>The vrange posting.</summary>
    public VrangeVersion Vrange { get; init; } = VrangeVersion.V10;

    /// <summary>The MADV_FREE version.</summary>
    public MadvFreeVersion MadvFree { get; init; } = MadvFreeVersion.Rfc2014;

    /// <summary>The userfault version.</summary>
    public UserFaultVersion UserFault { get; init; } = UserFaultVersion.Uf2014;

    /// <summary>Choices that differ from the safe ones.</summary>
    public ProfileSwitches Switches { get; init; }

    /// <summary>How file pages are reached and copied, and what happens when memory runs out: the choices of 2002.</summary>
    public CopyProfile Copy { get; init; } = CopyProfile.None;

    /// <summary>True when every bit of <paramref name="switches"/> is on.</summary>
    public bool Has(ProfileSwitches switches) => (Switches & switches) == switches;
}
