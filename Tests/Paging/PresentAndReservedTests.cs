using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Paging;

/// <summary>Absent entries, reserved bits, and which of them a walk reports first.</summary>
public sealed class PresentAndReservedTests
{
    private const ulong Va = 0x40_0123;
    private const PageFaultCode Reserved = PageFaultCode.P | PageFaultCode.Rsvd;
    private const PteBits Bit8 = PteBits.G;

    public static TheoryData<PagingLevel> Levels => [PagingLevel.Pml4, PagingLevel.Pdpt, PagingLevel.Pd, PagingLevel.Pt];

    [Theory, Spec("P-010"), MemberData(nameof(Levels))]
    public void An_absent_entry_at_any_level_faults_without_P_whatever_else_it_holds(PagingLevel level)
    {
        // Given an entry with every bit but P set
        GuestTables tables = new GuestTables().Map(Va, 0x1A0);
        tables.Set(Va, level, new Pte(~1UL));

        // Then neither P nor RSVD is reported, and the path ends there
        tables.ShouldFault(An.UserWrite(Va)).ShouldBe(new PageFault(new VirtAddr(Va), PageFaultCode.WR | PageFaultCode.US));
        tables.ShouldFault(An.KernelRead(Va)).Code.ShouldBe(PageFaultCode.None);
        PathOf(tables, An.KernelRead(Va)).Last.Level.ShouldBe(level);
    }

    [Fact, Spec("P-011")]
    public void Rights_are_judged_at_the_end_so_a_denial_above_does_not_hide_an_absent_entry_below()
    {
        // Given a PML4 entry that denies user code and writes, over an absent PTE
        GuestTables tables = new GuestTables().Map(Va, 0x1A0, PteBits.None);
        tables.Change(Va, PagingLevel.Pml4, clear: PteBits.US | PteBits.RW);
        tables.ShouldFault(An.UserWrite(Va)).Code.ShouldBe(PageFaultCode.WR | PageFaultCode.US);

        // And over a reserved PTE
        tables.Map(Va, 0x1A0 | (1UL << 30));
        tables.ShouldFault(An.UserWrite(Va)).Code.ShouldBe(Reserved | PageFaultCode.WR | PageFaultCode.US);

        // And only over a good one is it reported
        tables.Map(Va, 0x1A0);
        tables.ShouldFault(An.UserWrite(Va)).Code.ShouldBe(PageFaultCode.P | PageFaultCode.WR | PageFaultCode.US);
    }

    [Fact, Spec("P-011")]
    public void Rights_are_the_AND_and_OR_of_all_levels()
    {
        // Given RW missing at the top, US at the third level, XD set at the second
        GuestTables tables = new GuestTables().Map(Va, 0x1A0);
        tables.Change(Va, PagingLevel.Pml4, clear: PteBits.RW).Change(Va, PagingLevel.Pdpt, clear: PteBits.US)
            .Change(Va, PagingLevel.Pd, set: PteBits.XD);

        Rights rights = tables.ShouldReach(An.KernelRead(Va)).Rights;

        (rights.Write, rights.User, rights.Execute).ShouldBe((false, false, false));
    }

    [Fact, Spec("P-012")]
    public void The_higher_of_an_absent_and_a_reserved_entry_is_reported()
    {
        GuestTables reservedAbove = new GuestTables().Map(Va, 0x1A0, PteBits.None);
        reservedAbove.Change(Va, PagingLevel.Pdpt, set: (PteBits)(1UL << 45));
        reservedAbove.ShouldFault(An.UserRead(Va)).Code.ShouldBe(Reserved | PageFaultCode.US);

        GuestTables absentAbove = new GuestTables().Map(Va, 0x1A0 | (1UL << 30));
        absentAbove.Change(Va, PagingLevel.Pdpt, clear: PteBits.P);
        absentAbove.ShouldFault(An.UserRead(Va)).Code.ShouldBe(PageFaultCode.US);
    }

