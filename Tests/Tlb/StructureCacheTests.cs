using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Tlb;

/// <summary>The paging-structure caches: what they keep, what they must not keep, and what shows when they are stale.</summary>
public sealed class StructureCacheTests
{
    private const ulong Va = 0x40_0000;
    private const ulong Next = 0x40_1000;

    [Theory, Spec("T-070")]
    [InlineData(TlbMode.NoCache, 0x1B1)]
    [InlineData(TlbMode.MaxStale, 0x1A1)]
    public void A_new_page_of_a_repointed_region_may_come_from_the_old_page_table(TlbMode mode, ulong expected)
    {
        GuestTables tables = TwoPageTables(out Pte other);
        Mmu mmu = tables.NewMmu(mode);
        mmu.ShouldReach(An.UserRead(Va));

        tables.Set(Va, PagingLevel.Pd, other);

        mmu.ShouldReach(An.UserRead(Next)).ShouldBe(expected);
    }

    [Fact, Spec("T-071")]
    public void Invlpg_of_any_address_makes_the_new_page_table_count_everywhere()
    {
        GuestTables tables = TwoPageTables(out Pte other);
        Mmu mmu = tables.NewMmu(TlbMode.MaxStale);
        mmu.ShouldReach(An.UserRead(Va));

        tables.Set(Va, PagingLevel.Pd, other);
        mmu.InvalidatePage(new VirtAddr(0x7FFF_0000_0000));

        mmu.ShouldReach(An.UserRead(Next)).ShouldBe(0x1B1UL);
    }

    [Fact, Spec("T-072")]
    public void One_entry_remembered_under_several_prefixes_is_forgotten_under_all_of_them()
    {
        // Given two PML4 entries that share one PDPT, and a page read through each
        const ulong alias = 0x80_0000_0000;
        GuestTables tables = new GuestTables().Map(Va, 0x1A0).Map(Next, 0x1A1);
        tables.Set(alias, PagingLevel.Pml4, tables.Entry(Va, PagingLevel.Pml4));
        Mmu mmu = tables.NewMmu(TlbMode.MaxStale);
        mmu.ShouldReach(An.UserRead(Va));
        mmu.ShouldReach(An.UserRead(alias + Va)).ShouldBe(0x1A0UL);

        // When the shared PDE is repointed and one of the two addresses is flushed
        Pte old = tables.Entry(Va, PagingLevel.Pd);
        tables.Set(Va, PagingLevel.Pd, default).Map(Next, 0x1B1);
        tables.Entry(Va, PagingLevel.Pd).Frame.ShouldNotBe(old.Frame);
        mmu.InvalidatePage(new VirtAddr(Va));

        // Then both prefixes read the new table
        mmu.ShouldReach(An.UserRead(Next)).ShouldBe(0x1B1UL);
        mmu.ShouldReach(An.UserRead(alias + Next)).ShouldBe(0x1B1UL);
    }

    [Fact, Spec("T-073")]
    public void They_hold_frames_and_rights_of_table_entries_and_nothing_else()
    {
        // Given entries with every bit that has no meaning here, over a 4 KiB, a 2 MiB and a 1 GiB page
        const PteBits noise = PteBits.G | PteBits.PWT | PteBits.PCD | PteBits.D;
        GuestTables tables = new GuestTables()
            .Map(Va, 0x1A0, GuestTables.UserPage | PteBits.G)
            .Map(0x4000_0000, 0x400, level: PagingLevel.Pd)
            .Map(0x8000_0000, 0, level: PagingLevel.Pdpt);
        tables.Change(Va, PagingLevel.Pd, set: noise).Change(Va, PagingLevel.Pml4, set: noise & ~PteBits.G);
        Mmu mmu = tables.NewMmu(TlbMode.MaxStale);

        mmu.ShouldReach(An.UserRead(Va));
        mmu.ShouldReach(An.UserRead(0x4000_0000));
        mmu.ShouldReach(An.UserRead(0x8000_0000));

        // Then one PDE, two PDPTEs and one PML4E are remembered, each by frame and rights
        Held(mmu, TlbArrayName.Pde).ShouldBe([(0UL + Va, tables.Entry(Va, PagingLevel.Pd).Frame)]);
        Held(mmu, TlbArrayName.Pdpte).ShouldBe([
            (0UL, tables.Entry(Va, PagingLevel.Pdpt).Frame),
            (0x4000_0000UL, tables.Entry(0x4000_0000, PagingLevel.Pdpt).Frame)]);
        Held(mmu, TlbArrayName.Pml4e).ShouldBe([(0UL, tables.Entry(Va, PagingLevel.Pml4).Frame)]);
        foreach (TlbEntry entry in All(mmu, TlbArrayName.Pde).Concat(All(mmu, TlbArrayName.Pml4e)))
        {
            (entry.Global, entry.Dirty, entry.ProtectionKey, new Pte(entry.Value).Has(PteBits.PWT)).ShouldBe((false, false, 0, false));
        }
    }

