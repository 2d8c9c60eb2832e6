using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Tlb;

/// <summary>Changes of page size while translations of both sizes may be live.</summary>
public sealed class PageSizeTests
{
    private const ulong Va = 0x4000_0000;

    [Theory, Spec("T-080", Sizes = "4K 2M")]
    [InlineData(TlbMode.NoCache, 0x600, 0x601)]
    [InlineData(TlbMode.MaxStale, 0x400, 0x601)]
    public void After_a_change_of_size_without_a_flush_both_translations_may_be_live(TlbMode mode, ulong first, ulong second)
    {
        // Given a 4 KiB page that has been read
        GuestTables tables = new GuestTables().Map(Va, 0x400).Map(Va + 0x1000, 0x401);
        Mmu mmu = tables.NewMmu(mode);
        mmu.ShouldReach(An.UserRead(Va));

        // When its page table gives way to a 2 MiB page, and the remembered PDE is dropped but not the page
        tables.Map(Va, 0x600, level: PagingLevel.Pd);
        mmu.InvalidatePage(new VirtAddr(0x7000_0000_0000));

        // Then the old page answers for its 4 KiB and the new one for the rest
        mmu.ShouldReach(An.UserRead(Va + 0x1000)).ShouldBe(second);
        mmu.ShouldReach(An.UserRead(Va)).ShouldBe(first);
    }

    [Theory, Spec("T-080", Sizes = "4K 2M")]
    [InlineData(TlbMode.NoCache)]
    [InlineData(TlbMode.Preset)]
    [InlineData(TlbMode.MaxStale)]
    public void Breaking_before_making_leaves_one_translation(TlbMode mode)
    {
        GuestTables tables = new GuestTables().Map(Va, 0x400).Map(Va + 0x1000, 0x401);
        Mmu mmu = tables.NewMmu(mode);
        mmu.ShouldReach(An.UserRead(Va));
        mmu.ShouldReach(An.UserRead(Va + 0x1000));

        tables.Set(Va, PagingLevel.Pd, default);
        mmu.InvalidatePage(new VirtAddr(Va));
        mmu.InvalidatePage(new VirtAddr(Va + 0x1000));
        tables.Map(Va, 0x600, level: PagingLevel.Pd);

        (mmu.ShouldReach(An.UserRead(Va)), mmu.ShouldReach(An.UserRead(Va + 0x1000))).ShouldBe((0x600UL, 0x601UL));
    }

    [Fact, Spec("T-081", Sizes = "4K 2M")]
    public void After_a_split_without_a_flush_D_may_land_in_either_entry()
    {
        // Given a clean 2 MiB page that has been read, split into 4 KiB pages over the same frames
        GuestTables tables = new GuestTables().Map(Va, 0x400, level: PagingLevel.Pd);
        Mmu stale = tables.NewMmu(TlbMode.MaxStale);
        stale.ShouldReach(An.UserWrite(Va));
        Pte large = tables.Entry(Va, PagingLevel.Pd);
        tables.Set(Va, PagingLevel.Pd, default).Map(Va, 0x400).Map(Va + 0x1000, 0x401);

        // When a write goes through the old entry, the new one stays clean: its D had gone to the large page
        stale.ShouldReach(An.UserWrite(Va + 0x1000)).ShouldBe(0x401UL);
        large.Has(PteBits.D).ShouldBeTrue();
        tables.Entry(Va + 0x1000).Has(PteBits.D).ShouldBeFalse();

        // And on a machine that caches nothing it lands in the new one
        tables.NewMmu(TlbMode.NoCache).ShouldReach(An.UserWrite(Va + 0x1000)).ShouldBe(0x401UL);
        tables.Entry(Va + 0x1000).Has(PteBits.D).ShouldBeTrue();
    }

    [Theory]
    [InlineData(PagingLevel.Pt, 0x1A0UL, 0x123UL, 0x1A0UL)]
    [InlineData(PagingLevel.Pd, 0x400UL, 0x1F_F123UL, 0x5FFUL)]
    [InlineData(PagingLevel.Pdpt, 0x0UL, 0x60_3123UL, 0x603UL)]
    [Spec("P-028")]
    public void Each_size_takes_its_offset_from_the_address(PagingLevel level, ulong frame, ulong offset, ulong reached)
    {
        GuestTables tables = new GuestTables().Map(Va, frame, level: level);
        foreach (TlbMode mode in Enum.GetValues<TlbMode>())
        {
            Mmu mmu = tables.NewMmu(mode);
            for (int again = 0; again < 2; again++)
            {
                Translated got = mmu.ShouldTranslate(An.UserRead(Va + offset));
                (got.Address.Raw, got.Size).ShouldBe(((reached << 12) | (offset & 0xFFF), level.LeafSize()), $"{mode} {again}");
            }
        }
    }

    [Fact]
    public void A_piece_of_a_gibibyte_keeps_its_memory_type_and_its_page()
    {
        // Given a level that holds 2 MiB at most, and one that holds 4 KiB only
        TlbGeometry geometry = new()
        {
            Data = [TlbShape.Full(TlbSizes.Size4K, 8)],
            Code = [TlbShape.Full(TlbSizes.Size4K, 8)],
            Second = [TlbShape.Full(TlbSizes.Size4K | TlbSizes.Size2M, 8)],
            Psc = default,
        };
        GuestTables tables = new GuestTables().Map(Va, 0, GuestTables.UserPage | PteBits.PatLarge | PteBits.PCD, PagingLevel.Pdpt);
        Mmu mmu = tables.NewMmu(new MmuOptions { Geometry = geometry });

        mmu.ShouldReach(An.UserRead(Va + 0x60_3000)).ShouldBe(0x603UL);

        List<TlbEntry> entries = [];
        mmu.List(TlbArrayName.Data, entries);
        mmu.List(TlbArrayName.Second, entries);
        entries.Select(e => (e.Address.Raw, e.Size, e.MappedSize, e.Frame.Raw, e.MemoryTypeIndex)).ShouldBe([
            (Va + 0x60_3000, PageSize.Size4K, PageSize.Size1G, 0x603UL, 6),
            (Va + 0x60_0000, PageSize.Size2M, PageSize.Size1G, 0x600UL, 6)]);

        // And a second-level hit makes a first-level piece of the same page
        mmu.ShouldReach(An.UserRead(Va + 0x60_4000)).ShouldBe(0x604UL);
        mmu.LastOutcome.TlbLevel.ShouldBe((byte)2);
        mmu.InvalidatePage(new VirtAddr(Va + 0x3FFF_FFFF));
        entries.Clear();
        mmu.List(TlbArrayName.Data, entries);
        mmu.List(TlbArrayName.Second, entries);
        entries.ShouldBeEmpty();
    }
}
