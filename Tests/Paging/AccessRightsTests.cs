using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Paging;

/// <summary>Who may do what with a page, and the error code of who may not.</summary>
public sealed class AccessRightsTests
{
    private const ulong Va = 0x40_0123;
    private const PteBits ReadOnly = PteBits.P | PteBits.US;
    private const PteBits Kernel = PteBits.P | PteBits.RW;
    private const PageFaultCode P = PageFaultCode.P;
    private const PageFaultCode W = PageFaultCode.WR;
    private const PageFaultCode U = PageFaultCode.US;
    private const PageFaultCode I = PageFaultCode.ID;
    private const PageFaultCode PK = PageFaultCode.PK;

    public static TheoryData<PagingLevel> Levels => [PagingLevel.Pml4, PagingLevel.Pdpt, PagingLevel.Pd, PagingLevel.Pt];

    [Fact, Spec("P-041")]
    public void A_user_write_to_a_read_only_page_faults_and_says_so()
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0, ReadOnly);

        PageFault fault = tables.ShouldFault(An.UserWrite(Va));

        fault.ShouldBe(new PageFault(new VirtAddr(Va), P | W | U));
    }

    [Theory, Spec("P-030", "P-040"), MemberData(nameof(Levels))]
    public void User_code_needs_US_at_every_level_and_the_code_names_the_access_not_the_page(PagingLevel level)
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0);
        tables.Change(Va, level, clear: PteBits.US);

        tables.ShouldFault(An.UserRead(Va)).Code.ShouldBe(P | U);
        tables.ShouldReach(An.KernelRead(Va));
    }

    [Theory, Spec("P-031"), MemberData(nameof(Levels))]
    public void User_writes_need_RW_at_every_level(PagingLevel level)
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0);
        tables.Change(Va, level, clear: PteBits.RW);

        tables.ShouldFault(An.UserWrite(Va)).Code.ShouldBe(P | W | U);
        tables.ShouldReach(An.UserRead(Va));
    }

    [Theory, Spec("P-032")]
    [InlineData(PteBits.P)]
    [InlineData(PteBits.P | PteBits.US)]
    public void Supervisor_writes_obey_RW_only_while_WP_is_on(PteBits bits)
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0, bits);

        tables.ShouldFault(An.KernelWrite(Va)).Code.ShouldBe(P | W);
        tables.ShouldFault(An.ImplicitWrite(Va)).Code.ShouldBe(P | W);
        tables.Without(PagingBits.Wp).ShouldReach(An.KernelWrite(Va));
        tables.ShouldReach(An.ImplicitWrite(Va));
    }

    [Theory, Spec("P-033")]
    [InlineData(PteBits.P)]
    [InlineData(PteBits.P | PteBits.US)]
    [InlineData(PteBits.P | PteBits.XD)]
    public void Supervisor_code_reads_any_present_page(PteBits bits) =>
        new GuestTables().Map(Va, 0x1A0, bits).ShouldReach(An.KernelRead(Va)).Entry.Frame.Raw.ShouldBe(0x1A0UL);

    [Theory, Spec("P-034"), MemberData(nameof(Levels))]
    public void XD_at_any_level_forbids_fetches_to_everybody(PagingLevel level)
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0);
        tables.Change(Va, level, set: PteBits.XD);

        tables.ShouldFault(An.UserFetch(Va)).Code.ShouldBe(P | U | I);
        tables.ShouldFault(An.KernelFetch(Va)).Code.ShouldBe(P | I);
        tables.ShouldReach(An.UserRead(Va));
    }

    [Theory, Spec("P-035")]
    [InlineData(PagingBits.None, U)]
    [InlineData(PagingBits.Nxe, U | I)]
    [InlineData(PagingBits.Smep, U | I)]
    [InlineData(PagingBits.Nxe | PagingBits.Smep, U | I)]
    public void A_faulting_fetch_says_so_only_while_NXE_or_SMEP_is_on(PagingBits on, PageFaultCode expected)
    {
        GuestTables tables = new GuestTables(on).Map(Va, 0x1A0, PteBits.None);

        tables.ShouldFault(An.UserFetch(Va)).Code.ShouldBe(expected);
        tables.ShouldFault(An.UserRead(Va)).Code.ShouldBe(U);
    }

    [Fact, Spec("P-036")]
    public void SMEP_keeps_supervisor_code_from_fetching_user_pages()
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0, ReadOnly);
        tables.ShouldReach(An.KernelFetch(Va));

        tables.With(PagingBits.Smep);

        tables.ShouldFault(An.KernelFetch(Va)).Code.ShouldBe(P | I);
        tables.ShouldReach(An.UserFetch(Va));
        tables.ShouldReach(An.KernelRead(Va));
    }

    [Fact, Spec("P-037", "P-046")]
    public void SMAP_keeps_supervisor_data_accesses_from_user_pages_and_AC_lifts_it_for_explicit_ones()
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0).With(PagingBits.Smap);
        tables.ShouldFault(An.KernelRead(Va)).Code.ShouldBe(P);
        tables.ShouldFault(An.KernelWrite(Va)).Code.ShouldBe(P | W);
        tables.ShouldReach(An.UserWrite(Va));
        tables.ShouldReach(An.KernelFetch(Va));

        tables.With(PagingBits.Ac);

        tables.ShouldReach(An.KernelRead(Va));
        tables.ShouldReach(An.KernelWrite(Va));
        tables.ShouldFault(An.ImplicitRead(Va)).Code.ShouldBe(P);
        tables.ShouldFault(An.ImplicitWrite(Va)).Code.ShouldBe(P | W);
    }

    [Theory, Spec("P-038"), MemberData(nameof(Levels))]
    public void A_page_without_US_at_one_level_is_no_user_page_to_SMEP_and_SMAP(PagingLevel level)
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0).With(PagingBits.Smep | PagingBits.Smap);
        tables.ShouldFault(An.KernelRead(Va));
        tables.ShouldFault(An.KernelFetch(Va));

        tables.Change(Va, level, clear: PteBits.US);

        tables.ShouldReach(An.KernelRead(Va));
        tables.ShouldReach(An.KernelFetch(Va));
    }

    [Theory, Spec("P-039")]
    [InlineData(1u, true, P | U | PK, P | W | U | PK, P | PK, P | W | PK)]
    [InlineData(2u, true, PageFaultCode.None, P | W | U | PK, PageFaultCode.None, P | W | PK)]
    [InlineData(2u, false, PageFaultCode.None, P | W | U | PK, PageFaultCode.None, PageFaultCode.None)]
    [InlineData(1u, false, P | U | PK, P | W | U | PK, P | PK, P | W | PK)]
    public void A_protection_key_bars_data_accesses_to_user_pages(
        uint rights, bool wp, PageFaultCode userRead, PageFaultCode userWrite, PageFaultCode kernelRead, PageFaultCode kernelWrite)
    {
        // Given a page of key 5, and PKRU with AD (1) or WD (2) for it
        GuestTables tables = new GuestTables().Map(Va, 0x1A0, GuestTables.UserPage | (PteBits)(5UL << 59)).With(PagingBits.Pke);
        tables = wp ? tables : tables.Without(PagingBits.Wp);
        tables.Mode = tables.Mode with { Pkru = rights << 10 };

        // Then data accesses fault with PK, fetches pass, and other keys and supervisor pages are not concerned
        (CodeOf(tables, An.UserRead(Va)), CodeOf(tables, An.UserWrite(Va))).ShouldBe((userRead, userWrite));
        (CodeOf(tables, An.KernelRead(Va)), CodeOf(tables, An.KernelWrite(Va))).ShouldBe((kernelRead, kernelWrite));
        CodeOf(tables, An.UserFetch(Va)).ShouldBe(PageFaultCode.None);
        tables.Mode = tables.Mode with { Pkru = ~(3u << 10) };
        CodeOf(tables, An.UserWrite(Va)).ShouldBe(PageFaultCode.None);
        tables.Change(Va, PagingLevel.Pt, clear: PteBits.US);
        tables.Mode = tables.Mode with { Pkru = uint.MaxValue };
        CodeOf(tables, An.KernelWrite(Va)).ShouldBe(PageFaultCode.None);
    }

    [Fact, Spec("P-039")]
    public void The_key_is_taken_from_the_leaf_alone_and_does_nothing_while_PKE_is_off()
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0).With(PagingBits.Pke);
        tables.Change(Va, PagingLevel.Pd, set: (PteBits)(5UL << 59));
        tables.Mode = tables.Mode with { Pkru = 3u << 10 };
        tables.ShouldReach(An.UserWrite(Va));

        tables.Change(Va, PagingLevel.Pt, set: (PteBits)(5UL << 59));
        tables.ShouldFault(An.UserWrite(Va));
        tables.Without(PagingBits.Pke).ShouldReach(An.UserWrite(Va));
    }

    [Fact, Spec("P-039", "T-040")]
    public void A_key_is_judged_at_each_access_and_needs_no_flush()
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0).With(PagingBits.Pke);
        foreach (Emulator.Tlb.TlbMode mode in Enum.GetValues<Emulator.Tlb.TlbMode>())
        {
            Emulator.Translation.Mmu mmu = tables.NewMmu(mode);
            mmu.ShouldReach(An.UserWrite(Va));
            mmu.Mode = tables.Mode with { Pkru = 2 };
            mmu.ShouldFault(An.UserWrite(Va)).ShouldBe(P | W | U | PK);
            mmu.ShouldTranslate(An.UserRead(Va)).CanWrite.ShouldBeFalse();
            mmu.Mode = tables.Mode;
            mmu.ShouldTranslate(An.UserWrite(Va)).CanWrite.ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData(PteBits.None, "---")]
    [InlineData(PteBits.P, "--x")]
    [InlineData(PteBits.P | PteBits.US, "r--")]
    [InlineData(PteBits.P | PteBits.US | PteBits.RW, "rw-")]
    [InlineData(PteBits.P | PteBits.XD, "---")]
    public void Leaf_bits_decide_who_may_do_what(PteBits bits, string expected)
    {
        // User reads, user writes, and supervisor fetches with SMEP on
        GuestTables tables = new GuestTables().Map(Va, 0x1A0, bits).With(PagingBits.Smep);

        string letters = string.Concat(
            CodeOfOrNull(tables, An.UserRead(Va)) is null ? 'r' : '-',
            CodeOfOrNull(tables, An.UserWrite(Va)) is null ? 'w' : '-',
            CodeOfOrNull(tables, An.KernelFetch(Va)) is null ? 'x' : '-');

        letters.ShouldBe(expected);
    }

    private static PageFaultCode CodeOf(GuestTables tables, Access access) => CodeOfOrNull(tables, access) ?? PageFaultCode.None;

    private static PageFaultCode? CodeOfOrNull(GuestTables tables, Access access) =>
        PageWalker.TryWalk(tables.Ram, tables.Mode, WalkStart.AtRoot(tables.Mode), access, out _, out _, out PageFault fault)
            ? null
            : fault.Code;
}
