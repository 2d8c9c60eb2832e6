using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Tlb;

/// <summary>What each invalidation drops and what it leaves, in the mode that drops nothing else.</summary>
public sealed class InvalidationTests
{
    private const ulong A = 0x40_0000;
    private const ulong B = 0x40_1000;
    private const ulong Shared = 0x60_0000;

    [Fact, Spec("T-020")]
    public void Invlpg_drops_its_page_and_leaves_the_neighbour_stale()
    {
        TwoSpaces spaces = new();
        Mmu mmu = spaces.FilledMmu();
        spaces.MoveEverything();

        mmu.InvalidatePage(new VirtAddr(A));

        (mmu.ShouldReach(An.UserRead(A)), mmu.ShouldReach(An.UserRead(B))).ShouldBe((0x1B0UL, 0x1A1UL));
    }

    [Fact, Spec("T-021", "T-024")]
    public void Invlpg_drops_global_entries_of_any_pcid_and_leaves_others_of_other_pcids()
    {
        // Given PCID 1's pages and a global page that PCID 1 filled, with PCID 2 current
        TwoSpaces spaces = new();
        Mmu mmu = spaces.FilledMmu();
        spaces.MoveEverything();
        mmu.Mode = spaces.Second;

        // When PCID 2 flushes the addresses of both
        mmu.InvalidatePage(new VirtAddr(A));
        mmu.InvalidatePage(new VirtAddr(Shared));

        // Then PCID 1's own page is still stale, and the global page is not
        mmu.Mode = spaces.First;
        (mmu.ShouldReach(An.UserRead(A)), mmu.ShouldReach(An.UserRead(Shared))).ShouldBe((0x1A0UL, 0x1B2UL));
    }

    [Fact, Spec("T-022", "T-071")]
    public void Invlpg_of_any_address_drops_every_remembered_upper_entry_of_the_pcid()
    {
        // Given remembered entries above page A, and another page of the same 2 MiB
        TwoSpaces spaces = new();
        Mmu mmu = spaces.FilledMmu();
        ulong readsOfPdes = mmu.Counters.WalkReferences[2];

        // When a far and unmapped address is flushed, and then a new page near A is touched
        spaces.Tables.Mode = spaces.First;
        spaces.Tables.Map(A + 0x5000, 0x1A5);
        mmu.InvalidatePage(new VirtAddr(0x7000_0000_0000));
        mmu.ShouldReach(An.UserRead(A + 0x5000));

        // Then the PDE came from RAM again
        (mmu.Counters.WalkReferences[2] - readsOfPdes).ShouldBe(1UL);
    }

    [Theory, Spec("T-023", Sizes = "2M 1G")]
    [InlineData(TlbMode.Preset)]
    [InlineData(TlbMode.MaxStale)]
    public void Invlpg_of_any_byte_drops_a_whole_large_page(TlbMode mode)
    {
        foreach ((PagingLevel level, ulong old, ulong now, ulong inside) in
            ((PagingLevel, ulong, ulong, ulong)[])[(PagingLevel.Pd, 0x400, 0x600, 0x401F_F123), (PagingLevel.Pdpt, 0x4_0000, 0x8_0000, 0x7FFF_F123)])
        {
            GuestTables tables = new GuestTables().Map(0x4000_0000, old, level: level);
            Mmu mmu = tables.NewMmu(mode);
            mmu.ShouldReach(An.UserRead(0x4000_0000));
            tables.Map(0x4000_0000, now, level: level);
            mmu.ShouldReach(An.UserRead(0x4000_3000)).ShouldBe(old + 3);

            mmu.InvalidatePage(new VirtAddr(inside));

            mmu.ShouldReach(An.UserRead(0x4000_0000)).ShouldBe(now);
        }
    }

