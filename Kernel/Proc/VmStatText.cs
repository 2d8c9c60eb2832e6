using System.Globalization;
using System.Text;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Memory;

namespace MmuEmu.Kernel.Proc;

/// <summary>The text of /proc/vmstat: free frames, and the counters of memory management.</summary>
/// <remarks>Source: [Linux mm/vmstat.c, vmstat_text]; pgdiscard is from the vrange postings (V-165), the last six are the emulator's own.</remarks>
internal sealed class VmStatText(MemorySystem mem) : ITextSource
{
    /// <summary>The counters by the names that they have there.</summary>
    public static readonly IReadOnlyList<(MmCounter Counter, string Name)> Names =
    [
        (MmCounter.PswpIn, "pswpin"), (MmCounter.PswpOut, "pswpout"), (MmCounter.PgAlloc, "pgalloc"), (MmCounter.PgFree, "pgfree"),
        (MmCounter.PgActivate, "pgactivate"), (MmCounter.PgDeactivate, "pgdeactivate"), (MmCounter.PgLazyFree, "pglazyfree"),
        (MmCounter.PgFault, "pgfault"), (MmCounter.PgMajFault, "pgmajfault"), (MmCounter.PgLazyFreed, "pglazyfreed"),
        (MmCounter.PgScan, "pgscan"), (MmCounter.PgSteal, "pgsteal"), (MmCounter.PageOutRun, "pageoutrun"), (MmCounter.AllocStall, "allocstall"),
        (MmCounter.PgRotated, "pgrotated"), (MmCounter.PgDiscardDirect, "pgdiscard_direct"), (MmCounter.PgDiscardKswapd, "pgdiscard_kswapd"),
        (MmCounter.OomKill, "oom_kill"), (MmCounter.TlbFlushAll, "nr_tlb_local_flush_all"), (MmCounter.TlbFlushOne, "nr_tlb_local_flush_one"),
        (MmCounter.ThpFaultAlloc, "thp_fault_alloc"), (MmCounter.ThpFaultFallback, "thp_fault_fallback"), (MmCounter.ThpCollapseAlloc, "thp_collapse_alloc"),
        (MmCounter.ThpSplitPage, "thp_split_page"), (MmCounter.ThpZeroPageAlloc, "thp_zero_page_alloc"), (MmCounter.PgMigrate, "pgmigrate_success"),
        (MmCounter.CowBreak, "cow_break"), (MmCounter.CowReuse, "cow_reuse"), (MmCounter.PgZeroed, "pgzeroed"), (MmCounter.PteWrite, "pte_write"),
        (MmCounter.RemapMoved, "remap_moved"), (MmCounter.RemapMovedHuge, "remap_moved_huge"),
    ];

    /// <inheritdoc/>
    public string Text()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"nr_free_pages {mem.Buddy.FreeCount}\n");
        foreach ((MmCounter counter, string name) in Names)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name} {mem.Counters[counter]}\n");
        }

        return text.ToString();
    }
}