    [Theory, Spec("P-013")]
    [InlineData(AccessKind.Read, AccessOrigin.User, Reserved | PageFaultCode.US)]
    [InlineData(AccessKind.Write, AccessOrigin.User, Reserved | PageFaultCode.US | PageFaultCode.WR)]
    [InlineData(AccessKind.Fetch, AccessOrigin.User, Reserved | PageFaultCode.US | PageFaultCode.ID)]
    [InlineData(AccessKind.Read, AccessOrigin.Supervisor, Reserved)]
    [InlineData(AccessKind.Write, AccessOrigin.Supervisor, Reserved | PageFaultCode.WR)]
    [InlineData(AccessKind.Fetch, AccessOrigin.Supervisor, Reserved | PageFaultCode.ID)]
    public void A_reserved_bit_reports_P_and_RSVD_and_what_the_access_was(AccessKind kind, AccessOrigin origin, PageFaultCode expected)
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0 | (1UL << 30));

        tables.ShouldFault(An.Of(Va, kind, origin)).Code.ShouldBe(expected);
    }

    [Theory, Spec("P-020")]
    [InlineData(36)]
    [InlineData(40)]
    [InlineData(48)]
    [InlineData(52)]
    public void Frame_bits_from_MAXPHYADDR_up_are_reserved_at_every_level(byte width)
    {
        foreach (PagingLevel level in Enum.GetValues<PagingLevel>().Where(l => l <= PagingLevel.Pml4))
        {
            for (int bit = 36; bit < 52; bit++)
            {
                GuestTables tables = new GuestTables().Map(Va, 0x1A0);
                tables.Mode = tables.Mode with { MaxPhyAddr = width };
                tables.Change(Va, level, set: (PteBits)(1UL << bit));

                IsReserved(tables, level).ShouldBe(bit >= width, $"{level} bit {bit}");
            }
        }
    }

    [Fact, Spec("P-021")]
    public void Bit_7_of_a_PML4_entry_is_reserved_and_bit_8_too_where_the_processor_has_it_so()
    {
        GuestTables ps = new GuestTables().Map(Va, 0x1A0);
        ps.Change(Va, PagingLevel.Pml4, set: PteBits.PS);
        ps.ShouldFault(An.UserRead(Va)).Code.ShouldBe(Reserved | PageFaultCode.US);

        GuestTables bit8 = new GuestTables().Map(Va, 0x1A0);
        bit8.Change(Va, PagingLevel.Pml4, set: Bit8).Change(Va, PagingLevel.Pdpt, set: Bit8).Change(Va, PagingLevel.Pd, set: Bit8);
        bit8.ShouldReach(An.UserRead(Va));
        bit8.With(PagingBits.Pml4Bit8Reserved).ShouldFault(An.UserRead(Va)).Code.ShouldBe(Reserved | PageFaultCode.US);
        bit8.Change(Va, PagingLevel.Pml4, clear: Bit8).ShouldReach(An.UserRead(Va));
    }

    [Fact, Spec("P-021")]
    public void Bit_7_of_a_PML5_entry_is_reserved()
    {
        GuestTables tables = new(PagingBits.Nxe | PagingBits.La57);
        tables.Map(Va, 0x1A0).ShouldReach(An.UserRead(Va));

        tables.Change(Va, PagingLevel.Pml5, set: PteBits.PS);

        tables.ShouldFault(An.UserRead(Va)).Code.ShouldBe(Reserved | PageFaultCode.US);
    }

    [Fact, Spec("P-022")]
    public void A_gibibyte_leaf_is_reserved_where_the_processor_has_none()
    {
        GuestTables tables = new GuestTables().Map(Va, 0, level: PagingLevel.Pdpt);
        tables.ShouldReach(An.UserRead(Va)).Size.ShouldBe(PageSize.Size1G);

        tables.Without(PagingBits.Page1G).ShouldFault(An.UserRead(Va)).Code.ShouldBe(Reserved | PageFaultCode.US);
    }

    [Theory, Spec("P-023", "P-024")]
    [InlineData(PagingLevel.Pdpt, 13, 29)]
    [InlineData(PagingLevel.Pd, 13, 20)]
    [InlineData(PagingLevel.Pt, 1, 0)]
    public void Low_frame_bits_of_a_large_leaf_are_reserved_but_for_PAT(PagingLevel level, int lowest, int highest)
    {
        for (int bit = 12; bit < 36; bit++)
        {
            GuestTables tables = new GuestTables().Map(Va, 0, level: level);
            tables.Change(Va, level, set: (PteBits)(1UL << bit));

            IsReserved(tables, level).ShouldBe(bit >= lowest && bit <= highest, $"bit {bit}");
        }
    }

    [Theory, Spec("P-025"), MemberData(nameof(Levels))]
    public void Bit_63_is_reserved_at_every_level_while_NXE_is_off(PagingLevel level)
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0);
        tables.Change(Va, level, set: PteBits.XD);

        IsReserved(tables, level).ShouldBeFalse();
        IsReserved(tables.Without(PagingBits.Nxe), level).ShouldBeTrue();
    }

    [Theory, Spec("P-026"), MemberData(nameof(Levels))]
    public void Ignored_bits_neither_fault_nor_change(PagingLevel level)
    {
        // Given bits 11:9 and 62:52 set, and bit 6 of an entry that points to a table
        const ulong ignored = 0x7FF0_0000_0000_0E00;
        PteBits set = (PteBits)ignored | (level == PagingLevel.Pt ? PteBits.None : PteBits.D);
        GuestTables tables = new GuestTables().Map(Va, 0x1A0);
        tables.Change(Va, level, set: set);
        Pte before = tables.Entry(Va, level);

        // When every kind of access has been made
        Emulator.Translation.Mmu mmu = tables.NewMmu(Emulator.Tlb.TlbMode.NoCache);
        mmu.ShouldReach(An.UserRead(Va)).ShouldBe(0x1A0UL);
        mmu.ShouldReach(An.UserWrite(Va)).ShouldBe(0x1A0UL);
        mmu.ShouldReach(An.UserFetch(Va)).ShouldBe(0x1A0UL);

        // Then only A, and D of the leaf, have been added
        tables.Entry(Va, level).ShouldBe(before.With(PteBits.A | (level == PagingLevel.Pt ? PteBits.D : PteBits.None)));
    }

    [Fact, Spec("P-048")]
    public void Beyond_RAM_the_bus_reads_ones_and_drops_writes()
    {
        // Given a page beyond the 16 MiB of RAM, and a page table there
        GuestTables tables = new GuestTables().Map(Va, 0x10_0000);
        tables.ShouldReach(An.UserWrite(Va)).FrameOf(new VirtAddr(Va)).Raw.ShouldBe(0x10_0000UL);
        PhysAddr beyond = new(0x1_0000_0000);
        tables.Ram.WriteUInt64(beyond, 5);
        tables.Ram.WriteByte(beyond, 5);
        (tables.Ram.ReadUInt64(beyond), tables.Ram.ReadByte(beyond)).ShouldBe((ulong.MaxValue, (byte)0xFF));

        // Then a walk through such a table reads all ones, which is a reserved entry
        tables.Set(Va, PagingLevel.Pd, Pte.Of(new Pfn(0x10_0000), GuestTables.UserPage));
        tables.ShouldFault(An.UserRead(Va)).Code.ShouldBe(Reserved | PageFaultCode.US);
    }

    private static bool IsReserved(GuestTables tables, PagingLevel level)
    {
        Access read = An.KernelRead(Va);
        bool passed = PageWalker.TryWalk(
            tables.Ram, tables.Mode, WalkStart.AtRoot(tables.Mode), read, out WalkPath path, out _, out PageFault fault);
        return !passed && fault.Code == Reserved && path.Last.Level == level;
    }

    private static WalkPath PathOf(GuestTables tables, Access access)
    {
        _ = PageWalker.TryWalk(tables.Ram, tables.Mode, WalkStart.AtRoot(tables.Mode), access, out WalkPath path, out _, out _);
        return path;
    }
}
