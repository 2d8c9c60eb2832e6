using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Timing;

/// <summary>One counter under the name that <c>perf</c> gives it on the modelled processor.</summary>
/// <param name="Name">The event's name.</param>
/// <param name="Value">The count.</param>
/// <param name="Unit">What is counted, in the plural.</param>
/// <param name="Note">What the event means, in one clause.</param>
public readonly record struct PerfReading(string Name, ulong Value, string Unit, string Note);

/// <summary>Reads a cycle model's counters under the names of the modelled processor's events.</summary>
/// <remarks>Source: [Linux tools/perf/pmu-events/arch/x86: skylake, alderlake, haswell, amdzen4].</remarks>
public static class PerfEvents
{
    private static readonly EventRow[] Common =
    [
        new("cycles", m => m.Now.Count, "cycles", "core clock"),
        new("instructions", m => m.Instructions, "instructions", "retired"),
        new("L1-dcache-loads", m => m.LoadLines.Total, "loads", "the guest's loads"),
        new("L1-dcache-load-misses", m => m.LoadLines.MissesOf(CacheLevel.L1), "loads", "not in the first level"),
        new("LLC-load-misses", m => m.LoadLines.MissesOf(CacheLevel.L3), "loads", "served by memory"),
        new("dTLB-loads", m => m.Loads.Accesses, "loads", "translated"),
        new("dTLB-load-misses", m => m.Loads.Misses, "loads", "no TLB answered"),
        new("dTLB-store-misses", m => m.Stores.Misses, "stores", "no TLB answered"),
        new("iTLB-load-misses", m => m.Fetches.Misses, "fetches", "no TLB answered"),
    ];

    private static readonly EventRow[] Intel =
    [
        .. IntelTlb("DTLB_LOAD_MISSES", m => m.Loads),
        .. IntelTlb("DTLB_STORE_MISSES", m => m.Stores),
        .. IntelTlb("ITLB_MISSES", m => m.Fetches),
        .. WalkerLoads("PAGE_WALKER_LOADS.DTLB_", (m, level) => m.Loads.ReferencesFrom(level) + m.Stores.ReferencesFrom(level)),
        .. WalkerLoads("PAGE_WALKER_LOADS.ITLB_", (m, level) => m.Fetches.ReferencesFrom(level)),
        new("MEM_INST_RETIRED.STLB_MISS_LOADS", m => m.Loads.Completed, "loads", "retired loads that missed the STLB"),
        new("MEM_INST_RETIRED.STLB_MISS_STORES", m => m.Stores.Completed, "stores", "retired stores that missed the STLB"),
        .. LoadHits(CacheLevel.L1, "L1"),
        .. LoadHits(CacheLevel.L2, "L2"),
        .. LoadHits(CacheLevel.L3, "L3"),
        new("TLB_FLUSH.STLB_ANY", Flushes, "flushes", "of more than one page"),
    ];

    private static readonly EventRow[] Amd =
    [
        new("ls_l1_d_tlb_miss.all", m => Data(m, c => c.SecondHits + c.Misses), "misses", "first-level data TLB"),
        .. AmdReloads(PageSize.Size4K, "4k"),
        .. AmdReloads(PageSize.Size2M, "2m"),
        .. AmdReloads(PageSize.Size1G, "1g"),
        new("ls_l1_d_tlb_miss.all_l2_miss", m => Data(m, c => c.Misses), "misses", "both levels of the data TLB"),
        new("bp_l1_tlb_miss_l2_tlb_hit", m => m.Fetches.SecondHits, "fetches", "second-level TLB answered"),
        new("bp_l1_tlb_miss_l2_tlb_miss.all", m => m.Fetches.Misses, "fetches", "no TLB answered"),
        new("bp_l1_tlb_miss_l2_tlb_miss.if4k", m => m.Fetches.CompletedOf(PageSize.Size4K), "fetches", "walked to a 4 KiB page"),
        new("bp_l1_tlb_miss_l2_tlb_miss.if2m", m => m.Fetches.CompletedOf(PageSize.Size2M), "fetches", "walked to a 2 MiB page"),
        new("bp_l1_tlb_miss_l2_tlb_miss.if1g", m => m.Fetches.CompletedOf(PageSize.Size1G), "fetches", "walked to a 1 GiB page"),
        new("ls_tlb_flush.all", m => Flushes(m) + m.CountOf(HardwarePath.Invlpg), "flushes", "of any extent"),
    ];

