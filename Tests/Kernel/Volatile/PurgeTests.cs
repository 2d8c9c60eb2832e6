using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Volatile;

public sealed class PurgeTests : IDisposable
{
    private const ulong Page = 4096;
    private readonly VrangeHarness _h = new();

    [Fact]
    public void However_old_volatile_pages_grow_age_alone_purges_none()
    {
        VirtAddr start = _h.FilledAndVolatile(8);
        for (int i = 0; i < 10; i++)
        {
            _h.Mm.Age();
        }

        _h.Picture(start, 8).ShouldBe("........");
    }

    [Fact, Spec("V-141", "V-156", Profile = "v10")]
    public void A_page_of_a_tried_range_is_purged_alone_when_it_reaches_the_old_end_of_its_list()
    {
        // Given a range that was tried while one page was not there, and a page that came back since
        VirtAddr start = _h.Mm.Map(3);
        _ = _h.Mark(start, 3);
        _ = _h.Purger.PurgeRanges(1, ReclaimReason.Direct);
        _h.Purger.HasCandidates.ShouldBeFalse();
        _h.Mm.Fill(start, 3, 7);
        _h.Mm.Age().Age();

        // When the page oldest in use is reclaimed
        PageFrame oldest = _h.Mm.FrameAt(start);
        _h.Mm.Mem.Lru.Remove(oldest);
        _h.Mm.Mem.Lru.AddTail(oldest);
        _h.Mm.Reclaim(1).ShouldBe(1UL);

        // Then it is purged, not swapped, and the rest stays
        _h.Picture(start, 3).ShouldBe("P..");
        _h.Mm.Count(MmCounter.PswpOut).ShouldBe(0UL);
    }

    [Fact, Spec("V-142", "V-143")]
    public void An_accessed_dirty_page_is_purged_all_the_same_and_written_nowhere()
    {
        VirtAddr start = _h.FilledAndVolatile(1);
        _h.Mm.PteOf(start).Has(PteBits.A | PteBits.D).ShouldBeTrue();
        long slots = _h.Mm.Mem.Swap.FreeSlots;

        _h.Mm.Reclaim(1).ShouldBe(1UL);

        _h.IsPurged(start).ShouldBeTrue();
        (_h.Mm.Count(MmCounter.PswpOut), _h.Mm.Mem.Swap.FreeSlots).ShouldBe((0UL, slots));
    }

    [Fact, Spec("V-142")]
    public void At_the_old_end_of_the_list_too_volatility_is_asked_before_recent_use()
    {
        VirtAddr start = _h.FilledAndVolatile(1);
        PageFrame frame = _h.Mm.FrameAt(start);
        frame.TryLock().ShouldBeTrue();
        frame.RefCount++;

        _h.Mm.Mem.Volatile!.TryPurge(frame, ReclaimReason.Balance).ShouldBeTrue();

        _h.IsPurged(start).ShouldBeTrue();
        frame.Unlock();
        _h.Mm.Mem.Source.Release(frame);
        _h.Mm.ShouldBeSound();
    }

    [Fact, Spec("V-144")]
    public void A_purged_page_gives_its_swap_slot_back()
    {
        // Given a page that was swapped out and read in again, so that it still has its slot
        VirtAddr start = _h.Filled(1);
        SwapOutAndReadIn(start, 1);
        PageFrame frame = _h.Mm.FrameAt(start);
        frame.Has(PageFlags.SwapCache).ShouldBeTrue();
        _ = _h.Mark(start, 1);

        // When it is purged
        _h.Purge(start, 1).ShouldBe(1UL);

        // Then page, cache and slot are free
        _h.Mm.Mem.Swap.FreeSlots.ShouldBe(_h.Mm.Mem.Swap.TotalSlots);
        _h.Mm.Mem.Swap.CachedCount.ShouldBe(0);
        _h.Mm.ShouldBeSound();
    }

    [Fact, Spec("V-145")]
    public void A_page_that_is_wholly_in_swap_is_not_purged_and_comes_back_with_its_data()
    {
        VirtAddr start = _h.Filled(1);
        _ = _h.Mm.Age().Age().ReclaimAll();
        _h.Picture(start, 1).ShouldBe("s");
        _ = _h.Mark(start, 1);

        _ = _h.Mm.ReclaimAll();

        _h.Mm.Read(start).ShouldBe((byte)'A');
        _h.Keep(start, 1).Purged.ShouldBe(0);
    }

    [Fact, Spec("V-126")]
    public void A_range_without_pages_is_not_marked_purged_by_a_try()
    {
        VirtAddr start = _h.Mm.Map(4);
        _ = _h.Mark(start, 4);

        _h.Mm.Reclaim(1);

        _h.Tree[0].Purged.ShouldBeFalse();
        _h.Keep(start, 4).Purged.ShouldBe(0);
    }

