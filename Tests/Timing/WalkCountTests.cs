using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Timing;

/// <summary>Counts that can be computed by hand.</summary>
public sealed class WalkCountTests
{
    private const ulong Start = 0x4000_0000;                // 1 GiB: aligned for every table

    private static readonly MachinePreset BigPsc = MachinePresets.Zen5;

    private static readonly MachinePreset NoPsc = MachinePresets.Zen5 with
    {
        Tlb = TlbGeometries.Zen5 with
        {
            Psc = new PscGeometry(
                TlbShape.Full(TlbSizes.None, 0), TlbShape.Full(TlbSizes.None, 0),
                TlbShape.Full(TlbSizes.None, 0), TlbShape.Full(TlbSizes.None, 0)),
        },
    };

    private static readonly MachinePreset EndlessCaches = MachinePresets.Zen5 with
    {
        Caches = MachinePresets.Zen5.Caches with { Data = new CacheGeometry(65536, 16, 4, 1) },
    };

    [Theory]
    [Spec("C-101", Sizes = "4K")]
    [InlineData(1)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(4096)]
    public void A_cold_sweep_reads_each_entry_once(int pages)
    {
        using TimedMachine machine = new TimedMachine(BigPsc).Map(Start, pages);

        machine.Sweep(Pages.InOrder(Start, pages));

        machine.Model.Loads.Misses.ShouldBe((ulong)pages);
        machine.Model.Walker.Total.ShouldBe((ulong)(pages + CeilingOf(pages, 512) + CeilingOf(pages, 1 << 18) + 1));
    }

    [Fact]
    [Spec("C-101", Sizes = "4K")]
    public void A_cold_sweep_of_4096_pages_reads_4106_entries()
    {
        using TimedMachine machine = new TimedMachine(BigPsc).Map(Start, 4096);
        machine.Sweep(Pages.InOrder(Start, 4096));
        machine.Model.Walker.Total.ShouldBe(4106UL);
    }

    [Fact]
    [Spec("C-102")]
    public void Without_paging_structure_caches_every_walk_reads_four_entries()
    {
        using TimedMachine machine = new TimedMachine(NoPsc).Map(Start, 4096);
        machine.Sweep(Pages.InOrder(Start, 4096));
        machine.Model.Walker.Total.ShouldBe(16384UL);
    }

    [Fact]
    [Spec("C-103", Sizes = "2M")]
    public void A_cold_sweep_of_1024_huge_pages_reads_1027_entries()
    {
        using TimedMachine machine = new TimedMachine(BigPsc).Map(Start, 1024, PageSize.Size2M);
        machine.Sweep(Pages.InOrder(Start, 1024, strideBytes: 2UL << 20));
        machine.Model.Walker.Total.ShouldBe(1027UL);
    }

    [Fact]
    [Spec("C-104")]
    public void A_line_of_eight_entries_misses_once_and_hits_seven_times()
    {
        using TimedMachine machine = new TimedMachine(EndlessCaches).Map(Start, 4096);

        machine.Sweep(Pages.OneLineEach(Start, 4096));

        WalkerCounters walker = machine.Model.Walker;
        (walker.From(CacheLevel.L1), walker.From(CacheLevel.Memory)).ShouldBe((3591UL, 515UL));
        (walker.From(CacheLevel.L2), walker.From(CacheLevel.L3)).ShouldBe((0UL, 0UL));
    }

