using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Swap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.RemapAnon;

/// <summary>What each kind of destination and source page answers.</summary>
public sealed class RemapPageTests : IDisposable
{
    private const ulong Page = 4096;
    private readonly MmHarness _mm = new();
    private readonly VirtAddr _source;
    private readonly VirtAddr _destination;

    public RemapPageTests()
    {
        _source = _mm.Map(4, at: 0x1000_0000);
        _destination = _mm.Map(4, at: 0x2000_0000);
    }

    [Theory, Spec("R-020", "R-024", "R-050")]
    [InlineData("present", 0)]
    [InlineData("present", 1)]
    [InlineData("zero page", 0)]
    [InlineData("swapped", 0)]
    public void A_destination_that_holds_anything_is_EEXIST_and_both_sides_stay(string what, ulong flags)
    {
        Prepare(_destination, what);
        _mm.Fill(_source, 1, 7);

        _mm.RemapAnon(_destination, _source, 1, flags).ShouldBe(-(long)Errno.EEXIST);

        _mm.Read(_source).ShouldBe((byte)7);
        _mm.Read(_destination).ShouldBe(what == "zero page" ? (byte)0 : (byte)9);
    }

    [Fact, Spec("R-024")]
    public void The_destination_is_looked_at_before_a_hole_in_the_source()
    {
        Prepare(_destination, "present");

        _mm.RemapAnon(_destination, _source, 1, 1).ShouldBe(-(long)Errno.EEXIST);
    }

    [Theory, Spec("R-022")]
    [InlineData(false)]
    [InlineData(true)]
    public void A_hole_in_the_source_is_ENOENT_with_or_without_a_table(bool withTable)
    {
        if (withTable)
        {
            _mm.Fill(_source + Page, 1, 1);
        }

        _mm.RemapAnon(_destination, _source, 1).ShouldBe(-(long)Errno.ENOENT);
    }

    [Fact, Spec("R-023", "R-065")]
    public void With_the_flag_a_hole_counts_as_moved_and_the_destination_stays_empty()
    {
        _mm.Fill(_source, 1, 1);
        _mm.Fill(_source + (2 * Page), 1, 3);

        _mm.RemapAnon(_destination, _source, 3, 1).ShouldBe(3 * 4096);

        _mm.PteOf(_destination + Page).ShouldBe(Pte.None);
        (_mm.Read(_destination), _mm.Read(_destination + (2 * Page))).ShouldBe(((byte)1, (byte)3));
    }

    [Fact, Spec("R-025", "R-060")]
    public void A_page_that_is_the_spaces_own_moves_and_the_length_comes_back()
    {
        _mm.Fill(_source, 4, 7);

        _mm.RemapAnon(_destination, _source, 4).ShouldBe(4 * 4096);

        _mm.Read(_destination + (3 * Page)).ShouldBe((byte)7);
        _mm.ShouldBeSound();
    }

    [Fact, Spec("R-026", "R-085")]
    public void A_page_that_a_child_shares_is_EBUSY()
    {
        _mm.Fill(_source, 1, 7);
        _ = _mm.Fork();

        _mm.RemapAnon(_destination, _source, 1).ShouldBe(-(long)Errno.EBUSY);
        _mm.Read(_source).ShouldBe((byte)7);
    }

    [Fact, Spec("R-086")]
    public void A_page_that_fork_does_not_copy_moves_all_the_same()
    {
        _mm.Fill(_source, 1, 7);
        _ = _mm.Advise(_source, 4, Advice.DontFork);
        _ = _mm.Fork();

        _mm.RemapAnon(_destination, _source, 1).ShouldBe(4096);
    }

    [Fact, Spec("R-027")]
    public void The_zero_page_is_EBUSY()
    {
        _ = _mm.Read(_source);

        _mm.RemapAnon(_destination, _source, 1).ShouldBe(-(long)Errno.EBUSY);
    }

    [Theory, Spec("R-028", "R-029")]
    [InlineData("file")]
    [InlineData("merged")]
    public void A_page_that_is_not_plainly_anonymous_is_EBUSY(string what)
    {
        _mm.Fill(_source, 1, 7);
        PageFrame frame = _mm.FrameAt(_source);
        frame.Mapping = what == "file"
            ? MappingWord.OfFile(frame.Mapping.Id)
            : new MappingWord(frame.Mapping.Raw | MappingWord.Ksm);

        _mm.RemapAnon(_destination, _source, 1).ShouldBe(-(long)Errno.EBUSY);
    }

    [Fact, Spec("R-030", "R-048")]
    public void A_swapped_page_moves_as_its_entry_without_input_or_flush()
    {
        // Given a page in swap
        Prepare(_source, "swapped");
        Pte entry = _mm.PteOf(_source);
        SwapEntry slot = SoftPteFormat.SwapOf(entry);
        (int flushes, ulong read) = (_mm.Flushes.Count, _mm.Count(MmCounter.PswpIn));

        // When it is moved
        _mm.RemapAnon(_destination, _source, 1).ShouldBe(4096);

        // Then the very entry stands at the destination, and a touch there brings the data in
        (_mm.PteOf(_destination), _mm.PteOf(_source)).ShouldBe((entry, Pte.None));
        (_mm.Mem.Swap.CountOf(slot), _mm.Flushes.Count, _mm.Count(MmCounter.PswpIn)).ShouldBe((1, flushes, read));
        _mm.Read(_destination).ShouldBe((byte)9);
        _mm.ShouldBeSound();
        _mm.SwapAll().Read(_destination).ShouldBe((byte)9);
    }

