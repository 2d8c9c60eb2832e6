using System.Diagnostics;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.LazyFree;

/// <summary>What MADV_FREE does to the page: its mapping word, its place in the lists, its swap slot.</summary>
public sealed class FreePageTests : IDisposable
{
    private const ulong Page = 4096;
    private readonly MmHarness _mm = new();

    [Fact, Spec("F-050")]
    public void The_mapping_words_low_bits_become_5_and_its_owner_stays()
    {
        VirtAddr start = Filled(1);
        MappingWord before = _mm.FrameAt(start).Mapping;
        AnonVma family = _mm.VmaAt(start).AnonVma.ShouldNotBeNull();

        _ = _mm.Advise(start, 1, Advice.Free);

        MappingWord after = _mm.FrameAt(start).Mapping;
        (before.LowBits, after.LowBits, after.Id).ShouldBe((1UL, 5UL, family.Id));
        _mm.Mem.Rmap.FamilyOf(_mm.FrameAt(start)).ShouldBeSameAs(family);
    }

    [Theory, Spec("F-051", "F-054")]
    [InlineData(0, false, false)]
    [InlineData(1, false, true)]
    [InlineData(3, false, false)]
    [InlineData(4, false, false)]
    [InlineData(5, true, true)]
    [InlineData(7, false, false)]
    public void Low_bits_5_alone_mean_lazy_free_and_1_and_5_alone_lead_to_the_family(ulong lowBits, bool lazy, bool leads)
    {
        VirtAddr start = Filled(1);
        PageFrame frame = _mm.FrameAt(start);
        MappingWord word = new((frame.Mapping.Raw & ~7UL) | lowBits);

        word.IsLazyFree.ShouldBe(lazy);
        frame.Mapping = word;
        (_mm.Mem.Rmap.FamilyOf(frame) is not null).ShouldBe(leads);
    }

    [Fact, Spec("F-052")]
    public void An_owners_number_never_reaches_the_three_low_bits()
    {
        for (ulong id = 0; id < 64; id++)
        {
            MappingWord word = MappingWord.OfAnon(id);
            (word.LowBits, word.Id, word.WithLazyFree().Id, word.WithLazyFree().WithoutLazyFree()).ShouldBe((1UL, id, id, word));
        }
    }

    [Theory, Spec("F-053")]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Marking_an_unlocked_page_or_one_that_is_not_anonymous_stops_the_emulator(bool locked, bool anonymous)
    {
        PageFrame frame = _mm.FrameAt(Filled(1));
        frame.Mapping = anonymous ? frame.Mapping : MappingWord.OfFile(1);
        if (locked)
        {
            frame.TryLock().ShouldBeTrue();
        }

        Should.Throw<UnreachableException>(frame.SetLazyFree);
        Should.Throw<UnreachableException>(frame.ClearLazyFree);
    }

    [Theory, Spec("F-057", "F-060")]
    [InlineData(true)]
    [InlineData(false)]
    public void The_page_moves_to_the_old_end_of_the_inactive_list_at_once(bool active)
    {
        VirtAddr start = Filled(3);
        PageFrame frame = _mm.FrameAt(start + Page);
        if (!active)
        {
            _mm.Age().Age();
        }

        frame.Has(PageFlags.Active).ShouldBe(active);
        frame.Set(PageFlags.Referenced);
        ulong rotated = _mm.Count(MmCounter.PgRotated);

        _ = _mm.Advise(start + Page, 1, Advice.Free);

        _mm.Mem.Lru[LruKind.InactiveAnon].Tail.ShouldBeSameAs(frame);
        (frame.Has(PageFlags.Active), frame.Has(PageFlags.Referenced), _mm.Count(MmCounter.PgRotated)).ShouldBe((false, false, rotated + 1));
    }

    [Fact, Spec("F-058")]
    public void A_page_under_writeback_goes_to_the_young_end_and_is_to_be_reclaimed_when_written()
    {
        VirtAddr start = Filled(3);
        _mm.Age().Age();
        PageFrame frame = _mm.FrameAt(start);
        frame.Set(PageFlags.Writeback);

        _ = _mm.Advise(start, 1, Advice.Free);

        _mm.Mem.Lru[LruKind.InactiveAnon].Head.ShouldBeSameAs(frame);
        frame.Has(PageFlags.Reclaim).ShouldBeTrue();
    }

