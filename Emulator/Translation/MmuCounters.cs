namespace MmuEmu.Emulator.Translation;

/// <summary>Integer counts of what the MMU did, by the names of the hardware's events.</summary>
/// <remarks>Each counts occurrences, never time. Source: [Intel perfmon, DTLB_LOAD_MISSES, DTLB_STORE_MISSES, ITLB_MISSES, PAGE_WALKER_LOADS].</remarks>
public sealed class MmuCounters
{
    private readonly ulong[] _walkReferences = new ulong[6];
    private readonly ulong[] _completedBySize = new ulong[4];
    private readonly ulong[] _pscHits = new ulong[6];

    /// <summary>Data accesses that the first level answered.</summary>
    public ulong DtlbHits { get; internal set; }

    /// <summary>Fetches that the first level answered.</summary>
    public ulong ItlbHits { get; internal set; }

    /// <summary>Accesses that the second level answered (STLB_HIT).</summary>
    public ulong StlbHits { get; internal set; }

    /// <summary>Data reads that no TLB answered (DTLB_LOAD_MISSES.MISS_CAUSES_A_WALK).</summary>
    public ulong LoadMisses { get; internal set; }

    /// <summary>Data writes that no TLB answered (DTLB_STORE_MISSES.MISS_CAUSES_A_WALK).</summary>
    public ulong StoreMisses { get; internal set; }

    /// <summary>Fetches that no TLB answered (ITLB_MISSES.MISS_CAUSES_A_WALK).</summary>
    public ulong FetchMisses { get; internal set; }

    /// <summary>Walks begun, whatever their reason and end.</summary>
    public ulong Walks { get; internal set; }

    /// <summary>Walks that ended in a page fault or were started again.</summary>
    public ulong WalksAborted { get; internal set; }

    /// <summary>Assists that set A or D bits, or both at once.</summary>
    public ulong AdAssists { get; internal set; }

    /// <summary>Page faults reported.</summary>
    public ulong Faults { get; internal set; }

    /// <summary>Invalidations of single pages.</summary>
    public ulong PageFlushes { get; internal set; }

    /// <summary>Invalidations of more than one page (TLB_FLUSH).</summary>
    public ulong Flushes { get; internal set; }

    /// <summary>Translations fetched without being asked for.</summary>
    public ulong SpeculativeFills { get; internal set; }

    /// <summary>Entries read by walks at each level, indexed 1 (PT) to 5 (PML5).</summary>
    public ReadOnlySpan<ulong> WalkReferences => _walkReferences;

    /// <summary>Walks that filled a translation, indexed by page size 1 (4 KiB) to 3 (1 GiB) (WALK_COMPLETED_4K, _2M_4M, _1G).</summary>
    public ReadOnlySpan<ulong> CompletedBySize => _completedBySize;

    /// <summary>Walks shortened by a paging-structure cache, indexed by the level of the cached entry: 2 (PDE) to 5 (PML5E).</summary>
    public ReadOnlySpan<ulong> PscHits => _pscHits;

    /// <summary>Entries read by walks at all levels.</summary>
    public ulong TotalWalkReferences
    {
        get
        {
            ulong sum = 0;
            foreach (ulong count in _walkReferences)
            {
                sum += count;
            }

            return sum;
        }
    }

    internal void CountReference(int level) => _walkReferences[level]++;

    internal void CountCompleted(int size) => _completedBySize[size]++;

    internal void CountPscHit(int level) => _pscHits[level]++;
}
