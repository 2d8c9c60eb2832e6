using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Timing;

/// <summary>Where the latency curve of a pointer chase bends, and how high it stands between the bends.</summary>
public sealed class TlbCurveTests
{
    private const ulong Start = 0x4000_0000;

    [Theory]
    [Spec("C-001")]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(96)]
    [InlineData(512)]
    public void A_fully_associative_lru_level_serves_as_many_pages_as_it_has_entries_and_not_one_more(int entries)
    {
        MachinePreset preset = MachinePresets.Zen5 with
        {
            Tlb = TlbGeometries.Zen5 with { Data = [TlbShape.Full(TlbSizes.All, entries)] },
        };

        FirstLevelMisses(preset, pages: entries).ShouldBe(0UL);
        FirstLevelMisses(preset, pages: entries + 1).ShouldBe((ulong)entries + 1);
    }

    [Theory]                                                // sets, ways, stride in pages, pages that fit
    [Spec("C-002")]
    [InlineData(128, 12, 128, 12)]
    [InlineData(128, 12, 32, 48)]
    [InlineData(128, 12, 256, 12)]
    [InlineData(128, 12, 1, 1536)]
    [InlineData(512, 8, 64, 64)]
    public void A_strided_walk_fits_while_its_pages_fit_the_sets_they_fall_into(int sets, int ways, int stride, int fit)
    {
        fit.ShouldBe(ways * Math.Max(1, sets / stride));
        MachinePreset preset = MachinePresets.Skylake with
        {
            Tlb = TlbGeometries.Skylake with
            {
                Second = [new TlbShape(TlbSizes.Size4K | TlbSizes.Size2M, sets * ways, ways, Replacement.Lru)],
            },
        };

        WalksPerRound(preset, fit, stride).ShouldBe(0UL);
        WalksPerRound(preset, fit + 1, stride).ShouldBeGreaterThanOrEqualTo((ulong)ways + 1);
    }

    [Theory]                                                // pages, cycles per load; measured on Zen 5: 4.0, 10.9, 20.5
    [InlineData("zen5", 64, 4)]
    [InlineData("zen5", 96, 4)]
    [InlineData("zen5", 512, 4 + 7)]
    [InlineData("zen5", 2048, 14 + 7)]
    [InlineData("skylake", 48, 4)]
    [InlineData("skylake", 384, 4 + 9)]
    [InlineData("skylake", 1024, 12 + 9)]
    [InlineData("golden-cove", 512, 5 + 7)]
    [InlineData("golden-cove", 1024, 15 + 7)]
    public void Dependent_loads_one_line_per_page_cost_what_the_measured_curve_says(string name, int pages, int cycles)
    {
        MachinePresets.TryFind(name, out MachinePreset preset).ShouldBeTrue();
        using TimedMachine machine = new TimedMachine(preset).Map(Start, pages);
        IReadOnlyList<ulong> chase = Pages.OneLineEach(Start, pages).Shuffled(seed: 1);
        machine.Sweep(chase);
        machine.Sweep(chase);

        ulong before = machine.Model.Now.Count;
        machine.Sweep(chase);
        double perLoad = (machine.Model.Now.Count - before) / (double)pages;

        perLoad.ShouldBe(cycles, tolerance: 1.0);
    }

    [Fact]
    [Spec("C-005")]
    public void Lines_packed_densely_pay_nothing_for_translation()
    {
        // 8192 lines lie in 128 pages, which a 4096-entry second level holds after one round.
        MachinePreset preset = MachinePresets.Zen5 with
        {
            Tlb = TlbGeometries.Zen5 with { Data = [TlbShape.Full(TlbSizes.All, 128)] },
        };
        using TimedMachine machine = new TimedMachine(preset).Map(Start, 128);
        IReadOnlyList<ulong> lines = Pages.InOrder(Start, 8192, strideBytes: 64).Shuffled(seed: 2);
        machine.Sweep(lines);
        CpiStack before = machine.Model.Stack;

        machine.Sweep(lines);

        CpiStack after = machine.Model.Stack;
        (after.Total.Count - before.Total.Count).ShouldBe(
            after[CpiBucket.DataL1].Count + after[CpiBucket.DataL2].Count + after[CpiBucket.DataL3].Count
            + after[CpiBucket.DataMemory].Count - before[CpiBucket.DataL1].Count - before[CpiBucket.DataL2].Count
            - before[CpiBucket.DataL3].Count - before[CpiBucket.DataMemory].Count);
    }

    private static ulong FirstLevelMisses(MachinePreset preset, int pages)
    {
        using TimedMachine machine = new TimedMachine(preset).Map(Start, pages);
        IReadOnlyList<ulong> chase = Pages.OneLineEach(Start, pages).Shuffled(seed: 3);
        machine.Sweep(chase);
        machine.Sweep(chase);
        TranslationCounters loads = machine.Model.Loads;
        ulong before = loads.Accesses - loads.FirstHits;
        machine.Sweep(chase);
        return loads.Accesses - loads.FirstHits - before;
    }

    private static ulong WalksPerRound(MachinePreset preset, int pages, int stride)
    {
        using TimedMachine machine = new(preset);
        ulong[] chase = [.. Pages.InOrder(Start, pages, (ulong)stride << 12)];
        foreach (ulong page in chase)
        {
            machine.Map(page, 1);
        }

        machine.Sweep(chase);
        machine.Sweep(chase);
        ulong before = machine.Model.Loads.Misses;
        machine.Sweep(chase);
        return machine.Model.Loads.Misses - before;
    }
}
