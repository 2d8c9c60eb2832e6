using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Huge;

/// <summary>remap_anon_pages of huge pages.</summary>
public sealed class HugeRemapTests : IDisposable
{
    private const ulong Pages = HugeHarness.Pages;
    private const ulong Bytes = HugeHarness.Bytes;

    private readonly HugeHarness _h = new();

    public void Dispose() => _h.Dispose();

    [Fact]
    [Spec("R-021", "R-075", Sizes = "2M")]
    public void A_huge_page_at_the_destination_is_something()
    {
        VirtAddr to = _h.Filled(0, value: 0x55);
        VirtAddr from = _h.Filled(4);
        VirtAddr small = _h.Small(6);
        VirtAddr hole = _h.Map(8);

        foreach (VirtAddr source in (VirtAddr[])[from, small, hole])
        {
            _h.Remap(to, source, Pages).ShouldBe(-(long)Errno.EEXIST);
            _h.Remap(to + 4096, source, 1, RemapAnonPages.AllowSourceHoles).ShouldBe(-(long)Errno.EEXIST);
        }

        _h.Mm.Read(to).ShouldBe((byte)0x55);
        _h.IsHuge(from).ShouldBeTrue();
        _h.Mm.ShouldBeSound();
    }

    [Fact]
    [Spec("R-035")]
    public void A_place_that_becomes_huge_while_a_table_is_made_is_a_fault()
    {
        VirtAddr huge = _h.Filled(20);
        VirtAddr from = _h.Small(0);
        VirtAddr to = _h.Map(4);
        _h.WhileTaking(() => Collapse.One(_h.Mem, _h.Mm.VmaAt(from), from).ShouldBe(Errno.None));
        _h.Remap(to, from, 1).ShouldBe(-(long)Errno.EFAULT);
        _h.IsHuge(from).ShouldBeTrue();

        from = _h.Small(8);
        to = _h.Map(12);
        _h.WhileTaking(() => _h.Mm.Write(to, 0x55));
        _h.Remap(to + 4096, from, 1).ShouldBe(-(long)Errno.EFAULT);
        _h.IsHuge(to).ShouldBeTrue();
        _h.Mm.Read(from).ShouldBe((byte)0x41);
        _h.Mm.Read(huge).ShouldBe((byte)0x41);
        _h.Mm.ShouldBeSound();
    }

