namespace MmuEmu.Kernel.Abi;

/// <summary>Which posting of vrange the kernel follows.</summary>
public enum VrangeVersion
{
    /// <summary>March 2013: addresses, whatever is mapped there; returns 0 or 1.</summary>
    V7,

    /// <summary>June 2013: interval trees per address space and per file.</summary>
    V8,

    /// <summary>October 2013: purged entries of a swap type; whole ranges, without swap too.</summary>
    V9,

    /// <summary>January 2014: whole ranges between the page lists; the default.</summary>
    V10,

    /// <summary>14 March 2014: a VMA flag, anonymous only; modes the other way round.</summary>
    V11,

    /// <summary>21 March 2014: as v11 with a flags argument; losses by page.</summary>
    V12,

    /// <summary>11 April 2014: the call is mvolatile; purged entries go at once.</summary>
    V13,

    /// <summary>29 April 2014: madvise 18 and 19, all or nothing.</summary>
    V14,
}

/// <summary>What a mark on a shared mapping of a file means, on which the authors of vrange disagreed in April 2013.</summary>
public enum FileMarks
{
    /// <summary>As vrange had it afterwards: a state of the file; a page that somebody maps privately stays for all. The default.</summary>
    Common,

    /// <summary>Minchan Kim: mvrange marks for the calling process alone, and a page goes when all who map it agree; fvrange marks the file.</summary>
    K,

    /// <summary>John Stultz: both calls mark the file, as if its data had the state; private mappers are given copies before a purge.</summary>
    J,
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

    /// <summary>MADV_FREE splits huge pages first, as its postings from April 2014 to 2015 did (F-125).</summary>
    LazyFreeSplits = 1 << 20,

    /// <summary>mmap refuses flags that it does not know with EINVAL, for every type of mapping (K-075).</summary>
    StrictMapFlags = 1 << 21,

    /// <summary>The calls alloc_hugepages and free_hugepages of 2.5.36 to 2.5.53 answer at their numbers of i386 (K-077).</summary>
    HugeCalls = 1 << 22,

    /// <summary>The numbers of vrange are vrange's for every program, not only for those that declare it.</summary>
    VrangeNumbers = 1 << 7,

    /// <summary>Advice 5 is MADV_FREE for every program, in the version that numbers it so.</summary>
    MadvFreeNumber = 1 << 8,

    /// <summary>The numbers of MADV_USERFAULT and remap_anon_pages are theirs for every program.</summary>
    UserFaultNumbers = 1 << 9,

    /// <summary>The numbers of mvrange and fvrange are theirs for every program.</summary>
    FileVrangeNumbers = 1 << 16,

    /// <summary>Marks of a process on files that it maps shared pass to the files when it ends (V-222).</summary>
    KeepMarksAtExit = 1 << 17,

    /// <summary>There is /dev/ashmem, Android's shared memory with pins, to compare with.</summary>
    Ashmem = 1 << 18,

    /// <summary>The numbers of all proposals are theirs for every program; without it an undeclared program gets Linux's meanings.</summary>
    ProposedNumbers = VrangeNumbers | MadvFreeNumber | UserFaultNumbers | FileVrangeNumbers,
}

/// <summary>Which historic behaviour the kernel shows where proposals changed between postings.</summary>
/// <remarks>The default is the recommended column of the behaviour specifications.</remarks>
public sealed record KernelProfile
{
    /// <summary>The recommended behaviour.</summary>
    public static KernelProfile Default { get; } = new();

    /// <summary>The vrange posting.</summary>
    public VrangeVersion Vrange { get; init; } = VrangeVersion.V10;

    /// <summary>What marks on shared mappings of files mean.</summary>
    public FileMarks Files { get; init; }

    /// <summary>The MADV_FREE version.</summary>
    public MadvFreeVersion MadvFree { get; init; } = MadvFreeVersion.Rfc2014;

    /// <summary>The userfault version.</summary>
    public UserFaultVersion UserFault { get; init; } = UserFaultVersion.Uf2014;

    /// <summary>How much memory may be promised.</summary>
    public Overcommit Overcommit { get; init; }

    /// <summary>Which anonymous mappings get huge pages; a program can change it in /sys/kernel/mm/transparent_hugepage/enabled.</summary>
    public HugeMode Thp { get; init; }

    /// <summary>Pages of hugetlb set aside when the machine starts; a program can change it in /proc/sys/vm/nr_hugepages.</summary>
    public int HugePages { get; init; }

    /// <summary>What the bit 0x40 of mmap's flags means.</summary>
    public MapBit40 Bit40 { get; init; }

    /// <summary>Choices that differ from the safe ones.</summary>
    public ProfileSwitches Switches { get; init; }

    /// <summary>How file pages are reached and copied, and what happens when memory runs out: the choices of 2002.</summary>
    public CopyProfile Copy { get; init; } = CopyProfile.None;

    /// <summary>True when every bit of <paramref name="switches"/> is on.</summary>
    public bool Has(ProfileSwitches switches) => (Switches & switches) == switches;
}
