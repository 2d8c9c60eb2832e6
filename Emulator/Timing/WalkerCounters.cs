using System.Runtime.CompilerServices;

using MmuEmu.Emulator.Paging;

namespace MmuEmu.Emulator.Timing;

/// <summary>Entries that the walker read, by the level of their table and the cache that served them.</summary>
public sealed class WalkerCounters
{
    private const int CacheLevels = 4;

    private Grid _reads;

    /// <summary>Entries of tables of <paramref name="table"/> level that <paramref name="cache"/> served.</summary>
    public ulong this[PagingLevel table, CacheLevel cache] => _reads[((int)table * CacheLevels) + (int)cache];

    /// <summary>Entries of tables of one level.</summary>
    public ulong Of(PagingLevel table) =>
        this[table, CacheLevel.L1] + this[table, CacheLevel.L2] + this[table, CacheLevel.L3] + this[table, CacheLevel.Memory];

    /// <summary>Entries that one cache level served.</summary>
    public ulong From(CacheLevel cache) =>
        this[PagingLevel.Pt, cache] + this[PagingLevel.Pd, cache] + this[PagingLevel.Pdpt, cache]
        + this[PagingLevel.Pml4, cache] + this[PagingLevel.Pml5, cache];

    /// <summary>Entries read by walks that had to start again, before they did; their levels are not kept.</summary>
    public ulong Repeated { get; private set; }

    /// <summary>All entries read.</summary>
    public ulong Total =>
        From(CacheLevel.L1) + From(CacheLevel.L2) + From(CacheLevel.L3) + From(CacheLevel.Memory) + Repeated;

    /// <summary>The same counts in an object of their own.</summary>
    internal WalkerCounters Copy() => (WalkerCounters)MemberwiseClone();

    /// <summary>Takes over the counts of <paramref name="other"/>.</summary>
    internal void Take(WalkerCounters other) => (_reads, Repeated) = (other._reads, other.Repeated);

    internal void NoteRepeated(ulong count) => Repeated += count;

    internal void Note(PagingLevel table, CacheLevel cache) => _reads[((int)table * CacheLevels) + (int)cache]++;

    [InlineArray(6 * CacheLevels)]
    private struct Grid
    {
        private ulong _first;
    }
}
