using System.Globalization;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Sessions;

/// <summary>All words of <c>--profile</c>: a word that is not here does not exist, for errors, completions, help and documents alike.</summary>
/// <remarks>Who names a family wants its numbers too, whatever the program declares.</remarks>
internal static class ProfileWords
{
    private const string PoolFamily = "hugepages=";

    // 64 GiB, the largest RAM.
    private const int MostPoolPages = 32768;

    /// <summary>The words, those of a family together.</summary>
    public static IReadOnlyList<ProfileWord> All { get; } =
    [
        Vrange("v7", VrangeVersion.V7, "addresses, whatever is mapped there; full and partial mode; answers 0 or 1", "vrange v7, March 2013"),
        Vrange("v8", VrangeVersion.V8, "page by page from the page lists, only with swap; answers bytes", "vrange v8, June 2013"),
        Vrange("v9", VrangeVersion.V9, "whole ranges too, without swap too; each sharer loses alone", "vrange v9, October 2013"),
        Vrange("v10", VrangeVersion.V10, "whole ranges, oldest first, before anonymous pages are aged (the default)", "vrange v10, January 2014"),
        Vrange("v11", VrangeVersion.V11, "a property of mappings; call 316, modes swapped; a hole ends the call", "vrange v11, 14 March 2014"),
        Vrange("v12", VrangeVersion.V12, "as v11 with flags; losses by page; ages anonymous pages without swap", "vrange v12, 21 March 2014"),
        Vrange("v13", VrangeVersion.V13, "the call is mvolatile; purged entries go at once", "mvolatile v13, April 2014"),
        Vrange("v14", VrangeVersion.V14, "madvise 18 and 19, all of the range or nothing; answers 0 or 1", "MADV_VOLATILE v14, April 2014"),
        new("quirks", "the bugs of the posted vrange code too", "vrange v7 to v13, as posted", p => Also(p, ProfileSwitches.VrangeQuirks | ProfileSwitches.VrangeNumbers)),
        Files("K", FileMarks.K, ProfileSwitches.None, "mvrange marks files for the process alone; a page goes when all who map it agree", "mvrange and fvrange, Minchan Kim, April 2013"),
        Files("K-exit", FileMarks.K, ProfileSwitches.KeepMarksAtExit, "as files=K, and the marks of a process that ends become the file's", "vranges on files, April 2013"),
        Files("J", FileMarks.J, ProfileSwitches.None, "mvrange and fvrange mark the file's data; private mappers get copies before a purge", "vranges on files, John Stultz, April 2013"),
        new("ashmem", "there is /dev/ashmem, shared memory with pins, to compare with", "Linux drivers/staging/android/ashmem.c",
            p => Also(p, ProfileSwitches.Ashmem)),
        new("madvfree=rfc2014", "the proposal: advice 5, D alone decides (the default)", "MADV_FREE RFC v2, March 2014",
            p => Also(p with { MadvFree = MadvFreeVersion.Rfc2014 }, ProfileSwitches.MadvFreeNumber)),
        new("madvfree=linux45", "as merged: advice 8, freed at once without swap", "Linux 4.5 to 4.11", p => p with { MadvFree = MadvFreeVersion.Linux45 }),
        new("madvfree=linux412", "lazily freed pages on the file lists, without swap too", "Linux 4.12 and later", p => p with { MadvFree = MadvFreeVersion.Linux412 }),
        UserFault("uf2013", UserFaultVersion.Uf2013, "remap_anon_pages with three arguments, every surprise is EFAULT", "MADV_USERFAULT, May 2013"),
        UserFault("uf2014", UserFaultVersion.Uf2014, "four arguments, an errno for each surprise (the default)", "userfault v2, October 2014"),
        new("thp=madvise", "pages of 2 MiB for anonymous mappings with MADV_HUGEPAGE", "Linux transhuge.rst", p => p with { Thp = HugeMode.Madvise }),
        new("thp=always", "pages of 2 MiB wherever they fit into anonymous mappings", "Linux transhuge.rst", p => p with { Thp = HugeMode.Always }),
        new("hugefree=split", "MADV_FREE splits huge pages first", "MADV_FREE v2 to v17, 2014 and 2015", p => Also(p, ProfileSwitches.LazyFreeSplits)),
        Pool(16),
        Bit40("map32bit", MapBit40.Map32Bit, "mmap's bit 0x40 means below 2 GiB (the default)", "Linux 2.4.20 on x86-64, asm/mman.h"),
        Bit40("ignore", MapBit40.Ignore, "mmap's bit 0x40 means nothing", "Linux 2.4 and 2.5 on i386"),
        Bit40("bigpage", MapBit40.BigPage, "mmap's bit 0x40 means huge pages of the pool", "MAP_BIGPAGE, mail of Andrea Arcangeli of July 2002"),
        new("mapflags=strict", "mmap answers EINVAL to flags that it does not know", "our own, as an alternative of 2002",
            p => Also(p, ProfileSwitches.StrictMapFlags)),
        new("hugecalls", "alloc_hugepages and free_hugepages at 250 and 251 of int 0x80", "Linux 2.5.36 to 2.5.53, alloc_hugepages(2)",
            p => Also(p, ProfileSwitches.HugeCalls)),
        new("strict", "MADV_FREE by the number of its version only", "MADV_FREE RFC v2, March 2014",
            p => Also(p, ProfileSwitches.StrictAdvice | ProfileSwitches.MadvFreeNumber)),
        .. CopyWords.All,
    ];

    private static ProfileWord Vrange(string choice, VrangeVersion version, string says, string source) =>
        new($"vrange={choice}", says, source, p => Also(p with { Vrange = version }, ProfileSwitches.VrangeNumbers));

    private static ProfileWord Files(string choice, FileMarks marks, ProfileSwitches more, string says, string source) =>
        new($"files={choice}", says, source, p => Also(p with { Files = marks }, ProfileSwitches.FileVrangeNumbers | more));

    private static ProfileWord UserFault(string choice, UserFaultVersion version, string says, string source) =>
        new($"userfault={choice}", says, source, p => Also(p with { UserFault = version }, ProfileSwitches.UserFaultNumbers));

    /// <summary>A word with its number, such as <c>hugepages=3</c>; null for a text that is none.</summary>
    public static ProfileWord? WithNumber(string typed) =>
        typed.StartsWith(PoolFamily, StringComparison.Ordinal)
        && int.TryParse(typed.AsSpan(PoolFamily.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int pages)
        && pages is >= 1 and <= MostPoolPages
            ? Pool(pages)
            : CopyWords.WithNumber(typed);

    private static ProfileWord Pool(int pages) =>
        new($"{PoolFamily}{pages}", $"so many huge pages in a pool from the start, 1 to {MostPoolPages}; more by /proc/sys/vm/nr_hugepages", "Linux hugetlbpage.rst", p => p with { HugePages = pages })
        {
            Numbers = (1, MostPoolPages),
        };

    private static ProfileWord Bit40(string choice, MapBit40 meaning, string says, string source) =>
        new($"mmap40={choice}", says, source, p => p with { Bit40 = meaning });

    private static KernelProfile Also(KernelProfile profile, ProfileSwitches switches) => profile with { Switches = profile.Switches | switches };
}
