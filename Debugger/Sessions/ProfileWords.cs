using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Sessions;

/// <summary>All words of <c>--profile</c>: a word that is not here does not exist, for errors, completions, help and documents alike.</summary>
/// <remarks>Who names a family wants its numbers too, whatever the program declares.</remarks>
internal static class ProfileWords
{
    /// <summary>The words, those of a family together.</summary>
    public static IReadOnlyList<ProfileWord> All { get; } =
    [
        Vrange("v10", VrangeVersion.V10, "whole ranges, oldest first; works without swap (the default)", "vrange v10, January 2014"),
        new("madvfree=rfc2014", "the proposal: advice 5, D alone decides (the default)", "MADV_FREE RFC v2, March 2014",
            p => Also(p with { MadvFree = MadvFreeVersion.Rfc2014 }, ProfileSwitches.MadvFreeNumber)),
        new("madvfree=linux45", "as merged: advice 8, freed at once without swap", "Linux 4.5 to 4.11", p => p with { MadvFree = MadvFreeVersion.Linux45 }),
        new("madvfree=linux412", "lazily freed pages on the file lists, without swap too", "Linux 4.12 and later", p => p with { MadvFree = MadvFreeVersion.Linux412 }),
        UserFault("uf2013", UserFaultVersion.Uf2013, "remap_anon_pages with three arguments, every surprise is EFAULT", "MADV_USERFAULT, May 2013"),
        UserFault("uf2014", UserFaultVersion.Uf2014, "four arguments, an errno for each surprise (the default)", "userfault v2, October 2014"),
        new("thp=madvise", "pages of 2 MiB for anonymous mappings with MADV_HUGEPAGE", "Linux transhuge.rst", p => p with { Thp = HugeMode.Madvise }),
        new("thp=always", "pages of 2 MiB wherever they fit into anonymous mappings", "Linux transhuge.rst", p => p with { Thp = HugeMode.Always }),
        new("hugefree=split", "MADV_FREE splits huge pages first", "MADV_FREE v2 to v17, 2014 and 2015", p => Also(p, ProfileSwitches.LazyFreeSplits)),
        Pool(4),
        Pool(16),
        Pool(64),
        Bit40("map32bit", MapBit40.Map32Bit, "mmap's bit 0x40 means below 2 GiB (the default)", "Linux 2.4.20 on x86-64, asm/mman.h"),
        Bit40("ignore", MapBit40.Ignore, "mmap's bit 0x40 means nothing", "Linux 2.4 and 2.5 on i386"),
        Bit40("bigpage", MapBit40.BigPage, "mmap's bit 0x40 means huge pages of the pool", "MAP_BIGPAGE, mail of Andrea Arcangeli of July 2002"),
        new("mapflags=strict", "mmap answers EINVAL to flags that it does not know", "our own, as an alternative of 2002",
            p => Also(p, ProfileSwitches.StrictMapFlags)),
        new("hugecalls", "alloc_hugepages and free_hugepages at 250 and 251 of int 0x80", "Linux 2.5.36 to 2.5.53, alloc_hugepages(2)",
            p => Also(p, ProfileSwitches.HugeCalls)),
        new("strict", "MADV_FREE by the number of its version only", "MADV_FREE RFC v2, March 2014",
            p => Also(p, ProfileSwitches.StrictAdvice | ProfileSwitches.MadvFreeNumber)),
    ];

    private static ProfileWord Vrange(string choice, VrangeVersion version, string says, string source) =>
        new($"vrange={choice}", says, source, p => Also(p with { Vrange = version }, ProfileSwitches.VrangeNumbers));

    private static ProfileWord UserFault(string choice, UserFaultVersion version, string says, string source) =>
        new($"userfault={choice}", says, source, p => Also(p with { UserFault = version }, ProfileSwitches.UserFaultNumbers));

    private static ProfileWord Pool(int pages) =>
        new($"hugepages={pages}", $"a pool of {pages} huge pages from the start; more by /proc/sys/vm/nr_hugepages", "Linux hugetlbpage.rst", p => p with { HugePages = pages });

    private static ProfileWord Bit40(string choice, MapBit40 meaning, string says, string source) =>
        new($"mmap40={choice}", says, source, p => p with { Bit40 = meaning });

    private static KernelProfile Also(KernelProfile profile, ProfileSwitches switches) => profile with { Switches = profile.Switches | switches };
}
