using System.Runtime.CompilerServices;

using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Timing;

/// <summary>What became of the translations of one kind of access: loads, stores or fetches.</summary>
/// <remarks>
/// Accesses = first-level hits + second-level hits + misses, and misses = completed walks + faulted walks, exactly (C-105).
/// </remarks>
public sealed class TranslationCounters
{
    private PerLevel _secondHits;
    private PerLevel _completed;
    private PerCache _references;

    /// <summary>Translations asked for.</summary>
    public ulong Accesses { get; private set; }

    /// <summary>Answered by the first-level TLB.</summary>
    public ulong FirstHits { get; private set; }

    /// <summary>Answered by the second-level TLB, all page sizes.</summary>
    public ulong SecondHits => _secondHits[1] + _secondHits[2] + _secondHits[3];

    /// <summary>Answered by no TLB.</summary>
    public ulong Misses { get; private set; }

    /// <summary>Misses that ended in a translation, all page sizes.</summary>
    public ulong Completed => _completed[1] + _completed[2] + _completed[3];

    /// <summary>Misses that ended in a page fault.</summary>
    public ulong Faulted { get; private set; }

    /// <summary>Walks beyond one per miss: stale rights checked again, a first write after a read, entries changed meanwhile.</summary>
    public ulong Rewalks { get; private set; }

    /// <summary>Cycles during which a walk was under way.</summary>
    public ulong WalkCycles { get; private set; }

    /// <summary>Assists that set A or D bits, one per access at most.</summary>
    public ulong AdAssists { get; private set; }

    /// <summary>Entries read by walks.</summary>
    public ulong References => _references[0] + _references[1] + _references[2] + _references[3];

    /// <summary>Answered by the second-level TLB for pages of one size.</summary>
    public ulong SecondHitsOf(PageSize size) => _secondHits[(int)size];

    /// <summary>Misses that ended in a translation to a page of one size.</summary>
    public ulong CompletedOf(PageSize size) => _completed[(int)size];

    /// <summary>Entries read by walks that one cache level served.</summary>
    public ulong ReferencesFrom(CacheLevel level) => _references[(int)level];

    /// <summary>The same counts in an object of their own.</summary>
    internal TranslationCounters Copy() => (TranslationCounters)MemberwiseClone();

    /// <summary>Takes over the counts of <paramref name="other"/>.</summary>
    internal void Take(TranslationCounters other)
    {
        (_secondHits, _completed, _references) = (other._secondHits, other._completed, other._references);
        (Accesses, FirstHits, Misses, Faulted) = (other.Accesses, other.FirstHits, other.Misses, other.Faulted);
        (Rewalks, WalkCycles, AdAssists) = (other.Rewalks, other.WalkCycles, other.AdAssists);
    }

    internal void Note(in MmuOutcome outcome)
    {
        Accesses++;
        switch (outcome.TlbLevel)
        {
            case 1:
                FirstHits++;
                Rewalks += outcome.Walks;
                break;
            case 2:
                _secondHits[(int)outcome.Size & 3]++;
                Rewalks += outcome.Walks;
                break;
            default:
                NoteMiss(outcome);
                break;
        }

        AdAssists += outcome.EntriesMarked > 0 ? 1UL : 0;
    }

    internal void NoteReferences(CacheLevel served, ulong count) => _references[(int)served] += count;

    internal void NoteWalkCycles(ulong cycles) => WalkCycles += cycles;

    private void NoteMiss(in MmuOutcome outcome)
    {
        Misses++;
        Rewalks += outcome.Walks > 1 ? outcome.Walks - 1UL : 0;
        if (outcome.Faulted)
        {
            Faulted++;
        }
        else
        {
            _completed[(int)outcome.Size & 3]++;
        }
    }

    [InlineArray(4)]
    private struct PerLevel
    {
        private ulong _first;
    }

    [InlineArray(4)]
    private struct PerCache
    {
        private ulong _first;
    }
}