    [Fact, Spec("T-023", Sizes = "4K")]
    public void Invlpg_drops_every_piece_of_a_large_page_that_the_arrays_hold_in_pieces()
    {
        // Given arrays that hold 4 KiB entries only, and two pieces of one 2 MiB page
        TlbGeometry small = new()
        {
            Data = [TlbShape.Full(TlbSizes.Size4K, 8)],
            Code = [TlbShape.Full(TlbSizes.Size4K, 8)],
            Second = [new(TlbSizes.Size4K, 16, 4, Replacement.TreePlru)],
            Psc = default,
        };
        GuestTables tables = new GuestTables().Map(0x4000_0000, 0x400, level: PagingLevel.Pd);
        Mmu mmu = tables.NewMmu(new MmuOptions { Geometry = small });
        mmu.ShouldReach(An.UserRead(0x4000_1000)).ShouldBe(0x401UL);
        mmu.ShouldReach(An.UserRead(0x4000_2000)).ShouldBe(0x402UL);
        tables.Map(0x4000_0000, 0x600, level: PagingLevel.Pd);
        mmu.ShouldReach(An.UserRead(0x4000_1000)).ShouldBe(0x401UL);

        // When a third address of the page is flushed
        mmu.InvalidatePage(new VirtAddr(0x4000_7000));

        // Then both pieces are gone
        mmu.ShouldReach(An.UserRead(0x4000_1000)).ShouldBe(0x601UL);
        mmu.ShouldReach(An.UserRead(0x4000_2000)).ShouldBe(0x602UL);
    }

    [Fact, Spec("T-025")]
    public void Invlpg_of_a_non_canonical_address_drops_no_page_but_the_upper_entries()
    {
        TwoSpaces spaces = new();
        Mmu mmu = spaces.FilledMmu();
        spaces.MoveEverything();

        mmu.InvalidatePage(new VirtAddr(A | (1UL << 57)));
        mmu.InvalidatePage(new VirtAddr(A | (1UL << 50)));

        mmu.ShouldReach(An.UserRead(A)).ShouldBe(0x1A0UL);
        Count(mmu, TlbArrayName.Pde).ShouldBe(0);
    }

    [Fact, Spec("T-050")]
    public void Invpcid_0_drops_one_address_of_one_pcid_but_no_global_page()
    {
        TwoSpaces spaces = new();
        Mmu mmu = spaces.FilledMmu();
        spaces.MoveEverything();
        mmu.Mode = spaces.Second;

        mmu.Invalidate(TlbInvalidation.PageKeepGlobal(new VirtAddr(A), 1));
        mmu.Invalidate(TlbInvalidation.PageKeepGlobal(new VirtAddr(Shared), 1));

        mmu.Mode = spaces.First;
        Count(mmu, TlbArrayName.Pde).ShouldBe(0);
        (mmu.ShouldReach(An.UserRead(A)), mmu.ShouldReach(An.UserRead(B)), mmu.ShouldReach(An.UserRead(Shared)))
            .ShouldBe((0x1B0UL, 0x1A1UL, 0x1A2UL));
    }

    [Fact, Spec("T-051", "T-031")]
    public void Invpcid_1_drops_one_pcid_but_no_global_page()
    {
        TwoSpaces spaces = new();
        Mmu mmu = spaces.FilledMmu();
        mmu.Mode = spaces.Second;
        mmu.ShouldReach(An.UserRead(A));
        spaces.MoveEverything();

        mmu.Invalidate(TlbInvalidation.PcidKeepGlobal(1));

        mmu.ShouldReach(An.UserRead(A)).ShouldBe(0x1C0UL);
        mmu.Mode = spaces.First;
        (mmu.ShouldReach(An.UserRead(A)), mmu.ShouldReach(An.UserRead(Shared))).ShouldBe((0x1B0UL, 0x1A2UL));
    }

    [Fact, Spec("T-052")]
    public void Invpcid_2_drops_everything()
    {
        TwoSpaces spaces = new();
        Mmu mmu = spaces.FilledMmu();
        spaces.MoveEverything();

        mmu.Invalidate(TlbInvalidation.All);

        foreach (TlbArrayName name in Enum.GetValues<TlbArrayName>())
        {
            Count(mmu, name).ShouldBe(0, name.ToString());
        }

        (mmu.ShouldReach(An.UserRead(A)), mmu.ShouldReach(An.UserRead(Shared))).ShouldBe((0x1B0UL, 0x1B2UL));
    }

