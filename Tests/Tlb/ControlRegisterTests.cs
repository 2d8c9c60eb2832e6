using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Tlb;

/// <summary>Which values control registers take, and what each change obliges the processor to forget.</summary>
public sealed class ControlRegisterTests
{
    private const ulong NoFlush = 1UL << 63;
    private const ulong KnownCr4 = Cr4Bits.Pae | Cr4Bits.Pge | Cr4Bits.Pcide | Cr4Bits.Smep | Cr4Bits.Smap | Cr4Bits.Pke | Cr4Bits.La57;
    private const ulong KnownEfer = EferBits.Sce | EferBits.Lme | EferBits.Nxe;

    private static readonly ControlLimits Limits = new(KnownCr4, KnownEfer, MaxPhyAddr: 40);

    private static readonly ControlState Long = new(
        Cr0: Cr0Bits.Pe | Cr0Bits.Et | Cr0Bits.Wp | Cr0Bits.Pg,
        Cr3: 0x10_0000,
        Cr4: Cr4Bits.Pae,
        Efer: EferBits.Lme | EferBits.Lma | EferBits.Nxe);

    [Fact, Spec("T-030", "T-034")]
    public void Cr3_without_pcids_owes_everything_of_pcid_0_but_globals_and_its_low_bits_are_no_pcid()
    {
        ControlRegisterRules.TryWriteCr3(Long, 0x20_0018, Limits, out ControlState next, out TlbInvalidation owed).ShouldBeTrue();

        (next.Cr3, next.Pcid, owed).ShouldBe((0x20_0018UL, (ushort)0, TlbInvalidation.PcidKeepGlobal(0)));
        ControlRegisterRules.ModeOf(next, PagingBits.None, 0, 40).Pcid.ShouldBe((ushort)0);
    }

    [Fact, Spec("T-031")]
    public void Cr3_with_pcids_owes_the_new_pcid_but_its_globals()
    {
        ControlState now = Long with { Cr4 = Long.Cr4 | Cr4Bits.Pcide };

        ControlRegisterRules.TryWriteCr3(now, 0x20_0007, Limits, out ControlState next, out TlbInvalidation owed).ShouldBeTrue();

        (next.Pcid, owed).ShouldBe(((ushort)7, TlbInvalidation.PcidKeepGlobal(7)));
    }

    [Fact, Spec("T-032", "T-033")]
    public void Cr3_with_bit_63_owes_nothing_and_does_not_store_the_bit()
    {
        ControlState now = Long with { Cr4 = Long.Cr4 | Cr4Bits.Pcide };

        ControlRegisterRules.TryWriteCr3(now, 0x20_0007 | NoFlush, Limits, out ControlState next, out TlbInvalidation owed).ShouldBeTrue();

        (next.Cr3, owed).ShouldBe((0x20_0007UL, TlbInvalidation.None));
    }

    [Theory, Spec("T-041")]
    [InlineData(0UL, 0x1UL << 40, false)]
    [InlineData(0UL, 0x1UL << 39, true)]
    [InlineData(0UL, NoFlush, false)]
    [InlineData(0UL, 1UL << 62, false)]
    [InlineData(Cr4Bits.Pcide, 1UL << 62, false)]
    [InlineData(Cr4Bits.Pcide, NoFlush, true)]
    [InlineData(Cr4Bits.Pcide, NoFlush | (1UL << 40), false)]
    public void Cr3_refuses_bits_above_the_physical_address_width(ulong cr4, ulong value, bool accepted) =>
        ControlRegisterRules.TryWriteCr3(Long with { Cr4 = Long.Cr4 | cr4 }, value, Limits, out _, out _).ShouldBe(accepted);