    [Fact]
    [Spec("R-070", Sizes = "2M")]
    public void A_whole_one_moves_by_two_entries_with_its_run_and_its_spare_table()
    {
        VirtAddr from = _h.Filled(0);
        VirtAddr to = _h.Map(4);
        PageFrame head = _h.Head(from);
        PageFrame spare = _h.Mm.Space.SpareTables.Find(from.Raw).ShouldNotBeNull();
        long tables = _h.Mm.Space.Rss.Tables;
        _h.Mm.Flushes.Clear();
        ulong written = _h.Count(MmCounter.PteWrite);

        _h.Remap(to, from, Pages).ShouldBe((long)Bytes);

        (_h.Count(MmCounter.PteWrite) - written).ShouldBe(2UL);
        _h.Mm.Flushes.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            flush => flush.Stride.ShouldBe(PageSize.Size2M),
            flush => flush.Range.ShouldBe(VirtRange.Of(from, Bytes)));
        _h.Head(to).ShouldBe(head);
        _h.Mm.PteOf(from).ShouldBe(Pte.None);
        _h.Mm.Space.SpareTables.Find(to.Raw).ShouldBe(spare);
        _h.Mm.Space.SpareTables.Find(from.Raw).ShouldBeNull();
        _h.Mm.Space.Rss.Tables.ShouldBe(tables);
        (_h.Count(MmCounter.ThpSplitPage), _h.Count(MmCounter.RemapMovedHuge)).ShouldBe((0UL, 1UL));
        _h.Mm.Read(to + 0x1F_FFFF).ShouldBe((byte)0x41);
        _h.Mm.Read(from).ShouldBe((byte)0);
        _h.Mm.ShouldBeSound();
    }

    [Fact]
    [Spec("R-071", Sizes = "2M")]
    public void One_that_a_child_has_too_is_busy()
    {
        VirtAddr from = _h.Filled(0);
        VirtAddr to = _h.Map(4);
        _ = _h.Vrange.Fork();

        _h.Remap(to, from, Pages).ShouldBe(-(long)Errno.EBUSY);
        _h.Remap(to, from + 4096, 1).ShouldBe(-(long)Errno.EBUSY);

        _h.IsHuge(from).ShouldBeTrue();
        _h.Mm.ShouldBeSound();
    }

    [Fact]
    [Spec("R-072", Sizes = "2M")]
    public void To_another_offset_it_goes_split_page_by_page()
    {
        VirtAddr from = _h.Filled(0);
        VirtAddr to = _h.Map(4, 2) + 4096;
        Pfn first = _h.Head(from).Pfn;

        _h.Remap(to, from, Pages).ShouldBe((long)Bytes);

        for (ulong page = 0; page < Pages; page++)
        {
            _h.Mm.PteOf(to + (page * 4096)).Frame.ShouldBe(first + page);
        }

        (_h.Count(MmCounter.ThpSplitPage), _h.Count(MmCounter.RemapMoved), _h.Count(MmCounter.RemapMovedHuge)).ShouldBe((1UL, 512UL, 0UL));
        _h.Mm.ShouldBeSound();
    }

    [Fact]
    [Spec("R-073", Sizes = "2M")]
    public void One_page_of_it_moves_and_511_stay()
    {
        VirtAddr from = _h.Filled(0);
        VirtAddr to = _h.Map(4);
        Pfn first = _h.Head(from).Pfn;

        _h.Remap(to, from + (9 * 4096), 1).ShouldBe(4096);

        _h.Mm.PteOf(to).Frame.ShouldBe(first + 9);
        for (ulong page = 0; page < Pages; page++)
        {
            _h.Mm.PteOf(from + (page * 4096)).Raw.ShouldBe(page == 9 ? 0 : _h.Mm.PteOf(from + (page * 4096)).Raw | 1);
            _h.Mm.PteOf(from + (page * 4096)).Frame.ShouldBe(page == 9 ? default : first + page);
        }

        _h.Count(MmCounter.ThpSplitPage).ShouldBe(1UL);
        _h.Mm.ShouldBeSound();
    }

    [Fact]
    [Spec("R-074", Sizes = "2M")]
    public void A_table_left_empty_at_the_destination_makes_it_go_page_by_page()
    {
        VirtAddr from = _h.Filled(0);
        VirtAddr to = _h.Small(4);
        _h.Advise(to, Pages, Advice.DontNeed).ShouldBe(Errno.None);
        _h.Mem.Editor.FindPte(_h.Mm.Space.Tables, to, out _).ShouldBe(Descent.Found);

        _h.Remap(to, from, Pages).ShouldBe((long)Bytes);

        (_h.Count(MmCounter.ThpSplitPage), _h.Count(MmCounter.RemapMoved), _h.Count(MmCounter.RemapMovedHuge)).ShouldBe((1UL, 512UL, 0UL));
        _h.Mm.Read(to + 0x1F_FFFF).ShouldBe((byte)0x41);
        _h.Mm.ShouldBeSound();
    }

    [Fact]
    [Spec("R-076", Sizes = "2M")]
    public void Holes_in_what_was_a_huge_page_end_the_move_or_count_as_moved()
    {
        VirtAddr from = _h.Filled(0);
        VirtAddr to = _h.Map(4);
        VirtAddr other = _h.Map(8);
        _h.Advise(from, 1, Advice.DontNeed).ShouldBe(Errno.None);
        _h.Advise(from + (5 * 4096), 2, Advice.DontNeed).ShouldBe(Errno.None);

        _h.Remap(to, from, Pages).ShouldBe(-(long)Errno.ENOENT);
        _h.Remap(to + 4096, from + 4096, Pages - 1).ShouldBe(4 * 4096);
        _h.Remap(other, from, Pages, RemapAnonPages.AllowSourceHoles).ShouldBe((long)Bytes);

        (_h.Mm.PteOf(other).Raw, _h.Mm.PteOf(other + (4 * 4096)).Raw, _h.Mm.PteOf(other + (6 * 4096)).Raw).ShouldBe((0UL, 0UL, 0UL));
        _h.Mm.Read(other + (7 * 4096)).ShouldBe((byte)0x41);
        _h.Mm.Read(to + (4 * 4096)).ShouldBe((byte)0x41);
        _h.Mm.ShouldBeSound();
    }

    [Fact]
    [Spec("R-077", Sizes = "2M")]
    public void Huge_first_small_second_both_move_in_one_call()
    {
        VirtAddr from = _h.Map(0, 2);
        _h.Mm.Write(from, 0x41);
        _h.Mem.Huge.Mode = HugeMode.Never;
        _h.Mm.Fill(from + Bytes, Pages, 0x42);
        _h.Mem.Huge.Mode = HugeMode.Always;
        VirtAddr to = _h.Map(4, 2);

        _h.Remap(to, from, 2 * Pages).ShouldBe(2 * (long)Bytes);

        (_h.Count(MmCounter.RemapMovedHuge), _h.Count(MmCounter.RemapMoved), _h.Count(MmCounter.ThpSplitPage)).ShouldBe((1UL, 512UL, 0UL));
        _h.IsHuge(to).ShouldBeTrue();
        _h.Mm.Read(to).ShouldBe((byte)0x41);
        _h.Mm.Read(to + (2 * Bytes) - 1).ShouldBe((byte)0x42);
        _h.Mm.ShouldBeSound();
    }

    [Fact]
    public void A_shared_view_of_the_zeros_is_busy_and_a_lazy_page_is_lazy_no_more()
    {
        VirtAddr zeros = _h.Map(0);
        _h.Mm.Read(zeros).ShouldBe((byte)0);
        VirtAddr to = _h.Map(4);
        _h.Remap(to, zeros, Pages).ShouldBe(-(long)Errno.EBUSY);

        VirtAddr lazy = _h.Filled(8);
        _h.Advise(lazy, Pages, Advice.Free).ShouldBe(Errno.None);
        _h.Remap(to, lazy, Pages).ShouldBe((long)Bytes);
        _h.Mem.Lru.LazyFreeCount.ShouldBe(0);
        _h.Mm.PteOf(to).Has(PteBits.D).ShouldBeTrue();
        _h.Mm.ShouldBeSound();
    }
}