    [Fact, Spec("R-031")]
    public void A_swapped_page_that_a_child_shares_is_EBUSY()
    {
        Prepare(_source, "swapped");
        _ = _mm.Fork();

        _mm.RemapAnon(_destination, _source, 1).ShouldBe(-(long)Errno.EBUSY);
    }

    [Fact, Spec("R-032")]
    public void A_swapped_page_that_is_still_in_the_swap_cache_is_EBUSY()
    {
        // Given a page that somebody held while it was swapped out
        _mm.Fill(_source, 1, 9);
        PageFrame frame = _mm.FrameAt(_source);
        frame.RefCount++;
        _mm.SwapAll().KindOf(_source).ShouldBe(SoftPteKind.Swap);
        _mm.Mem.Swap.FindCached(SoftPteFormat.SwapOf(_mm.PteOf(_source))).ShouldBeSameAs(frame);

        _mm.RemapAnon(_destination, _source, 1).ShouldBe(-(long)Errno.EBUSY);

        _mm.Mem.Source.Release(frame);
        _mm.Read(_source).ShouldBe((byte)9);
    }

    [Fact, Spec("R-034")]
    public void An_entry_of_another_kind_is_EFAULT()
    {
        _mm.Fill(_source, 1, 9);
        PhysAddr slot = _mm.SlotOf(_source + Page);
        foreach (Pte special in (Pte[])[_mm.Mem.SoftPtes.OfHwPoison(new Pfn(5)), _mm.Mem.SoftPtes.Purged, new Pte(0x40)])
        {
            _mm.Mem.Ram.WriteUInt64(slot, special.Raw);
            _mm.RemapAnon(_destination, _source + Page, 1).ShouldBe(-(long)Errno.EFAULT);
        }
    }

    [Fact, Spec("R-061", "R-062", "R-064")]
    public void An_error_behind_moved_pages_is_a_short_count_and_shows_itself_on_the_next_call()
    {
        // Given two pages, a hole, and another page
        _mm.Fill(_source, 2, 7);
        _mm.Fill(_source + (3 * Page), 1, 8);

        // When all four are to move
        _mm.RemapAnon(_destination, _source, 4).ShouldBe(2 * 4096);

        // Then the first two have moved and stay moved, and the rest says why
        (_mm.Read(_destination), _mm.Read(_destination + Page)).ShouldBe(((byte)7, (byte)7));
        (_mm.PteOf(_source), _mm.PteOf(_source + Page)).ShouldBe((Pte.None, Pte.None));
        _mm.RemapAnon(_destination + (2 * Page), _source + (2 * Page), 2).ShouldBe(-(long)Errno.ENOENT);
        _mm.Read(_source + (3 * Page)).ShouldBe((byte)8);
    }

    [Fact, Spec("R-063", "R-023")]
    public void The_answer_is_never_0_not_even_when_every_page_is_a_hole() =>
        _mm.RemapAnon(_destination, _source, 4, 1).ShouldBe(4 * 4096);

    [Fact, Spec("R-089")]
    public void A_page_onto_itself_is_EEXIST_and_a_hole_onto_itself_is_ENOENT_or_counted()
    {
        _mm.RemapAnon(_source, _source, 1).ShouldBe(-(long)Errno.ENOENT);
        _mm.RemapAnon(_source, _source, 1, 1).ShouldBe(4096);
        _mm.Fill(_source, 1, 7);
        _mm.RemapAnon(_source, _source, 1).ShouldBe(-(long)Errno.EEXIST);
    }

    [Fact, Spec("R-090")]
    public void Overlapping_ranges_are_EEXIST_at_once_and_nothing_moves()
    {
        _mm.Fill(_source, 1, 1);
        _mm.Fill(_source + Page, 1, 2);

        _mm.RemapAnon(_source + Page, _source, 2).ShouldBe(-(long)Errno.EEXIST);
        (_mm.Read(_source), _mm.Read(_source + Page)).ShouldBe(((byte)1, (byte)2));
    }

    [Fact, Spec("R-093")]
    public void A_pinned_page_moves_and_the_pin_follows_the_frame()
    {
        _mm.Fill(_source, 1, 7);
        PageFrame frame = _mm.FrameAt(_source);
        frame.RefCount++;

        _mm.RemapAnon(_destination, _source, 1).ShouldBe(4096);

        _mm.FrameAt(_destination).ShouldBeSameAs(frame);
        _mm.Mem.Ram.PageToWrite(frame.Pfn)[0] = 0x77;
        _mm.Read(_destination).ShouldBe((byte)0x77);
    }

    public void Dispose() => _mm.Dispose();

    private void Prepare(VirtAddr page, string what)
    {
        if (what == "zero page")
        {
            _mm.Read(page).ShouldBe((byte)0);
            return;
        }

        _mm.Fill(page, 1, 9);
        if (what == "swapped")
        {
            _mm.SwapAll().KindOf(page).ShouldBe(SoftPteKind.Swap);
        }
    }
}