    [Theory]
    [Spec("C-105")]
    [InlineData("zen5")]
    [InlineData("skylake")]
    [InlineData("golden-cove")]
    [InlineData("tiny")]
    [InlineData("ideal")]
    public void Nothing_is_lost_between_the_counters(string name)
    {
        MachinePresets.TryFind(name, out MachinePreset preset).ShouldBeTrue();
        using TimedMachine machine = new TimedMachine(preset).Map(Start, 3000).Map(0x1_0000_0000, 40, PageSize.Size2M);
        Sequence random = new(11);
        for (int i = 0; i < 20_000; i++)
        {
            ulong region = random.Below(3) == 0 ? 0x1_0000_0000 + (random.Below(40) << 21) : Start + (random.Below(3100) << 12);
            machine.Touch(region + (random.Below(500) * 8), (AccessKind)random.Below(3));
        }

        CycleModel model = machine.Model;
        foreach (TranslationCounters kind in new[] { model.Loads, model.Stores, model.Fetches })
        {
            kind.Accesses.ShouldBe(kind.FirstHits + kind.SecondHits + kind.Misses);
            kind.Misses.ShouldBe(kind.Completed + kind.Faulted);
            kind.Faulted.ShouldBeGreaterThan(0UL);
        }

        (model.Loads.References + model.Stores.References + model.Fetches.References).ShouldBe(model.Walker.Total);
        model.Walker.Total.ShouldBe(machine.Mmu.Counters.TotalWalkReferences);
        (model.Loads.AdAssists + model.Stores.AdAssists + model.Fetches.AdAssists).ShouldBe(machine.Mmu.Counters.AdAssists);
        WalkBuckets(model).ShouldBe(model.Loads.WalkCycles + model.Stores.WalkCycles + model.Fetches.WalkCycles
            + ((model.Loads.Misses + model.Stores.Misses + model.Fetches.Misses) * (ulong)preset.Translation.SecondTlb));
    }

    [Theory]
    [Spec("C-108")]
    [InlineData(false)]
    [InlineData(true)]
    public void A_first_sweep_of_stores_takes_one_assist_per_page_and_a_second_one_none(bool readBefore)
    {
        const int Count = 512;
        using TimedMachine machine = new TimedMachine(BigPsc).Map(Start, Count);
        if (readBefore)
        {
            machine.Sweep(Pages.InOrder(Start, Count));
        }

        machine.Sweep(Pages.InOrder(Start, Count), AccessKind.Write);
        ulong first = machine.Model.Stores.AdAssists;
        machine.Sweep(Pages.InOrder(Start, Count), AccessKind.Write);

        (first, machine.Model.Stores.AdAssists - first).ShouldBe(((ulong)Count, 0UL));
        Enumerable.Range(0, Count).Count(i => IsDirty(machine, Start + ((ulong)i << 12))).ShouldBe(Count);
    }

    [Theory]
    [Spec("C-109")]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(512)]
    public void A_fault_storm_costs_two_walks_a_page_and_loses_the_cached_path_each_time(int pages)
    {
        using TimedMachine machine = new TimedMachine(BigPsc).Reserve(Start, pages);

        ulong faults = 0;
        foreach (ulong page in Pages.InOrder(Start, pages))
        {
            if (!machine.Touch(page))
            {
                faults++;
                machine.Ram.WriteUInt64(machine.SlotOf(page, PageSize.Size4K), (0x8000_0000 + page) | 7);
                machine.Touch(page).ShouldBeTrue();
            }
        }

        faults.ShouldBe((ulong)pages);
        machine.Model.Loads.Misses.ShouldBe(2UL * (ulong)pages);
        machine.Model.Walker.Total.ShouldBe((5UL * (ulong)pages) + 3);
    }

    [Fact]
    [Spec("C-204", Sizes = "4K 2M")]
    public void Huge_pages_make_the_walks_of_a_64_MiB_working_set_vanish()
    {
        WarmWalksPerThousand(PageSize.Size4K, 16384).ShouldBeGreaterThan(700UL);
        WarmWalksPerThousand(PageSize.Size2M, 32).ShouldBe(0UL);
    }

    private static ulong WarmWalksPerThousand(PageSize size, int pages)
    {
        using TimedMachine machine = new TimedMachine(MachinePresets.Zen5).Map(Start, pages, size);
        Sequence random = new(5);
        ulong[] addresses = [.. Enumerable.Range(0, 20_000).Select(_ => Start + (random.Below(64UL << 20) & ~7UL))];
        machine.Sweep(addresses);
        ulong before = machine.Model.Loads.Misses;
        machine.Sweep(addresses);
        return (machine.Model.Loads.Misses - before) * 1000 / (ulong)addresses.Length;
    }

    private static ulong WalkBuckets(CycleModel model)
    {
        ulong sum = 0;
        for (CpiBucket bucket = CpiBucket.WalkStart; bucket <= CpiBucket.WalkPt; bucket++)
        {
            sum += model.Stack[bucket].Count;
        }

        return sum;
    }

    private static bool IsDirty(TimedMachine machine, ulong page) =>
        new Pte(machine.Ram.ReadUInt64(machine.SlotOf(page, PageSize.Size4K))).Has(PteBits.D);

    private static int CeilingOf(int count, int per) => (count + per - 1) / per;
}
