using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Paging;

/// <summary>Where the fields of an entry lie.</summary>
public sealed class EntryFormatTests
{
    [Fact, Spec("P-027")]
    public void Bit_7_of_a_PTE_is_PAT_and_does_not_make_it_larger()
    {
        GuestTables tables = new GuestTables().Map(0x40_0000, 0x1A0, GuestTables.UserPage | PteBits.Pat4K);

        Leaf leaf = tables.ShouldReach(An.UserRead(0x40_0000));

        (leaf.Size, MemoryTypes.IndexOf(leaf.Entry, leaf.Size)).ShouldBe((PageSize.Size4K, 4));
    }

    [Fact, Spec("P-027")]
    public void Bit_12_of_a_large_leaf_is_PAT_and_no_part_of_the_frame()
    {
        GuestTables tables = new GuestTables().Map(0x4000_0000, 0x400, GuestTables.UserPage | PteBits.PatLarge, PagingLevel.Pd);

        Leaf leaf = tables.ShouldReach(An.UserRead(0x4000_0000));

        (leaf.FrameOf(new VirtAddr(0x4000_0000)).Raw, MemoryTypes.IndexOf(leaf.Entry, leaf.Size)).ShouldBe((0x400UL, 4));
    }

    [Theory, Spec("P-027")]
    [InlineData(PteBits.None, 0, MemoryType.WriteBack)]
    [InlineData(PteBits.PWT, 1, MemoryType.WriteThrough)]
    [InlineData(PteBits.PCD, 2, MemoryType.UncacheableMinus)]
    [InlineData(PteBits.PCD | PteBits.PWT, 3, MemoryType.Uncacheable)]
    [InlineData(PteBits.Pat4K, 4, MemoryType.WriteBack)]
    [InlineData(PteBits.Pat4K | PteBits.PCD | PteBits.PWT, 7, MemoryType.Uncacheable)]
    public void PAT_PCD_and_PWT_index_the_attribute_table(PteBits bits, int index, MemoryType afterReset)
    {
        Pte leaf = Pte.Of(new Pfn(0x1A0), GuestTables.UserPage | bits);

        MemoryTypes.IndexOf(leaf, PageSize.Size4K).ShouldBe(index);
        MemoryTypes.TypeOf(MemoryTypes.ResetPat, index).ShouldBe(afterReset);
        MemoryTypes.TypeOf(0x0105_0406_0007_0106, 7).ShouldBe(MemoryType.WriteCombining);
    }

    [Theory, Spec("P-028")]
    [InlineData(PageSize.Size4K, 0xF_FFFF_FFFFUL)]
    [InlineData(PageSize.Size2M, 0xF_FFFF_FE00UL)]
    [InlineData(PageSize.Size1G, 0xF_FFFC_0000UL)]
    public void Frame_bits_begin_where_the_page_ends(PageSize size, ulong widestFrame) =>
        (new Pte(ulong.MaxValue).LeafFrame(size).Raw & 0xF_FFFF_FFFF).ShouldBe(widestFrame);

    [Fact]
    public void Entries_of_five_levels_span_what_the_manual_says()
    {
        VirtAddr va = new(0x01AB_CDEF_0123_4567);

        Enum.GetValues<PagingLevel>().Select(l => (l.EntryName(), l.Shift(), l.IndexOf(va))).ShouldBe([
            ("PTE", 12, (int)((va.Raw >> 12) & 511)),
            ("PDE", 21, (int)((va.Raw >> 21) & 511)),
            ("PDPTE", 30, (int)((va.Raw >> 30) & 511)),
            ("PML4E", 39, (int)((va.Raw >> 39) & 511)),
            ("PML5E", 48, (int)((va.Raw >> 48) & 511))]);
    }
}