    // No processor counts these, and each of them is what one wants to know next.
    private static readonly EventRow[] Model =
    [
        new("walks", m => m.Loads.Misses + m.Stores.Misses + m.Fetches.Misses, "walks", "translations that no TLB answered"),
        new("walk-references", m => m.Walker.Total, "reads", "entries read by walks"),
        .. WalkerLoads("walk-references-", (m, level) =>
            m.Loads.ReferencesFrom(level) + m.Stores.ReferencesFrom(level) + m.Fetches.ReferencesFrom(level)),
        new("walk-cycles", m => m.Loads.WalkCycles + m.Stores.WalkCycles + m.Fetches.WalkCycles, "cycles", "a walk was under way"),
        new("ad-assists", m => m.Loads.AdAssists + m.Stores.AdAssists + m.Fetches.AdAssists, "assists", "A or D bits set"),
    ];

    /// <summary>All counters of <paramref name="model"/>: general ones and the processor's own.</summary>
    public static IReadOnlyList<PerfReading> Read(CycleModel model)
    {
        List<PerfReading> readings = [];
        Append(readings, Common, model);
        Append(readings, Model, model);
        Append(readings, model.Preset.Counters == CounterStyle.Amd ? Amd : Intel, model);
        return readings;
    }

    private static ulong Flushes(CycleModel m) => m.CountOf(HardwarePath.FlushAll) + m.CountOf(HardwarePath.Cr3Flush);

    private static ulong Data(CycleModel m, Func<TranslationCounters, ulong> count) => count(m.Loads) + count(m.Stores);

    private static EventRow[] IntelTlb(string group, Func<CycleModel, TranslationCounters> of) =>
    [
        new($"{group}.MISS_CAUSES_A_WALK", m => of(m).Misses, "walks", "started, whatever their end"),
        new($"{group}.STLB_HIT", m => of(m).SecondHits, "hits", "second-level TLB answered"),
        new($"{group}.WALK_COMPLETED", m => of(m).Completed + of(m).Faulted, "walks", "ended, with or without a fault"),
        new($"{group}.WALK_COMPLETED_4K", m => of(m).CompletedOf(PageSize.Size4K), "walks", "to a 4 KiB page"),
        new($"{group}.WALK_COMPLETED_2M_4M", m => of(m).CompletedOf(PageSize.Size2M), "walks", "to a 2 MiB page"),
        new($"{group}.WALK_COMPLETED_1G", m => of(m).CompletedOf(PageSize.Size1G), "walks", "to a 1 GiB page"),
        new($"{group}.WALK_PENDING", m => of(m).WalkCycles, "cycles", "busy walkers, summed over cycles"),
        new($"{group}.WALK_ACTIVE", m => of(m).WalkCycles, "cycles", "any walker busy; one walk at a time in an in-order core"),
    ];

    private static EventRow[] WalkerLoads(string prefix, Func<CycleModel, CacheLevel, ulong> of) =>
    [
        new(prefix + "L1", m => of(m, CacheLevel.L1), "reads", "entries found in the first-level cache"),
        new(prefix + "L2", m => of(m, CacheLevel.L2), "reads", "entries found in the second-level cache"),
        new(prefix + "L3", m => of(m, CacheLevel.L3), "reads", "entries found in the third-level cache"),
        new(prefix + "MEMORY", m => of(m, CacheLevel.Memory), "reads", "entries read from memory"),
    ];

    private static EventRow[] LoadHits(CacheLevel level, string name) =>
    [
        new($"MEM_LOAD_RETIRED.{name}_HIT", m => m.LoadLines[level], "loads", "served there"),
        new($"MEM_LOAD_RETIRED.{name}_MISS", m => m.LoadLines.MissesOf(level), "loads", "served further out"),
    ];

    private static EventRow[] AmdReloads(PageSize size, string name) =>
    [
        new($"ls_l1_d_tlb_miss.tlb_reload_{name}_l2_hit", m => Data(m, c => c.SecondHitsOf(size)), "reloads", "second-level TLB answered"),
        new($"ls_l1_d_tlb_miss.tlb_reload_{name}_l2_miss", m => Data(m, c => c.CompletedOf(size)), "reloads", "by a walk"),
    ];

    private static void Append(List<PerfReading> readings, EventRow[] rows, CycleModel model)
    {
        foreach (EventRow row in rows)
        {
            readings.Add(new PerfReading(row.Name, row.Count(model), row.Unit, row.Note));
        }
    }

    private readonly record struct EventRow(string Name, Func<CycleModel, ulong> Count, string Unit, string Note);
}
