using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Tlb;

/// <summary>What may still be used after an entry changed in RAM, in each TLB mode.</summary>
public sealed class StalenessTests
{
    private const ulong Va = 0x40_0000;
    private const PteBits User = GuestTables.UserPage;

    [Theory, Spec("T-001")]
    [InlineData(TlbMode.NoCache, 0x1B0)]
    [InlineData(TlbMode.Preset, 0x1A0)]
    [InlineData(TlbMode.MaxStale, 0x1A0)]
    public void A_changed_frame_without_a_flush_is_seen_only_by_a_machine_that_caches_nothing(TlbMode mode, ulong expected)
    {
        // Given a page that has been read
        GuestTables tables = new GuestTables().Map(Va, 0x1A0);
        Mmu mmu = tables.NewMmu(mode);
        mmu.ShouldReach(An.UserRead(Va)).ShouldBe(0x1A0UL);

        // When its entry changes and nothing is flushed
        tables.Map(Va, 0x1B0);

        // Then the old frame is still used wherever it was remembered
        mmu.ShouldReach(An.UserRead(Va)).ShouldBe(expected);
    }

    [Fact, Spec("T-001")]
    public void In_the_preset_mode_the_old_frame_is_used_until_the_entry_is_evicted()
    {
        // Given a tiny TLB without a second level, and a page that has been read and moved
        TlbGeometry tiny = new()
        {
            Data = [TlbShape.Full(TlbSizes.All, 2)],
            Code = [TlbShape.Full(TlbSizes.All, 2)],
            Second = [],
            Psc = default,
        };
        GuestTables tables = new GuestTables().Map(Va, 0x1A0).Map(Va + 0x1000, 0x1A1).Map(Va + 0x2000, 0x1A2);
        Mmu mmu = tables.NewMmu(new MmuOptions { Geometry = tiny });
        mmu.ShouldReach(An.UserRead(Va));
        tables.Map(Va, 0x1B0);

        // When two other pages push it out
        mmu.ShouldReach(An.UserRead(Va)).ShouldBe(0x1A0UL);
        mmu.ShouldReach(An.UserRead(Va + 0x1000));
        mmu.ShouldReach(An.UserRead(Va + 0x2000));

        // Then the new frame is found
        mmu.ShouldReach(An.UserRead(Va)).ShouldBe(0x1B0UL);
    }

    [Fact, Spec("T-002")]
    public void A_page_made_absent_without_a_flush_may_still_be_read()
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0);
        Mmu stale = tables.NewMmu(TlbMode.MaxStale);
        Mmu none = tables.NewMmu(TlbMode.NoCache);
        stale.ShouldReach(An.UserRead(Va));
        none.ShouldReach(An.UserRead(Va));

        tables.Change(Va, PagingLevel.Pt, clear: PteBits.P);

        stale.ShouldReach(An.UserRead(Va)).ShouldBe(0x1A0UL);
        none.ShouldFault(An.UserRead(Va)).ShouldBe(PageFaultCode.US);
    }

    [Theory, Spec("T-003")]
    [InlineData(TlbMode.NoCache)]
    [InlineData(TlbMode.Preset)]
    [InlineData(TlbMode.MaxStale)]
    public void A_page_made_present_needs_no_flush(TlbMode mode)
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0, PteBits.RW | PteBits.US);
        Mmu mmu = tables.NewMmu(mode);
        mmu.ShouldFault(An.UserRead(Va)).ShouldBe(PageFaultCode.US);

        tables.Change(Va, PagingLevel.Pt, set: PteBits.P);

        mmu.ShouldReach(An.UserRead(Va)).ShouldBe(0x1A0UL);
    }

    [Theory, Spec("T-004")]
    [InlineData(TlbMode.NoCache)]
    [InlineData(TlbMode.Preset)]
    [InlineData(TlbMode.MaxStale)]
    public void An_entry_with_a_reserved_bit_is_never_remembered(TlbMode mode)
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0 | (1UL << 30));
        Mmu mmu = tables.NewMmu(mode);
        mmu.ShouldFault(An.UserRead(Va)).ShouldBe(PageFaultCode.P | PageFaultCode.Rsvd | PageFaultCode.US);

        tables.Map(Va, 0x1A0);

        mmu.ShouldReach(An.UserRead(Va)).ShouldBe(0x1A0UL);
    }
}