    [Fact, Spec("T-053")]
    public void Invpcid_3_drops_everything_but_global_pages()
    {
        TwoSpaces spaces = new();
        Mmu mmu = spaces.FilledMmu();
        spaces.MoveEverything();

        mmu.Invalidate(TlbInvalidation.AllKeepGlobal);

        Count(mmu, TlbArrayName.Pde).ShouldBe(0);
        (mmu.ShouldReach(An.UserRead(A)), mmu.ShouldReach(An.UserRead(Shared))).ShouldBe((0x1B0UL, 0x1A2UL));
    }

    [Fact, Spec("T-060")]
    public void A_global_page_filled_under_one_pcid_serves_another_whose_tables_differ()
    {
        TwoSpaces spaces = new();
        Mmu mmu = spaces.FilledMmu();

        mmu.Mode = spaces.Second;

        mmu.ShouldReach(An.UserRead(Shared)).ShouldBe(0x1A2UL);
        mmu.LastOutcome.TlbLevel.ShouldBe((byte)1);
        mmu.ShouldReach(An.UserRead(A)).ShouldBe(0x1C0UL);
    }

    [Fact, Spec("T-061")]
    public void G_means_nothing_in_upper_entries_and_while_PGE_is_off()
    {
        // Given G in the entries above page A, and PGE off for the page that has G in its leaf
        TwoSpaces spaces = new();
        spaces.Tables.Mode = spaces.First;
        spaces.Tables.Change(A, PagingLevel.Pd, set: PteBits.G).Change(A, PagingLevel.Pml4, set: PteBits.G);
        Mmu mmu = spaces.Tables.NewMmu(TlbMode.MaxStale);
        mmu.Mode = spaces.First;
        mmu.ShouldReach(An.UserRead(A));
        mmu.Mode = spaces.First with { Bits = spaces.First.Bits & ~PagingBits.Pge };
        mmu.ShouldReach(An.UserRead(Shared));

        // When another PCID becomes current
        mmu.Mode = spaces.Second;

        // Then neither page is found
        mmu.ShouldReach(An.UserRead(A)).ShouldBe(0x1C0UL);
        mmu.ShouldReach(An.UserRead(Shared)).ShouldBe(0x1C2UL);
    }

    private static int Count(Mmu mmu, TlbArrayName which)
    {
        List<TlbEntry> entries = [];
        mmu.List(which, entries);
        return entries.Count;
    }

    /// <summary>
    /// PCID 1 maps A, B and the global page at 0x1A0, 0x1A1, 0x1A2; PCID 2 maps A and the shared address elsewhere.
    /// </summary>
    private sealed class TwoSpaces
    {
        public TwoSpaces()
        {
            Tables = new GuestTables().With(PagingBits.Pcide);
            First = Tables.Mode = Tables.NewAddressSpace(1);
            Tables.Map(A, 0x1A0).Map(B, 0x1A1).Map(Shared, 0x1A2, GuestTables.UserPage | PteBits.G);
            Second = Tables.Mode = Tables.NewAddressSpace(2);
            Tables.Map(A, 0x1C0).Map(Shared, 0x1C2);
        }

        public GuestTables Tables { get; }

        public PagingMode First { get; }

        public PagingMode Second { get; }

        /// <summary>An MMU in which PCID 1 has read its three pages.</summary>
        public Mmu FilledMmu()
        {
            Mmu mmu = Tables.NewMmu(TlbMode.MaxStale);
            mmu.Mode = First;
            mmu.ShouldReach(An.UserRead(A));
            mmu.ShouldReach(An.UserRead(B));
            mmu.ShouldReach(An.UserRead(Shared));
            return mmu;
        }

        /// <summary>Moves PCID 1's pages 0x10 frames up, and flushes nothing.</summary>
        public void MoveEverything()
        {
            Tables.Mode = First;
            Tables.Map(A, 0x1B0).Map(B, 0x1B1).Map(Shared, 0x1B2, GuestTables.UserPage | PteBits.G);
        }
    }
}
