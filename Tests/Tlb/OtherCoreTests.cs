using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Tlb;

/// <summary>Two cores over one RAM, the order of stores and translations, and translations nobody asked for.</summary>
public sealed class OtherCoreTests
{
    private const ulong Va = 0x40_0000;

    [Fact, Spec("T-090", Cpus = 2)]
    public void A_flush_on_one_core_is_nothing_to_another()
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0);
        (Mmu zero, Mmu one) = (tables.NewMmu(TlbMode.Preset), tables.NewMmu(TlbMode.Preset));
        zero.ShouldReach(An.UserRead(Va));
        one.ShouldReach(An.UserRead(Va));

        tables.Map(Va, 0x1B0);
        zero.InvalidatePage(new VirtAddr(Va));

        (zero.ShouldReach(An.UserRead(Va)), one.ShouldReach(An.UserRead(Va))).ShouldBe((0x1B0UL, 0x1A0UL));
        one.InvalidatePage(new VirtAddr(Va));
        one.ShouldReach(An.UserRead(Va)).ShouldBe(0x1B0UL);
    }

    [Fact, Spec("T-091")]
    public void Until_the_other_core_has_flushed_it_reads_the_old_frame_whoever_owns_it_by_now()
    {
        // Given a page whose entry core 0 has cleared and flushed, and whose frame it has given to somebody else
        GuestTables tables = new GuestTables().Map(Va, 0x1A0);
        (Mmu zero, Mmu one) = (tables.NewMmu(TlbMode.Preset), tables.NewMmu(TlbMode.Preset));
        one.ShouldReach(An.UserRead(Va));
        tables.Set(Va, PagingLevel.Pt, default);
        zero.InvalidatePage(new VirtAddr(Va));
        tables.Ram.WriteUInt64(new Pfn(0x1A0).Base, 0x5EC2E7);

        // When core 1 reads before it has answered the shootdown, it sees what it must not
        Translated leak = one.ShouldTranslate(An.UserRead(Va));
        tables.Ram.ReadUInt64(leak.Address).ShouldBe(0x5EC2E7UL);

        // Then its own flush closes the window
        one.InvalidatePage(new VirtAddr(Va));
        one.ShouldFault(An.UserRead(Va)).ShouldBe(PageFaultCode.US);
    }

    [Theory, Spec("T-092")]
    [InlineData(TlbScope.Page)]
    [InlineData(TlbScope.PcidKeepGlobal)]
    [InlineData(TlbScope.All)]
    public void The_very_next_translation_after_an_invalidation_uses_the_new_tables(TlbScope scope)
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0);
        Mmu mmu = tables.NewMmu(TlbMode.MaxStale);
        mmu.ShouldReach(An.UserRead(Va));
        mmu.ShouldReach(An.UserFetch(Va));

        tables.Map(Va, 0x1B0);
        mmu.Invalidate(new TlbInvalidation(scope, new VirtAddr(Va), Pcid: 0));

        (mmu.ShouldReach(An.UserFetch(Va)), mmu.ShouldReach(An.UserRead(Va))).ShouldBe((0x1B0UL, 0x1B0UL));
    }

    [Theory, Spec("T-093", "T-094")]
    [InlineData(TlbMode.NoCache)]
    [InlineData(TlbMode.Preset)]
    [InlineData(TlbMode.MaxStale)]
    public void A_store_to_an_entry_is_seen_by_the_next_walk_for_data_and_for_fetches(TlbMode mode)
    {
        // Given the page table itself mapped at another address, and pages that have never been touched
        const ulong window = 0x60_0000;
        GuestTables tables = new GuestTables().Map(Va, 0x1A0).Map(Va + 0x1000, 0x1A1);
        tables.Map(window, tables.Entry(Va, PagingLevel.Pd).Frame.Raw);
        Mmu mmu = tables.NewMmu(mode);

        // When the core stores to both entries through the window
        PhysAddr first = mmu.ShouldTranslate(An.UserWrite(window)).Address;
        PhysAddr second = mmu.ShouldTranslate(An.UserWrite(window + 8)).Address;
        tables.Ram.WriteUInt64(first, Pte.Of(new Pfn(0x1B0), GuestTables.UserPage).Raw);
        tables.Ram.WriteUInt64(second, Pte.Of(new Pfn(0x1B1), GuestTables.UserPage).Raw);

        // Then the next access, of either kind, uses the new values
        (mmu.ShouldReach(An.UserRead(Va)), mmu.ShouldReach(An.UserFetch(Va + 0x1000))).ShouldBe((0x1B0UL, 0x1B1UL));
    }

    [Fact, Spec("T-096")]
    public void Speculation_may_bring_in_any_mapped_page_and_set_A_but_never_D()
    {
        // Given three pages, the third absent
        GuestTables tables = new GuestTables().Map(Va, 0x1A0).Map(Va + 0x1000, 0x1A1).Map(Va + 0x2000, 0x1A2, PteBits.None);
        Mmu mmu = tables.NewMmu(new MmuOptions { SpeculativeFill = SpeculativeFill.NextPage });

        // When the first is written
        mmu.ShouldReach(An.UserWrite(Va));

        // Then the second is in the TLB with A and without D, and the access's own record shows one walk
        tables.Entry(Va + 0x1000).ShouldBe(Pte.Of(new Pfn(0x1A1), GuestTables.UserPage | PteBits.A));
        (mmu.LastOutcome.Walks, mmu.Counters.SpeculativeFills).ShouldBe(((byte)1, 1UL));
        mmu.ShouldReach(An.UserRead(Va + 0x1000));
        mmu.LastOutcome.TlbLevel.ShouldBe((byte)1);

        // And the absent page is neither filled nor a fault
        tables.Entry(Va + 0x2000).Raw.ShouldBe(Pte.Of(new Pfn(0x1A2), PteBits.None).Raw);
        mmu.Counters.Faults.ShouldBe(0UL);
    }

    [Fact, Spec("T-096")]
    public void Without_speculation_only_what_was_asked_for_is_brought_in()
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0).Map(Va + 0x1000, 0x1A1);
        Mmu mmu = tables.NewMmu(TlbMode.Preset);

        mmu.ShouldReach(An.UserWrite(Va));

        tables.Entry(Va + 0x1000).Has(PteBits.A).ShouldBeFalse();
    }
}
