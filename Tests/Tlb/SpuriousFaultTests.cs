using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Tlb;

/// <summary>Rights that change without a flush: loosening costs at most one fault, tightening may go unseen.</summary>
public sealed class SpuriousFaultTests
{
    private const ulong Va = 0x40_0000;
    private const PteBits Present = PteBits.P | PteBits.US;

    [Theory, Spec("T-013")]
    [InlineData(TlbMode.NoCache, SpuriousFault.Recheck, 0)]
    [InlineData(TlbMode.NoCache, SpuriousFault.Deliver, 0)]
    [InlineData(TlbMode.Preset, SpuriousFault.Recheck, 0)]
    [InlineData(TlbMode.Preset, SpuriousFault.Deliver, 1)]
    [InlineData(TlbMode.MaxStale, SpuriousFault.Recheck, 0)]
    [InlineData(TlbMode.MaxStale, SpuriousFault.Deliver, 1)]
    public void Making_a_page_writable_needs_no_flush_and_costs_at_most_one_fault(TlbMode mode, SpuriousFault policy, int faults)
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0, Present);
        Mmu mmu = tables.NewMmu(new MmuOptions { TlbMode = mode, SpuriousFault = policy });
        mmu.ShouldReach(An.UserRead(Va));

        tables.Change(Va, PagingLevel.Pt, set: PteBits.RW);

        FaultsUntilSuccess(mmu, An.UserWrite(Va)).ShouldBe(faults);
    }

    [Theory, Spec("T-014")]
    [InlineData(SpuriousFault.Recheck, 0)]
    [InlineData(SpuriousFault.Deliver, 1)]
    public void Making_a_page_user_or_executable_needs_no_flush_and_costs_at_most_one_fault(SpuriousFault policy, int faults)
    {
        // Given a supervisor page and a page that forbids execution, both in the TLB
        GuestTables tables = new GuestTables().Map(Va, 0x1A0, PteBits.P).Map(Va + 0x1000, 0x1A1, Present | PteBits.XD);
        Mmu mmu = tables.NewMmu(new MmuOptions { TlbMode = TlbMode.MaxStale, SpuriousFault = policy });
        mmu.ShouldReach(An.KernelRead(Va));
        mmu.ShouldReach(An.UserRead(Va + 0x1000));

        // When both bits are loosened
        tables.Change(Va, PagingLevel.Pt, set: PteBits.US);
        tables.Change(Va + 0x1000, PagingLevel.Pt, clear: PteBits.XD);

        // Then user code gets through after as many faults as the policy has
        FaultsUntilSuccess(mmu, An.UserRead(Va)).ShouldBe(faults);
        FaultsUntilSuccess(mmu, An.UserFetch(Va + 0x1000)).ShouldBe(faults);
    }

    [Theory, Spec("T-013", "T-075")]
    [InlineData(SpuriousFault.Recheck, 0)]
    [InlineData(SpuriousFault.Deliver, 1)]
    public void Loosening_an_upper_entry_needs_no_flush_either(SpuriousFault policy, int faults)
    {
        // Given a PML4 entry without RW, remembered with the PDE by a read of one page
        GuestTables tables = new GuestTables().Map(Va, 0x1A0).Map(Va + 0x1000, 0x1A1);
        tables.Change(Va, PagingLevel.Pml4, clear: PteBits.RW);
        Mmu mmu = tables.NewMmu(new MmuOptions { TlbMode = TlbMode.MaxStale, SpuriousFault = policy });
        mmu.ShouldReach(An.UserRead(Va));

        // When RW is given back
        tables.Change(Va, PagingLevel.Pml4, set: PteBits.RW);

        // Then a write to another page of the region meets the remembered rights once, or not at all
        FaultsUntilSuccess(mmu, An.UserWrite(Va + 0x1000)).ShouldBe(faults);
    }

    [Theory, Spec("T-015")]
    [InlineData(TlbMode.NoCache, false)]
    [InlineData(TlbMode.MaxStale, true)]
    public void Taking_RW_away_without_a_flush_may_let_writes_through(TlbMode mode, bool through)
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0);
        Mmu mmu = tables.NewMmu(mode);
        mmu.ShouldReach(An.UserWrite(Va));

        tables.Change(Va, PagingLevel.Pt, clear: PteBits.RW);

        mmu.TryTranslate(An.UserWrite(Va), out _, out _).ShouldBe(through);
    }

    [Fact, Spec("T-016")]
    public void A_fault_drops_the_page_and_every_remembered_entry_above_it_but_nothing_else()
    {
        // Given a read-only page, its neighbour, and a page of another 512 GiB region, all remembered
        const ulong far = 0x80_0000_0000;
        GuestTables tables = new GuestTables().Map(Va, 0x1A0, Present).Map(Va + 0x1000, 0x1A1).Map(far, 0x1A2);
        Mmu mmu = tables.NewMmu(TlbMode.MaxStale);
        mmu.ShouldReach(An.UserRead(Va));
        mmu.ShouldReach(An.UserRead(Va + 0x1000));
        mmu.ShouldReach(An.UserRead(far));

        // When a write to the page faults
        mmu.ShouldFault(An.UserWrite(Va)).ShouldBe(PageFaultCode.P | PageFaultCode.WR | PageFaultCode.US);

        // Then the page and the entries above it are gone, the neighbour and the far region are not
        Pages(mmu, TlbArrayName.Data).ShouldBe([Va + 0x1000, far]);
        Pages(mmu, TlbArrayName.Pde).ShouldBe([far]);
        Pages(mmu, TlbArrayName.Pdpte).ShouldBe([far]);
        Pages(mmu, TlbArrayName.Pml4e).ShouldBe([far]);
        mmu.ShouldReach(An.UserRead(Va));
        mmu.LastOutcome.Path.Count.ShouldBe(4);
    }

    private static int FaultsUntilSuccess(Mmu mmu, Emulator.Values.Access access)
    {
        for (int faults = 0; faults < 5; faults++)
        {
            if (mmu.TryTranslate(access, out _, out _))
            {
                return faults;
            }
        }

        return int.MaxValue;
    }

    private static ulong[] Pages(Mmu mmu, TlbArrayName which)
    {
        List<TlbEntry> entries = [];
        mmu.List(which, entries);
        return [.. entries.Select(e => e.Address.Raw).Order()];
    }
}