    [Fact, Spec("T-074", "P-043")]
    public void They_may_be_filled_though_no_page_below_is_present()
    {
        // Given a PDE over an absent page, brought in by a prefetch, which cannot fault
        GuestTables tables = new GuestTables().Map(Va, 0x1A0, PteBits.None).Map(Next, 0x1A1);
        Mmu mmu = tables.NewMmu(TlbMode.MaxStale);
        mmu.Prefetch(An.UserRead(Va));

        // When another page of the region is read
        mmu.ShouldReach(An.UserRead(Next));

        // Then the walk starts at the page table, and A is set in what was remembered
        (mmu.LastOutcome.StartLevel, mmu.LastOutcome.Path.Count).ShouldBe((PagingLevel.Pt, 1));
        tables.Entry(Va, PagingLevel.Pd).Has(PteBits.A).ShouldBeTrue();
        mmu.Counters.Faults.ShouldBe(0UL);
    }

    [Theory, Spec("T-075")]
    [InlineData(TlbMode.NoCache, false)]
    [InlineData(TlbMode.MaxStale, true)]
    public void Rights_of_upper_entries_are_remembered_with_them(TlbMode mode, bool through)
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0).Map(Next, 0x1A1);
        Mmu mmu = tables.NewMmu(mode);
        mmu.ShouldReach(An.UserRead(Va));

        tables.Change(Va, PagingLevel.Pml4, clear: PteBits.RW);

        mmu.TryTranslate(An.UserWrite(Next), out _, out _).ShouldBe(through);
    }

    [Fact, Spec("T-075")]
    public void Remembered_rights_are_the_AND_of_RW_and_US_and_the_OR_of_XD()
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0);
        tables.Change(Va, PagingLevel.Pml4, clear: PteBits.RW).Change(Va, PagingLevel.Pdpt, clear: PteBits.US)
            .Change(Va, PagingLevel.Pd, set: PteBits.XD);
        Mmu mmu = tables.NewMmu(TlbMode.MaxStale);

        mmu.ShouldReach(An.KernelRead(Va));

        Rights Of(TlbArrayName name) => All(mmu, name).ShouldHaveSingleItem().Rights;
        (bool, bool, bool) Flags(Rights r) => (r.Write, r.User, r.Execute);
        Flags(Of(TlbArrayName.Pml4e)).ShouldBe((false, true, true));
        Flags(Of(TlbArrayName.Pdpte)).ShouldBe((false, false, true));
        Flags(Of(TlbArrayName.Pde)).ShouldBe((false, false, false));
    }

    [Fact, Spec("T-076")]
    public void A_table_frame_that_is_reused_without_a_flush_gives_wrong_data_and_with_one_does_not()
    {
        // Given a page table that has been freed and whose frame now holds data that looks like an entry
        GuestTables tables = new GuestTables().Map(Va, 0x1A0).Map(Next, 0x1A1);
        Mmu mmu = tables.NewMmu(TlbMode.MaxStale);
        mmu.ShouldReach(An.UserRead(Va));
        Pfn freed = tables.Entry(Va, PagingLevel.Pd).Frame;
        tables.Set(Va, PagingLevel.Pd, default).Map(Next, 0x1A1);
        tables.Ram.WriteUInt64(freed.EntryAt(1), Pte.Of(new Pfn(0x666), GuestTables.UserPage).Raw);

        // Then the missing flush shows as wrong data, and the flush cures it
        mmu.ShouldReach(An.UserRead(Next)).ShouldBe(0x666UL);
        mmu.InvalidatePage(new VirtAddr(Next));
        mmu.ShouldReach(An.UserRead(Next)).ShouldBe(0x1A1UL);
    }

    [Fact]
    public void With_five_levels_there_is_one_cache_more()
    {
        const ulong high = 0x00AB_0000_0040_0000;
        GuestTables tables = new(PagingBits.Wp | PagingBits.Nxe | PagingBits.La57);
        tables.Map(high, 0x1A0).Map(high + (1UL << 39), 0x1A1);
        Mmu mmu = tables.NewMmu(TlbMode.Preset);

        mmu.ShouldReach(An.UserRead(high)).ShouldBe(0x1A0UL);
        mmu.LastOutcome.Path.Count.ShouldBe(5);
        mmu.ShouldReach(An.UserRead(high + (1UL << 39))).ShouldBe(0x1A1UL);

        (mmu.LastOutcome.StartLevel, mmu.LastOutcome.Path.Count).ShouldBe((PagingLevel.Pml4, 4));
        Held(mmu, TlbArrayName.Pml5e).ShouldHaveSingleItem().Address.ShouldBe(0x00AB_0000_0000_0000UL);
    }

    /// <summary>A page table that maps 0x1A0 and 0x1A1, and a PDE for another that maps 0x1B0 and 0x1B1.</summary>
    private static GuestTables TwoPageTables(out Pte other)
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1B0).Map(Next, 0x1B1);
        other = tables.Entry(Va, PagingLevel.Pd);
        return tables.Set(Va, PagingLevel.Pd, default).Map(Va, 0x1A0).Map(Next, 0x1A1);
    }

    private static List<TlbEntry> All(Mmu mmu, TlbArrayName which)
    {
        List<TlbEntry> entries = [];
        mmu.List(which, entries);
        return entries;
    }

    private static (ulong Address, Pfn Frame)[] Held(Mmu mmu, TlbArrayName which) =>
        [.. All(mmu, which).Select(e => (e.Address.Raw, e.Frame)).OrderBy(e => e.Item1)];
}
