using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Tlb;

/// <summary>When A and D are written to RAM, and when a cached entry makes them stay as they are.</summary>
public sealed class AccessedDirtyTests
{
    private const ulong Va = 0x40_0000;
    private const PteBits Clean = GuestTables.UserPage;

    [Theory, Spec("T-005", "P-042")]
    [InlineData(TlbMode.NoCache)]
    [InlineData(TlbMode.Preset)]
    [InlineData(TlbMode.MaxStale)]
    public void Every_entry_used_has_A_before_the_translation_can_be_used(TlbMode mode)
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0);
        Mmu mmu = tables.NewMmu(mode);

        mmu.ShouldReach(An.UserRead(Va));

        AccessedAt(tables).ShouldBe((true, true, true, true));
        foreach (TlbEntry entry in Everything(mmu))
        {
            new Pte(entry.Value).Has(PteBits.A).ShouldBeTrue();
        }
    }

    [Theory, Spec("T-006")]
    [InlineData(TlbMode.Preset)]
    [InlineData(TlbMode.MaxStale)]
    public void A_is_set_again_after_software_cleared_it_and_flushed(TlbMode mode)
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0);
        Mmu mmu = tables.NewMmu(mode);
        mmu.ShouldReach(An.UserRead(Va));

        tables.Change(Va, PagingLevel.Pt, clear: PteBits.A);
        mmu.InvalidatePage(new VirtAddr(Va));
        mmu.ShouldReach(An.UserRead(Va));

        tables.Entry(Va).Has(PteBits.A).ShouldBeTrue();
    }

    [Theory, Spec("T-007")]
    [InlineData(TlbMode.NoCache, true)]
    [InlineData(TlbMode.MaxStale, false)]
    public void A_cleared_without_a_flush_may_stay_clear(TlbMode mode, bool setAgain)
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0);
        Mmu mmu = tables.NewMmu(mode);
        mmu.ShouldReach(An.UserRead(Va));

        tables.Change(Va, PagingLevel.Pt, clear: PteBits.A);
        mmu.ShouldReach(An.UserRead(Va));

        tables.Entry(Va).Has(PteBits.A).ShouldBe(setAgain);
    }

    [Theory, Spec("T-008")]
    [InlineData(TlbMode.NoCache, true)]
    [InlineData(TlbMode.MaxStale, false)]
    public void D_cleared_without_a_flush_may_stay_clear_and_with_one_is_set_again(TlbMode mode, bool setWithoutFlush)
    {
        // Given a page that has been written
        GuestTables tables = new GuestTables().Map(Va, 0x1A0);
        Mmu mmu = tables.NewMmu(mode);
        mmu.ShouldReach(An.UserWrite(Va));
        tables.Entry(Va).Has(PteBits.D).ShouldBeTrue();

        // When software clears D and the page is written again
        tables.Change(Va, PagingLevel.Pt, clear: PteBits.D);
        mmu.ShouldReach(An.UserWrite(Va));
        tables.Entry(Va).Has(PteBits.D).ShouldBe(setWithoutFlush);

        // Then a flush makes the next write set it
        tables.Change(Va, PagingLevel.Pt, clear: PteBits.D);
        mmu.InvalidatePage(new VirtAddr(Va));
        mmu.ShouldReach(An.UserWrite(Va));
        tables.Entry(Va).Has(PteBits.D).ShouldBeTrue();
    }

    [Theory, Spec("T-009")]
    [InlineData(TlbMode.Preset)]
    [InlineData(TlbMode.MaxStale)]
    public void A_write_through_an_entry_that_a_read_filled_sets_D_with_one_assist(TlbMode mode)
    {
        // Given a page whose A bits are set and that a read has brought in
        GuestTables tables = new GuestTables().Map(Va, 0x1A0);
        Mmu mmu = tables.NewMmu(mode);
        mmu.ShouldReach(An.UserRead(Va));
        ulong assistsBefore = mmu.Counters.AdAssists;

        // When it is written, twice
        Translated first = mmu.ShouldTranslate(An.UserWrite(Va));
        tables.Entry(Va).Has(PteBits.D).ShouldBeTrue();
        Translated second = mmu.ShouldTranslate(An.UserWrite(Va));

        // Then one assist set D, and the second write is a plain hit
        (mmu.Counters.AdAssists - assistsBefore).ShouldBe(1UL);
        first.CanWrite.ShouldBeTrue();
        (second.TlbLevel, mmu.LastOutcome.Walks).ShouldBe(((byte)1, (byte)0));
    }

    [Theory, Spec("T-009")]
    [InlineData(TlbMode.Preset)]
    [InlineData(TlbMode.MaxStale)]
    public void A_first_write_looks_at_the_entry_again_and_follows_what_it_says_now(TlbMode mode)
    {
        // Given a page that has been read, and then moved without a flush
        GuestTables tables = new GuestTables().Map(Va, 0x1A0);
        Mmu mmu = tables.NewMmu(mode);
        mmu.ShouldReach(An.UserRead(Va));
        tables.Map(Va, 0x1B0);

        // When it is written for the first time, the new frame is written and marked
        mmu.ShouldReach(An.UserWrite(Va)).ShouldBe(0x1B0UL);
        tables.Entry(Va).ShouldBe(Pte.Of(new Pfn(0x1B0), Clean | PteBits.A | PteBits.D));

        // And when the entry is gone at the first write, the write faults
        GuestTables gone = new GuestTables().Map(Va, 0x1A0);
        Mmu other = gone.NewMmu(mode);
        other.ShouldReach(An.UserRead(Va));
        gone.Change(Va, PagingLevel.Pt, clear: PteBits.P);
        other.ShouldFault(An.UserWrite(Va)).ShouldBe(PageFaultCode.WR | PageFaultCode.US);
    }

    [Fact, Spec("T-010")]
    public void Reads_and_fetches_leave_D_alone_and_upper_entries_never_get_it()
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0);
        Mmu mmu = tables.NewMmu(TlbMode.NoCache);

        mmu.ShouldReach(An.UserRead(Va));
        mmu.ShouldReach(An.UserFetch(Va));
        mmu.Prefetch(An.UserRead(Va));
        DirtyAt(tables).ShouldBe((false, false, false, false));

        mmu.ShouldReach(An.UserWrite(Va));
        DirtyAt(tables).ShouldBe((true, false, false, false));
    }

    [Theory, Spec("T-011", "P-042")]
    [InlineData(AccessedOnFault.LeaveUpper, false)]
    [InlineData(AccessedOnFault.MarkUpper, true)]
    public void A_write_that_faults_leaves_the_leaf_alone_and_upper_A_bits_follow_the_switch(AccessedOnFault policy, bool upper)
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0, PteBits.P | PteBits.US);
        Mmu mmu = tables.NewMmu(new MmuOptions { TlbMode = TlbMode.NoCache, AccessedOnFault = policy });

        mmu.ShouldFault(An.UserWrite(Va)).ShouldBe(PageFaultCode.P | PageFaultCode.WR | PageFaultCode.US);

        AccessedAt(tables).ShouldBe((false, upper, upper, upper));
        DirtyAt(tables).ShouldBe((false, false, false, false));
    }

    [Theory, Spec("T-012")]
    [InlineData(TlbMode.NoCache)]
    [InlineData(TlbMode.Preset)]
    public void When_another_core_clears_P_between_the_read_and_the_mark_the_walk_starts_again(TlbMode mode)
    {
        // Given another core that clears P once the walk has read the entry
        GuestTables tables = new GuestTables().Map(Va, 0x1A0);
        Mmu mmu = tables.NewMmu(mode);
        mmu.Trace = new OtherCore(() => tables.Change(Va, PagingLevel.Pt, clear: PteBits.P));

        // When the page is written
        PageFaultCode code = mmu.ShouldFault(An.UserWrite(Va));

        // Then the write faults, and the other core's entry has not been overwritten
        code.ShouldBe(PageFaultCode.WR | PageFaultCode.US);
        tables.Entry(Va).ShouldBe(Pte.Of(new Pfn(0x1A0), PteBits.RW | PteBits.US));
        (mmu.LastOutcome.Walks, mmu.LastOutcome.EarlierReferences).ShouldBe(((byte)2, (ushort)4));
        mmu.Counters.WalksRestarted.ShouldBe(1UL);
    }

    [Fact, Spec("T-012")]
    public void When_another_core_moves_the_page_meanwhile_the_new_frame_is_used_and_marked()
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0);
        Mmu mmu = tables.NewMmu(TlbMode.Preset);
        mmu.Trace = new OtherCore(() => tables.Map(Va, 0x1B0));

        mmu.ShouldReach(An.UserWrite(Va)).ShouldBe(0x1B0UL);

        tables.Entry(Va).ShouldBe(Pte.Of(new Pfn(0x1B0), Clean | PteBits.A | PteBits.D));
    }

    [Fact, Spec("P-044")]
    public void Flushing_and_peeking_set_no_bits()
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0);
        Mmu mmu = tables.NewMmu(TlbMode.Preset);

        mmu.InvalidatePage(new VirtAddr(Va));
        mmu.TryPeek(new VirtAddr(Va), out Leaf leaf, out WalkPath path).ShouldBeTrue();

        (leaf.Entry.Frame.Raw, path.Count).ShouldBe((0x1A0UL, 4));
        AccessedAt(tables).ShouldBe((false, false, false, false));
        (mmu.Counters.Walks, mmu.Counters.TotalWalkReferences, Everything(mmu).Count).ShouldBe((0UL, 0UL, 0));
    }

    private static (bool Pt, bool Pd, bool Pdpt, bool Pml4) AccessedAt(GuestTables tables) => Bits(tables, PteBits.A);

    private static (bool Pt, bool Pd, bool Pdpt, bool Pml4) DirtyAt(GuestTables tables) => Bits(tables, PteBits.D);

    private static (bool Pt, bool Pd, bool Pdpt, bool Pml4) Bits(GuestTables tables, PteBits bit) => (
        tables.Entry(Va, PagingLevel.Pt).Has(bit),
        tables.Entry(Va, PagingLevel.Pd).Has(bit),
        tables.Entry(Va, PagingLevel.Pdpt).Has(bit),
        tables.Entry(Va, PagingLevel.Pml4).Has(bit));

    private static List<TlbEntry> Everything(Mmu mmu)
    {
        List<TlbEntry> entries = [];
        foreach (TlbArrayName name in Enum.GetValues<TlbArrayName>())
        {
            mmu.List(name, entries);
        }

        return entries;
    }
}