    [Fact, Spec("F-058")]
    public void Without_the_exclusivity_rule_a_dirty_page_stays_dirty_and_goes_to_the_young_end()
    {
        using MmHarness mm = new(new MmOptions { Profile = new KernelProfile { Switches = ProfileSwitches.LazyFreeShared } });
        VirtAddr start = mm.Map(3);
        mm.Fill(start, 3, 7);
        PageFrame frame = mm.FrameAt(start);
        frame.Set(PageFlags.Dirty);

        _ = mm.Advise(start, 1, Advice.Free);

        mm.Mem.Lru[LruKind.InactiveAnon].Head.ShouldBeSameAs(frame);
        frame.Has(PageFlags.Reclaim | PageFlags.Dirty).ShouldBeTrue();
    }

    [Fact, Spec("F-059")]
    public void A_second_call_cleans_the_entry_again_and_leaves_the_page_in_its_place()
    {
        // Given two freed pages, the first read and written since
        VirtAddr start = Filled(2);
        _ = _mm.Advise(start, 1, Advice.Free);
        _ = _mm.Advise(start + Page, 1, Advice.Free);
        _ = _mm.Write(start, 1).Read(start);
        _mm.PteOf(start).Has(PteBits.A | PteBits.D).ShouldBeTrue();
        _mm.Mem.Lru[LruKind.InactiveAnon].Tail.ShouldBeSameAs(_mm.FrameAt(start + Page));
        int flushes = _mm.Flushes.Count;

        // When the first is freed again
        _ = _mm.Advise(start, 1, Advice.Free);

        // Then its entry is clean of both bits and flushed, and the list is as it was
        (_mm.PteOf(start).Has(PteBits.A), _mm.PteOf(start).Has(PteBits.D)).ShouldBe((false, false));
        _mm.FrameAt(start).Mapping.IsLazyFree.ShouldBeTrue();
        _mm.Flushes.Count.ShouldBe(flushes + 1);
        _mm.Mem.Lru[LruKind.InactiveAnon].Tail.ShouldBeSameAs(_mm.FrameAt(start + Page));
        _mm.Count(MmCounter.PgLazyFree).ShouldBe(2UL);
    }

    [Fact, Spec("F-062")]
    public void A_page_with_a_slot_of_its_own_gives_it_back_and_is_clean()
    {
        VirtAddr start = Filled(1);
        _ = _mm.SwapAll().Read(start);
        PageFrame frame = _mm.FrameAt(start);
        frame.Has(PageFlags.SwapCache).ShouldBeTrue();

        _ = _mm.Advise(start, 1, Advice.Free);

        (frame.Has(PageFlags.SwapCache), frame.Has(PageFlags.Dirty), frame.Mapping.IsLazyFree).ShouldBe((false, false, true));
        _mm.Mem.Swap.FreeSlots.ShouldBe(_mm.Mem.Swap.TotalSlots);
        _mm.Reclaim(1).ShouldBe(1UL);
        _mm.Read(start).ShouldBe((byte)0);
        _mm.ShouldBeSound();
    }

    [Fact, Spec("F-063", "F-113", Profile = "rfc2014 linux45")]
    public void A_page_whose_slot_a_child_still_names_is_skipped_and_the_child_keeps_its_data()
    {
        foreach (MadvFreeVersion version in (MadvFreeVersion[])[MadvFreeVersion.Rfc2014, MadvFreeVersion.Linux45])
        {
            using MmHarness mm = new(new MmOptions { Profile = new KernelProfile { MadvFree = version } });
            (VirtAddr start, AddressSpace child) = SharedSlot(mm);

            _ = mm.Advise(start, 1, Advice.Free);

            mm.FrameAt(start).Mapping.IsLazyFree.ShouldBeFalse();
            _ = mm.ReclaimAll();
            mm.Run(child).Read(start).ShouldBe((byte)0xAA);
            mm.ShouldBeSound();
        }
    }

