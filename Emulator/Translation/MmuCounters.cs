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
    private PerKind _secondLevelHits;
    private PerKind _misses;
    private PerKind _completedBySize;
    private PerLevel _walkReferences;
    private PerLevel _pscHits;

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
    public ReadOnlySpan<ulong> WalkReferences => ((ReadOnlySpan<ulong>)_walkReferences)[..6];

    /// <summary>Walks that ended in a translation, indexed by page size 1 (4 KiB) to 3 (1 GiB) (WALK_COMPLETED_4K, _2M_4M, _1G).</summary>
    public ReadOnlySpan<ulong> CompletedBySize => _completedBySize;

    /// <summary>Walks shortened by a paging-structure cache, indexed by the level of the cached entry: 2 (PDE) to 5 (PML5E).</summary>
    public ReadOnlySpan<ulong> PscHits => ((ReadOnlySpan<ulong>)_pscHits)[..6];

    /// <summary>Entries read by walks at all levels.</summary>
    public ulong TotalWalkReferences
    {
        get
        {
            ulong sum = 0;
            foreach (ulong count in WalkReferences)
            {
                sum += count;
            }

            return sum;
        }
    }

    /// <summary>The same counts in an object of their own.</summary>
    internal MmuCounters Copy() => (MmuCounters)MemberwiseClone();

    /// <summary>Takes over the counts of <paramref name="other"/>.</summary>
    internal void Take(MmuCounters other)
    {
        (_firstLevelHits, _secondLevelHits, _misses) = (other._firstLevelHits, other._secondLevelHits, other._misses);
        (_completedBySize, _walkReferences, _pscHits) = (other._completedBySize, other._walkReferences, other._pscHits);
        (Walks, WalksRestarted, AdAssists, Faults) = (other.Walks, other.WalksRestarted, other.AdAssists, other.Faults);
        (PageFlushes, Flushes, SpeculativeFills) = (other.PageFlushes, other.Flushes, other.SpeculativeFills);
    }

    internal void CountFirstLevelHit(AccessKind kind) => _firstLevelHits[(int)kind & 3]++;

    internal void CountSecondLevelHit(AccessKind kind) => _secondLevelHits[(int)kind & 3]++;

    internal void CountMiss(AccessKind kind) => _misses[(int)kind & 3]++;

    internal void CountReference(int level) => _walkReferences[level & 7]++;

    internal void CountCompleted(PageSize size) => _completedBySize[(int)size & 3]++;

    internal void CountPscHit(int level) => _pscHits[level & 7]++;

    /// <summary>In the object itself: a hit costs one addition. By kind the fourth is never used, it spares the bounds check.</summary>
    [InlineArray(4)]
    private struct PerKind
    {
        private ulong _first;
    }

    /// <summary>The same for levels, of which there are six with the one that is none.</summary>
    [InlineArray(8)]
    private struct PerLevel
    {
        private ulong _first;
    }
}
