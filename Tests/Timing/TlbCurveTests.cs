using System.Globalization;
using System.Text;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Golden;

namespace MmuEmu.Tests.Timing;

/// <summary>Where the latency curve of a pointer chase bends, and how high it stands between the bends.</summary>
public sealed class TlbCurveTests
{
    private const ulong Start = 0x4000_0000;

    private static readonly (PageSize Size, Order Order)[] Columns =
    [
        .. from size in Enum.GetValues<PageSize>()
           from order in Enum.GetValues<Order>()
           select (size, order),
    ];

    private enum Order
    {
        Ascending,
        Random,
    }

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

    [Theory]                                                // measured on Zen 5 with 4 KiB pages: 4.0, 4.0, 10.9, 20.5
    [InlineData("zen5", PageSize.Size4K, 64, 4)]
    [InlineData("zen5", PageSize.Size4K, 96, 4)]
    [InlineData("zen5", PageSize.Size4K, 512, 4 + 7)]
    [InlineData("zen5", PageSize.Size4K, 2048, 14 + 7)]
    [InlineData("zen5", PageSize.Size2M, 64, 4)]
    [InlineData("zen5", PageSize.Size2M, 512, 4 + 7)]
    [InlineData("zen5", PageSize.Size2M, 2048, 14 + 7)]
    [InlineData("zen5", PageSize.Size1G, 64, 4)]
    [InlineData("zen5", PageSize.Size1G, 512, 4 + 7)]
    [InlineData("skylake", PageSize.Size4K, 48, 4)]
    [InlineData("skylake", PageSize.Size4K, 384, 4 + 9)]
    [InlineData("skylake", PageSize.Size4K, 1024, 12 + 9)]
    [InlineData("skylake", PageSize.Size2M, 32, 4)]
    [InlineData("skylake", PageSize.Size2M, 384, 4 + 9)]
    [InlineData("skylake", PageSize.Size1G, 4, 4)]
    [InlineData("skylake", PageSize.Size1G, 16, 4 + 9)]
    [InlineData("golden-cove", PageSize.Size4K, 96, 5)]
    [InlineData("golden-cove", PageSize.Size4K, 512, 5 + 7)]
    [InlineData("golden-cove", PageSize.Size4K, 2048, 15 + 7)]
    [InlineData("golden-cove", PageSize.Size2M, 32, 5)]
    [InlineData("golden-cove", PageSize.Size2M, 512, 5 + 7)]
    [InlineData("golden-cove", PageSize.Size1G, 8, 5)]
    [InlineData("golden-cove", PageSize.Size1G, 512, 5 + 7)]
    public void Dependent_loads_one_line_per_page_stand_on_the_plateaus_of_the_preset(
        string name, PageSize size, int pages, int cycles)
    {
        MachinePresets.TryFind(name, out MachinePreset preset).ShouldBeTrue();
        CyclesPerLoad(preset, size, pages, Order.Random).ShouldBe(cycles, tolerance: 1.0);
    }

    [Fact]
    [Spec("C-003", Sizes = "4K 2M 1G")]
    public void The_curves_of_the_presets_are_those_of_the_golden_file()
    {
        StringBuilder text = new("Cycles per dependent load, one line per page, by number of pages.\n");
        foreach (MachinePreset preset in new[] { MachinePresets.Zen5, MachinePresets.Skylake, MachinePresets.GoldenCove })
        {
            text.Append($"\n{preset.Name,-12}");
            text.AppendJoin("", Columns.Select(c => $"{c.Size.ToString()[4..] + " " + c.Order,16}")).Append('\n');
            for (int pages = 16; pages <= 1 << 17; pages *= 2)
            {
                text.Append(CultureInfo.InvariantCulture, $"{pages,12}");
                text.AppendJoin("", Columns.Select(c =>
                    CyclesPerLoad(preset, c.Size, pages, c.Order).ToString("0.0", CultureInfo.InvariantCulture).PadLeft(16)));
                text.Append('\n');
            }
        }

        GoldenFile.Check("latency-curves.txt", text.ToString());
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

    private static double CyclesPerLoad(MachinePreset preset, PageSize size, int pages, Order order)
    {
        ulong start = size == PageSize.Size1G ? 0 : Start;  // 2^17 pages of 1 GiB fill the lower half
        using TimedMachine machine = new TimedMachine(preset).Map(start, pages, size);
        IEnumerable<ulong> lines = Pages.OneLineEach(start, pages, size);
        IReadOnlyList<ulong> chase = order == Order.Random ? lines.Shuffled(seed: 1) : [.. lines];
        machine.Sweep(chase);
        machine.Sweep(chase);

        ulong before = machine.Model.Now.Count;
        machine.Sweep(chase);
        return (machine.Model.Now.Count - before) / (double)pages;
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