    [Fact, Spec("T-032")]
    public void Stale_entries_of_a_pcid_are_usable_again_when_it_comes_back_without_a_flush()
    {
        // Given PCID 1 has read a page, PCID 2 is current, and the page has moved meanwhile
        GuestTables tables = new GuestTables().With(PagingBits.Pcide);
        PagingMode first = tables.Mode = tables.NewAddressSpace(1);
        tables.Map(0x40_0000, 0x1A0);
        PagingMode second = tables.NewAddressSpace(2);
        Mmu mmu = tables.NewMmu(TlbMode.MaxStale);
        mmu.ShouldReach(An.UserRead(0x40_0000));
        mmu.Mode = second;
        tables.Map(0x40_0000, 0x1B0);

        // When PCID 1 comes back with bit 63 set, its old entry answers; without the bit the tables do
        mmu.Mode = first;
        mmu.ShouldReach(An.UserRead(0x40_0000)).ShouldBe(0x1A0UL);
        mmu.Invalidate(TlbInvalidation.PcidKeepGlobal(1));
        mmu.ShouldReach(An.UserRead(0x40_0000)).ShouldBe(0x1B0UL);
    }

    [Theory, Spec("T-035")]
    [InlineData(0x10_0000UL, EferBits.Lme | EferBits.Lma, true)]
    [InlineData(0x10_0001UL, EferBits.Lme | EferBits.Lma, false)]
    [InlineData(0x10_0018UL, EferBits.Lme | EferBits.Lma, false)]
    [InlineData(0x10_0000UL, 0UL, false)]
    public void Pcids_can_be_turned_on_only_in_long_mode_with_a_pcid_of_zero(ulong cr3, ulong efer, bool accepted)
    {
        ControlState now = Long with { Cr3 = cr3, Efer = efer };

        ControlRegisterRules.TryWriteCr4(now, now.Cr4 | Cr4Bits.Pcide, Limits, out ControlState next, out TlbInvalidation owed)
            .ShouldBe(accepted);

        (next.Cr4, owed).ShouldBe((accepted ? now.Cr4 | Cr4Bits.Pcide : now.Cr4, TlbInvalidation.None));
    }

    [Theory, Spec("T-036", "T-037", "T-038", "T-040")]
    [InlineData(Cr4Bits.Pcide, 0UL, TlbScope.All)]
    [InlineData(0UL, Cr4Bits.Pge, TlbScope.All)]
    [InlineData(Cr4Bits.Pge, 0UL, TlbScope.All)]
    [InlineData(0UL, Cr4Bits.Smep, TlbScope.Pcid)]
    [InlineData(Cr4Bits.Smep, 0UL, TlbScope.None)]
    [InlineData(0UL, Cr4Bits.Smap, TlbScope.None)]
    [InlineData(Cr4Bits.Smap, 0UL, TlbScope.None)]
    [InlineData(0UL, Cr4Bits.Pke, TlbScope.None)]
    [InlineData(Cr4Bits.Pke, 0UL, TlbScope.None)]
    [InlineData(Cr4Bits.Smep | Cr4Bits.Pge, 0UL, TlbScope.All)]
    public void Cr4_owes_what_its_changed_bits_say(ulong before, ulong after, TlbScope expected)
    {
        ControlState now = Long with { Cr3 = 0, Cr4 = Cr4Bits.Pae | before };

        ControlRegisterRules.TryWriteCr4(now, Cr4Bits.Pae | after, Limits, out _, out TlbInvalidation owed).ShouldBeTrue();

        owed.Scope.ShouldBe(expected);
    }

    [Fact, Spec("T-038")]
    public void A_change_of_PAE_or_a_rise_of_SMEP_owes_the_current_pcid_alone()
    {
        ControlState pcids = Long with { Cr3 = 0x10_0005, Cr4 = Cr4Bits.Pae | Cr4Bits.Pcide };
        ControlRegisterRules.TryWriteCr4(pcids, pcids.Cr4 | Cr4Bits.Smep, Limits, out _, out TlbInvalidation smep).ShouldBeTrue();
        ControlState legacy = new(Cr0Bits.Pe | Cr0Bits.Et, 0, 0, 0);
        ControlRegisterRules.TryWriteCr4(legacy, Cr4Bits.Pae, Limits, out _, out TlbInvalidation pae).ShouldBeTrue();

        (smep, pae).ShouldBe((TlbInvalidation.OfPcid(5), TlbInvalidation.OfPcid(0)));
    }

