using System.Runtime.CompilerServices;

using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Translation;

namespace MmuEmu.Emulator.Timing;

/// <summary>The parts of one translation's price, in cycles.</summary>
internal struct WalkCost
{
    private PerLevel _perLevel;

    /// <summary>The second-level TLB answered.</summary>
    public ulong SecondHit { get; set; }

    /// <summary>The second level missed, and the walker started.</summary>
    public ulong Start { get; set; }

    /// <summary>A and D bits were set.</summary>
    public ulong Assist { get; set; }

    /// <summary>Reads of entries at one level.</summary>
    public ulong this[PagingLevel level]
    {
        readonly get => _perLevel[(int)level];
        set => _perLevel[(int)level] = value;
    }

    [InlineArray(6)]
    private struct PerLevel
    {
        private ulong _first;
    }
}

/// <summary>Prices the second-level look-up, the walk and the assist of one translation.</summary>
internal sealed class WalkPricer(MachinePreset preset, CacheHierarchy caches, WalkerCounters walker)
{
    private readonly TranslationCosts _costs = preset.Translation;
    private readonly CacheSystem _memory = preset.Caches;

    /// <summary>The price of <paramref name="outcome"/>; its references are counted and go through the caches.</summary>
    public WalkCost Price(in MmuOutcome outcome, TranslationCounters counters)
    {
        WalkCost cost = default;
        if (outcome.TlbLevel == 2)
        {
            cost.SecondHit = (ulong)_costs.SecondTlb;
        }

        if (outcome.Walks > 0)
        {
            PriceWalks(outcome, counters, ref cost);
        }

        if (outcome.EntriesMarked > 0)
        {
            cost.Assist = (ulong)_costs.AdAssist;
        }

        return cost;
    }

    private void PriceWalks(in MmuOutcome outcome, TranslationCounters counters, ref WalkCost cost)
    {
        // A walk that started again reads the same few lines, which the first try has just brought in.
        ulong duration = ((ulong)_costs.WalkBase * outcome.Walks) + (outcome.EarlierReferences * CyclesOfRead(CacheLevel.L1));
        walker.NoteRepeated(outcome.EarlierReferences);
        counters.NoteReferences(CacheLevel.L1, outcome.EarlierReferences);
        cost.Start = duration + (outcome.TlbLevel == 0 ? (ulong)_costs.SecondTlb : 0);
        for (int i = 0; i < outcome.StepCount; i++)
        {
            WalkStep step = outcome.StepAt(i);
            ulong read = PriceRead(step, counters);
            cost[step.Level] += read;
            duration += read;
        }

        counters.NoteWalkCycles(duration);
    }

    private ulong PriceRead(in WalkStep step, TranslationCounters counters)
    {
        ulong line = CacheHierarchy.LineOf(step.Slot);
        CacheLevel served = _costs.Port == WalkerPort.L2 ? caches.BelowFirst(line) : caches.Data(line);
        walker.Note(step.Level, served);
        counters.NoteReferences(served, 1);
        return CyclesOfRead(served);
    }

    private ulong CyclesOfRead(CacheLevel served) =>
        _costs.Port == WalkerPort.Free ? 0 : (ulong)(_memory.CyclesOf(served) + _costs.WalkStep);
}