    [Fact, Spec("F-063")]
    public void Without_the_exclusivity_rule_such_a_page_is_marked_and_its_last_free_is_refused()
    {
        using MmHarness mm = new(new MmOptions { Profile = new KernelProfile { Switches = ProfileSwitches.LazyFreeShared } });
        (VirtAddr start, AddressSpace child) = SharedSlot(mm);
        PageFrame frame = mm.FrameAt(start);

        _ = mm.Advise(start, 1, Advice.Free);
        frame.Mapping.IsLazyFree.ShouldBeTrue();
        _ = mm.Reclaim(1);

        mm.PteOf(start).ShouldBe(Pte.None);
        (frame.Has(PageFlags.SwapCache), frame.RefCount).ShouldBe((true, 1));
        mm.Run(child).Read(start).ShouldBe((byte)0xAA);
        mm.ShouldBeSound();
    }

    [Fact, Spec("F-064", "F-065")]
    public void A_page_that_somebody_holds_locked_is_only_cleaned_and_later_swapped_with_its_data()
    {
        // Given a page that is locked while MADV_FREE runs
        VirtAddr start = Filled(1);
        PageFrame frame = _mm.FrameAt(start);
        frame.TryLock().ShouldBeTrue();
        (int references, bool active) = (frame.RefCount, frame.Has(PageFlags.Active));

        // When it is freed
        _ = _mm.Advise(start, 1, Advice.Free);

        // Then the entry is clean and the page is what it was
        _mm.PteOf(start).Has(PteBits.D).ShouldBeFalse();
        (frame.Mapping.IsLazyFree, frame.RefCount, frame.Has(PageFlags.Active)).ShouldBe((false, references, active));

        // And pressure swaps it like any other page
        frame.Unlock();
        _mm.SwapAll().KindOf(start).ShouldBe(SoftPteKind.Swap);
        _mm.Read(start).ShouldBe((byte)0xAA);
    }

    [Fact, Spec("F-067")]
    public void A_locked_page_keeps_its_swap_slot()
    {
        VirtAddr start = Filled(1);
        _ = _mm.SwapAll().Read(start);
        PageFrame frame = _mm.FrameAt(start);
        frame.TryLock().ShouldBeTrue();
        long slots = _mm.Mem.Swap.FreeSlots;

        _ = _mm.Advise(start, 1, Advice.Free);

        (frame.Has(PageFlags.SwapCache), _mm.Mem.Swap.FreeSlots).ShouldBe((true, slots));
    }

    [Fact, Spec("F-067", "F-068")]
    public void A_merged_page_is_only_cleaned_and_never_discarded()
    {
        VirtAddr start = Filled(1);
        PageFrame frame = _mm.FrameAt(start);
        frame.Mapping = new MappingWord(frame.Mapping.Raw | MappingWord.Ksm);

        _ = _mm.Advise(start, 1, Advice.Free);
        _mm.PteOf(start).Has(PteBits.D).ShouldBeFalse();
        frame.Mapping.LowBits.ShouldBe(3UL);
        _ = _mm.Age().Age().ReclaimAll();

        _mm.Read(start).ShouldBe((byte)0xAA);
    }

    public void Dispose() => _mm.Dispose();

    private VirtAddr Filled(ulong pages)
    {
        VirtAddr start = _mm.Map(pages);
        _mm.Fill(start, pages, 0xAA);
        return start;
    }

    /// <summary>A page that the parent has in memory and in the swap cache, and the child as its swap entry alone.</summary>
    private static (VirtAddr Start, AddressSpace Child) SharedSlot(MmHarness mm)
    {
        VirtAddr start = mm.Map(1);
        mm.Fill(start, 1, 0xAA);
        AddressSpace child = mm.Fork();
        _ = mm.SwapAll().Read(start);
        mm.KindOf(start, child).ShouldBe(SoftPteKind.Swap);
        mm.FrameAt(start).Has(PageFlags.SwapCache).ShouldBeTrue();
        return (start, child);
    }
}