    [Fact, Spec("V-158")]
    public void A_pinned_page_is_taken_from_the_program_but_its_frame_is_not_freed()
    {
        VirtAddr start = _h.FilledAndVolatile(1);
        PageFrame frame = _h.Mm.FrameAt(start);
        frame.RefCount++;
        ulong free = _h.Mm.Mem.Buddy.FreeCount;

        _h.Purge(start, 1).ShouldBe(0UL);

        _h.Mm.Touch(start).ShouldBeBusErrorAt(start);
        (frame.RefCount, frame.MapCount, _h.Mm.Mem.Buddy.FreeCount).ShouldBe((1, 0, free));
        _h.Mm.Mem.Source.Release(frame);
        _h.Mm.Mem.Buddy.FreeCount.ShouldBe(free + 1);
    }

    [Fact, Spec("V-159", "V-160")]
    public void A_locked_page_is_not_purged_and_is_purgeable_again_after_munlock()
    {
        VirtAddr start = _h.FilledAndVolatile(2);
        Vma vma = _h.Mm.VmaAt(start);

        vma.Flags |= VmFlags.Locked;
        _h.Purge(start, 2).ShouldBe(0UL);

        vma.Flags &= ~VmFlags.Locked;
        _h.Purge(start, 2).ShouldBe(2UL);
    }

    [Fact, Spec("V-163")]
    public void Huge_page_mappings_are_never_purged()
    {
        VirtAddr start = _h.FilledAndVolatile(1);
        _h.Mm.VmaAt(start).Flags |= VmFlags.HugeTlb;

        _h.Purge(start, 1).ShouldBe(0UL);
    }

    [Fact, Spec("V-162")]
    public void A_merged_page_counts_as_not_volatile()
    {
        VirtAddr start = _h.FilledAndVolatile(1);
        PageFrame frame = _h.Mm.FrameAt(start);
        frame.Mapping = new MappingWord(frame.Mapping.Raw | MappingWord.Ksm);

        _h.Purge(start, 1).ShouldBe(0UL);
        _h.Picture(start, 1).ShouldBe(".");
    }

    [Fact]
    public void A_page_that_somebody_holds_locked_is_left_alone()
    {
        VirtAddr start = _h.FilledAndVolatile(2);
        _h.Mm.FrameAt(start).TryLock().ShouldBeTrue();

        _h.Purge(start, 2).ShouldBe(1UL);
        _h.Picture(start, 2).ShouldBe(".P");
    }

    [Theory, Spec("V-165", Profile = "v10")]
    [InlineData(ReclaimReason.Balance, MmCounter.PgDiscardKswapd)]
    [InlineData(ReclaimReason.Direct, MmCounter.PgDiscardDirect)]
    public void Purged_pages_become_free_frames_and_are_counted_by_who_purged_them(ReclaimReason reason, MmCounter counter)
    {
        _ = _h.FilledAndVolatile(5);
        ulong free = _h.Mm.Mem.Buddy.FreeCount;

        _h.Purger.PurgeRanges(5, reason).ShouldBe(5UL);

        _h.Mm.Mem.Buddy.FreeCount.ShouldBe(free + 5);
        (_h.Mm.Count(MmCounter.PgDiscardKswapd) + _h.Mm.Count(MmCounter.PgDiscardDirect), _h.Mm.Count(counter)).ShouldBe((5UL, 5UL));
    }

    [Fact, Spec("V-166", Profile = "v10")]
    public void Marking_leaves_the_pages_where_they_are_on_their_lists()
    {
        VirtAddr start = _h.Filled(4);
        string Order() => string.Join(' ', Frames(LruKind.ActiveAnon));
        string before = Order();

        _ = _h.Mark(start + Page, 2);

        Order().ShouldBe(before);
    }

    [Fact]
    public void Purge_now_touches_only_the_volatile_part_of_its_range_and_no_neighbour()
    {
        VirtAddr start = _h.Filled(6);
        _ = _h.Mark(start + Page, 2);
        _ = _h.Mark(start + (4 * Page), 2);

        _h.Purge(start, 5).ShouldBe(3UL);

        _h.Picture(start, 6).ShouldBe(".PP.P.");
        _h.Mm.ShouldBeSound();
    }

    public void Dispose() => _h.Dispose();

    private void SwapOutAndReadIn(VirtAddr start, ulong pages)
    {
        _ = _h.Mm.Age().Age().ReclaimAll();
        _h.Picture(start, pages).ShouldNotContain('.');
        for (ulong page = 0; page < pages; page++)
        {
            _ = _h.Mm.Read(start + (page * Page));
        }
    }

    private IEnumerable<string> Frames(LruKind kind)
    {
        for (PageFrame? frame = _h.Mm.Mem.Lru[kind].Head; frame is not null; frame = FrameList.After(frame))
        {
            yield return frame.Pfn.ToString();
        }
    }
}