    [Fact, Spec("T-038")]
    public void The_current_pcid_loses_its_entries_and_its_upper_entries_and_another_keeps_both()
    {
        GuestTables tables = new GuestTables().With(PagingBits.Pcide);
        PagingMode first = tables.Mode = tables.NewAddressSpace(1);
        tables.Map(0x40_0000, 0x1A0);
        PagingMode second = tables.Mode = tables.NewAddressSpace(2);
        tables.Map(0x40_0000, 0x1C0);
        Mmu mmu = tables.NewMmu(TlbMode.MaxStale);
        mmu.ShouldReach(An.UserRead(0x40_0000));
        mmu.Mode = first;
        mmu.ShouldReach(An.UserRead(0x40_0000));

        mmu.Invalidate(TlbInvalidation.OfPcid(1));

        foreach (TlbArrayName name in new[] { TlbArrayName.Data, TlbArrayName.Pde, TlbArrayName.Pdpte, TlbArrayName.Pml4e })
        {
            List<TlbEntry> entries = [];
            mmu.List(name, entries);
            entries.ShouldHaveSingleItem().Pcid.ShouldBe(second.Pcid, name.ToString());
        }
    }

    [Fact, Spec("T-039")]
    public void Turning_paging_off_owes_everything_and_64_bit_code_cannot()
    {
        ControlState now = Long;
        ulong off = now.Cr0 & ~Cr0Bits.Pg;

        ControlRegisterRules.TryWriteCr0(now, off, out _, out _).ShouldBeFalse();
        ControlRegisterRules.TryWriteCr0FromLegacyCode(now, off, out ControlState next, out TlbInvalidation owed).ShouldBeTrue();

        (next.LongMode, owed).ShouldBe((false, TlbInvalidation.All));
    }

    [Theory, Spec("T-040")]
    [InlineData(Cr0Bits.Wp)]
    [InlineData(Cr0Bits.Ts)]
    public void Changing_WP_owes_nothing_because_each_access_is_judged_by_the_bit_as_it_is(ulong bit)
    {
        ControlRegisterRules.TryWriteCr0(Long, Long.Cr0 ^ bit, out _, out TlbInvalidation owed).ShouldBeTrue();
        owed.ShouldBe(TlbInvalidation.None);

        // And a cached entry follows WP, SMAP and PKRU at once
        GuestTables tables = new GuestTables().Without(PagingBits.Wp).Map(0x40_0000, 0x1A0, PteBits.P | PteBits.US | PteBits.D);
        Mmu mmu = tables.NewMmu(TlbMode.MaxStale);
        mmu.ShouldReach(An.KernelWrite(0x40_0000));
        mmu.Mode = tables.Mode with { Bits = tables.Mode.Bits | PagingBits.Wp };
        mmu.ShouldFault(An.KernelWrite(0x40_0000)).ShouldBe(PageFaultCode.P | PageFaultCode.WR);
        mmu.Mode = tables.Mode with { Bits = tables.Mode.Bits | PagingBits.Smap };
        mmu.ShouldFault(An.KernelRead(0x40_0000)).ShouldBe(PageFaultCode.P);
        mmu.Mode = tables.Mode with { Bits = tables.Mode.Bits | PagingBits.Pke, Pkru = 1 };
        mmu.ShouldFault(An.UserRead(0x40_0000)).ShouldBe(PageFaultCode.P | PageFaultCode.US | PageFaultCode.PK);
        mmu.Mode = tables.Mode;
        mmu.ShouldReach(An.UserRead(0x40_0000));
    }

    [Fact, Spec("T-095")]
    public void A_processor_without_pcids_refuses_the_bit()
    {
        ControlLimits without = Limits with { Cr4 = KnownCr4 & ~Cr4Bits.Pcide };

        ControlRegisterRules.TryWriteCr4(Long, Long.Cr4 | Cr4Bits.Pcide, without, out ControlState next, out _).ShouldBeFalse();

        next.ShouldBe(Long);
    }

    [Theory, Spec("P-047")]
    [InlineData(Cr0Bits.Pg, false)]
    [InlineData(Cr0Bits.Pg | Cr0Bits.Pe, true)]
    [InlineData(Cr0Bits.Pe | Cr0Bits.Nw, false)]
    [InlineData(Cr0Bits.Pe | Cr0Bits.Nw | Cr0Bits.Cd, true)]
    [InlineData(Cr0Bits.Pe | (1UL << 32), false)]
    public void Cr0_refuses_contradictions(ulong value, bool accepted) =>
        ControlRegisterRules.TryWriteCr0(new ControlState(Cr0Bits.Pe | Cr0Bits.Et, 0, Cr4Bits.Pae, 0), value, out _, out _)
            .ShouldBe(accepted);

