namespace MmuEmu.Kernel.Abi;

/// <summary>The counts that /proc/vmstat shows, under their names there.</summary>
/// <remarks>Source: [Linux mm/vmstat.c, vmstat_text]; pgdiscard is from the vrange postings (V-165).</remarks>
public enum MmCounter
{
    /// <summary>pgfault: page faults handled.</summary>
    PgFault,

    /// <summary>pgmajfault: faults that read from a device.</summary>
    PgMajFault,

    /// <summary>pgalloc: frames taken.</summary>
    PgAlloc,

    /// <summary>pgfree: frames freed.</summary>
    PgFree,

    /// <summary>pgactivate: pages moved to an active list.</summary>
    PgActivate,

    /// <summary>pgdeactivate: pages moved to an inactive list.</summary>
    PgDeactivate,

    /// <summary>pgrotated: pages moved to the tail of the inactive list.</summary>
    PgRotated,

    /// <summary>pgscan: pages looked at by reclaim.</summary>
    PgScan,

    /// <summary>pgsteal: pages freed by reclaim.</summary>
    PgSteal,

    /// <summary>pswpin: pages read from swap.</summary>
    PswpIn,

    /// <summary>pswpout: pages written to swap.</summary>
    PswpOut,

    /// <summary>pglazyfree: pages marked by MADV_FREE.</summary>
    PgLazyFree,

    /// <summary>pglazyfreed: marked pages dropped by reclaim.</summary>
    PgLazyFreed,

    /// <summary>pgdiscard_direct: volatile pages purged by an allocation or by a purge-now call.</summary>
    PgDiscardDirect,

    /// <summary>pgdiscard_kswapd: volatile pages purged while balancing.</summary>
    PgDiscardKswapd,

    /// <summary>allocstall: allocations that had to reclaim themselves.</summary>
    AllocStall,

    /// <summary>pageoutrun: balancing runs.</summary>
    PageOutRun,

    /// <summary>oom_kill: times a victim was chosen.</summary>
    OomKill,

    /// <summary>cow_break: frames copied by copy-on-write.</summary>
    CowBreak,

    /// <summary>cow_reuse: writes to a frame that had become the only copy.</summary>
    CowReuse,

    /// <summary>pgzeroed: frames set to zero.</summary>
    PgZeroed,

    /// <summary>nr_tlb_local_flush_one: single pages invalidated.</summary>
    TlbFlushOne,

    /// <summary>nr_tlb_local_flush_all: whole spaces invalidated.</summary>
    TlbFlushAll,

    /// <summary>pte_write: page-table entries rewritten by the kernel.</summary>
    PteWrite,

    /// <summary>remap_moved: pages moved by remap_anon_pages.</summary>
    RemapMoved,

    /// <summary>thp_fault_alloc: huge pages that faults made.</summary>
    ThpFaultAlloc,

    /// <summary>thp_fault_fallback: faults that would have made one and had to do with 4 KiB.</summary>
    ThpFaultFallback,

    /// <summary>thp_collapse_alloc: huge pages made of small ones.</summary>
    ThpCollapseAlloc,

    /// <summary>thp_split_page: huge pages split into 512.</summary>
    ThpSplitPage,

    /// <summary>thp_zero_page_alloc: times the huge page of zeros was made.</summary>
    ThpZeroPageAlloc,

    /// <summary>remap_moved_huge: huge pages moved whole by remap_anon_pages.</summary>
    RemapMovedHuge,

    /// <summary>pgmigrate_success: pages moved to other frames, to free a run for a huge page.</summary>
    PgMigrate,
}

/// <summary>The counters of one memory system; they only grow.</summary>
public sealed class MmCounters
{
    private readonly ulong[] _counts = new ulong[(int)MmCounter.PgMigrate + 1];

    /// <summary>The count of <paramref name="counter"/>.</summary>
    public ulong this[MmCounter counter] => _counts[(int)counter];

    /// <summary>Adds one.</summary>
    public void Add(MmCounter counter) => _counts[(int)counter]++;

    /// <summary>Adds <paramref name="count"/>.</summary>
    public void Add(MmCounter counter, ulong count) => _counts[(int)counter] += count;

    /// <summary>All counts, in the order of <see cref="MmCounter"/>.</summary>
    internal ulong[] ToArray() => [.. _counts];

    /// <summary>Makes the counts what <see cref="ToArray"/> gave.</summary>
    internal void PutBack(ulong[] counts) => counts.CopyTo(_counts, 0);
}
