using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Translation;

/// <summary>Integer counts of what the MMU did, by the names of the hardware's events.</summary>
/// <remarks>
/// Each counts occurrences, never time. Accesses that a look-aside answers do not come here.
/// Source: [Intel perfmon, DTLB_LOAD_MISSES, DTLB_STORE_MISSES, ITLB_MISSES, PAGE_WALKER_LOADS].
/// </remarks>
public sealed class MmuCounters
{
    private PerKind _firstLevelHits;
    private readonly ulong[] _secondLevelHits = new ulong[3];
    private readonly ulong[] _misses = new ulong[3];
    private readonly ulong[] _walkReferences = new ulong[6];
    private readonly ulong[] _completedBySize = new ulong[4];
    private readonly ulong[] _pscHits = new ulong[6];

    /// <summary>Accesses of a kind that the first level answered.</summary>
    public ulong FirstLevelHits(AccessKind kind) => _firstLevelHits[(int)kind];

    /// <summary>Accesses of a kind that the second level answered (STLB_HIT).</summary>
    public ulong SecondLevelHits(AccessKind kind) => _secondLevelHits[(int)kind];

    /// <summary>Accesses of a kind that no TLB answered (MISS_CAUSES_A_WALK).</summary>
    public ulong Misses(AccessKind kind) => _misses[(int)kind];

    /// <summary>Walks begun, whatever their reason and end.</summary>
    public ulong Walks { get; internal set; }

    /// <summary>Walks that were given up and begun again: an entry changed meanwhile, or cached rights refused.</summary>
    public ulong WalksRestarted { get; internal set; }

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

    /// <summary>Walks that ended in a translation, indexed by page size 1 (4 KiB) to 3 (1 GiB) (WALK_COMPLETED_4K, _2M_4M, _1G).</summary>
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

    internal void CountFirstLevelHit(AccessKind kind) => _firstLevelHits[(int)kind & 3]++;

    internal void CountSecondLevelHit(AccessKind kind) => _secondLevelHits[(int)kind]++;

    internal void CountMiss(AccessKind kind) => _misses[(int)kind]++;

    internal void CountReference(int level) => _walkReferences[level]++;

    internal void CountCompleted(PageSize size) => _completedBySize[(int)size]++;

    internal void CountPscHit(int level) => _pscHits[level]++;

    /// <summary>In the object itself: a hit costs one addition. The fourth is never used, it spares the bounds check.</summary>
    [InlineArray(4)]
    private struct PerKind
    {
        private ulong _first;
    }
}