    [Fact, Spec("P-047")]
    public void Paging_with_LME_needs_PAE_and_turns_long_mode_on()
    {
        ControlState ready = new(Cr0Bits.Pe | Cr0Bits.Et, 0, Cr4Bits.Pae, EferBits.Lme);
        ulong on = ready.Cr0 | Cr0Bits.Pg;

        ControlRegisterRules.TryWriteCr0(ready with { Cr4 = 0 }, on, out _, out _).ShouldBeFalse();
        ControlRegisterRules.TryWriteCr0(ready, on, out ControlState next, out _).ShouldBeTrue();

        next.LongMode.ShouldBeTrue();
        ControlRegisterRules.TryWriteCr4(next, 0, Limits, out _, out _).ShouldBeFalse();
        ControlRegisterRules.TryWriteCr4(next, Cr4Bits.Pae | Cr4Bits.La57, Limits, out _, out _).ShouldBeFalse();
        ControlRegisterRules.TryWriteCr4(ready, Cr4Bits.Pae | Cr4Bits.La57, Limits, out _, out _).ShouldBeTrue();
    }

    [Fact, Spec("P-047")]
    public void Reserved_bits_of_cr4_and_efer_are_refused_and_LMA_is_not_written()
    {
        ControlRegisterRules.TryWriteCr4(Long, Long.Cr4 | (1UL << 24), Limits, out _, out _).ShouldBeFalse();
        ControlRegisterRules.TryWriteEfer(Long, Long.Efer | (1UL << 1), Limits, out _).ShouldBeFalse();
        ControlRegisterRules.TryWriteEfer(Long, Long.Efer & ~EferBits.Lme, Limits, out _).ShouldBeFalse();

        ControlRegisterRules.TryWriteEfer(Long, EferBits.Lme | EferBits.Sce, Limits, out ControlState next).ShouldBeTrue();
        next.Efer.ShouldBe(EferBits.Lme | EferBits.Sce | EferBits.Lma);
    }

    [Theory, Spec("T-054")]
    [InlineData(4UL, 0UL, 0UL, true, false)]
    [InlineData(1UL << 32, 0UL, 0UL, true, false)]
    [InlineData(0UL, 0x1000UL, 0UL, true, false)]
    [InlineData(2UL, 1UL << 63, 0UL, true, false)]
    [InlineData(0UL, 1UL, 0UL, false, false)]
    [InlineData(1UL, 1UL, 0UL, false, false)]
    [InlineData(2UL, 1UL, 0UL, false, true)]
    [InlineData(0UL, 0UL, 0x8000_0000_0000UL, true, false)]
    [InlineData(1UL, 5UL, 0x8000_0000_0000UL, true, true)]
    [InlineData(0UL, 5UL, 0x40_0123UL, true, true)]
    public void Invpcid_refuses_what_the_manual_refuses(ulong type, ulong descriptor, ulong address, bool pcids, bool accepted)
    {
        PagingMode mode = new(default, 0, pcids ? PagingBits.Pcide : PagingBits.None, 40, 0);

        InvpcidRules.TryPlan(type, descriptor, new VirtAddr(address), mode, 48, out _).ShouldBe(accepted);
    }

    [Fact, Spec("T-050", "T-051", "T-052", "T-053")]
    public void Invpcid_types_name_their_invalidations()
    {
        PagingMode mode = new(default, 0, PagingBits.Pcide, 40, 0);
        VirtAddr va = new(0x40_0000);

        TlbInvalidation[] plans = [.. Enumerable.Range(0, 4).Select(type =>
            InvpcidRules.TryPlan((ulong)type, 3, va, mode, 48, out TlbInvalidation owed) ? owed : throw new InvalidOperationException())];

        plans.ShouldBe([
            TlbInvalidation.PageKeepGlobal(va, 3),
            TlbInvalidation.PcidKeepGlobal(3),
            TlbInvalidation.All,
            TlbInvalidation.AllKeepGlobal,
        ]);
    }
}
