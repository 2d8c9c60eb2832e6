using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.LazyFree;

/// <summary>What reclaim does with a lazily freed page.</summary>
public sealed class FreeReclaimTests : IDisposable
{
    private const ulong Page = 4096;
    private readonly MmHarness _mm = new();

    [Fact, Spec("F-070")]
    public void An_untouched_page_is_dropped_without_a_slot_or_a_write()
    {
        VirtAddr start = Freed(1);
        PageFrame frame = _mm.FrameAt(start);
        long resident = _mm.Space.Rss.Anon;
        _mm.Events.Clear();

        _mm.Reclaim(1).ShouldBe(1UL);

        _mm.PteOf(start).ShouldBe(Pte.None);
        (_mm.Space.Rss.Anon, _mm.Count(MmCounter.PswpOut), _mm.Mem.Swap.FreeSlots).ShouldBe((resident - 1, 0UL, _mm.Mem.Swap.TotalSlots));
        (_mm.Count(MmCounter.PgLazyFreed), _mm.Mem.Lru.LazyFreeCount, _mm.Mem.Buddy.IsFree(frame.Pfn)).ShouldBe((1UL, 0, true));
        TraceEventKind[] order = [.. _mm.Events.Select(e => e.Kind).Where(k => k is KernelEvent.EntryChanged or KernelEvent.Flush or KernelEvent.FrameFreed)];
        order.ShouldBe([KernelEvent.EntryChanged, KernelEvent.Flush, KernelEvent.FrameFreed]);
        _mm.ShouldBeSound();
    }

    [Fact, Spec("F-081", Profile = "linux412")]
    public void From_Linux_4_12_on_an_untouched_page_is_dropped_without_pageout_and_counted()
    {
        using MmHarness mm = new(new MmOptions { Profile = new KernelProfile { MadvFree = MadvFreeVersion.Linux412 } });
        VirtAddr start = mm.Map(1);
        mm.Fill(start, 1, 0xAA);
        _ = mm.Advise(start, 1, Advice.Free);
        PageFrame frame = mm.FrameAt(start);

        mm.Reclaim(1).ShouldBe(1UL);

        (mm.PteOf(start), mm.Mem.Buddy.IsFree(frame.Pfn)).ShouldBe((Pte.None, true));
        (mm.Count(MmCounter.PswpOut), mm.Mem.Swap.FreeSlots, mm.Count(MmCounter.PgLazyFreed)).ShouldBe((0UL, mm.Mem.Swap.TotalSlots, 1UL));
        mm.Read(start).ShouldBe((byte)0);
        mm.ShouldBeSound();
    }

    [Fact, Spec("F-123", Profile = "linux412")]
    public void From_Linux_4_12_on_freed_pages_age_among_those_of_files_and_go_without_swap()
    {
        using MmHarness mm = new(new MmOptions { SwapPages = 0, Profile = new KernelProfile { MadvFree = MadvFreeVersion.Linux412 } });
        VirtAddr ordinary = mm.Map(2);
        mm.Fill(ordinary, 2, 1);
        VirtAddr start = mm.Map(2);
        mm.Fill(start, 2, 0xAA);
        mm.Advise(start, 2, Advice.Free).ShouldBe(Errno.None);
        PageFrame frame = mm.FrameAt(start);

        mm.Read(start).ShouldBe((byte)0xAA, "it is lazy: nothing is gone yet");
        mm.Mem.Lru[LruKind.InactiveFile].Holds(frame).ShouldBeTrue();
        (frame.Has(PageFlags.SwapBacked), frame.Mapping.IsLazyFree).ShouldBe((false, true));

        mm.Age().Age().ReclaimAll().ShouldBe(2UL);

        (mm.KindOf(start), mm.KindOf(ordinary), mm.Count(MmCounter.PgLazyFreed)).ShouldBe((SoftPteKind.None, SoftPteKind.Present, 2UL));
        mm.ShouldBeSound();
    }

    [Fact, Spec("F-080", Profile = "linux412")]
    public void From_Linux_4_12_on_a_page_that_was_written_since_is_swap_backed_again_and_active()
    {
        using MmHarness mm = new(new MmOptions { Profile = new KernelProfile { MadvFree = MadvFreeVersion.Linux412 } });
        VirtAddr start = mm.Map(1);
        mm.Fill(start, 1, 0xAA);
        mm.Advise(start, 1, Advice.Free).ShouldBe(Errno.None);
        PageFrame frame = mm.FrameAt(start);
        frame.Has(PageFlags.SwapBacked).ShouldBeFalse();
        mm.Mem.Ram.WriteUInt64(mm.SlotOf(start), mm.PteOf(start).With(PteBits.D).Raw);
        Pte before = mm.PteOf(start);

        _ = MmuEmu.Kernel.Reclaim.LruShrink.TryOne(mm.Mem, frame, ReclaimReason.Direct);

        mm.PteOf(start).ShouldBe(before);
        (frame.Has(PageFlags.SwapBacked), frame.Has(PageFlags.Active), frame.Mapping.IsLazyFree).ShouldBe((true, true, false));
        mm.Mem.Lru[LruKind.ActiveAnon].Holds(frame).ShouldBeTrue();
        mm.ShouldBeSound();
    }

    [Fact, Spec("F-071", "V-196")]
    public void A_page_that_was_written_since_is_put_back_bit_for_bit_and_becomes_active()
    {
        VirtAddr start = Freed(1);
        SetUsed(start, PteBits.D);
        Pte before = _mm.PteOf(start);
        PageFrame frame = _mm.FrameAt(start);

        _ = ReclaimOnly(frame);

        _mm.PteOf(start).ShouldBe(before);
        (frame.Mapping.IsLazyFree, frame.Has(PageFlags.Dirty), frame.Has(PageFlags.Active)).ShouldBe((false, true, true));
        _mm.Mem.Lru[LruKind.ActiveAnon].Holds(frame).ShouldBeTrue();
    }

    [Fact, Spec("F-072")]
    public void A_page_that_was_read_since_is_rescued_for_good()
    {
        VirtAddr start = Freed(1);
        _ = _mm.Read(start);
        PageFrame frame = _mm.FrameAt(start);

        _ = ReclaimOnly(frame);

        (frame.Mapping.IsLazyFree, frame.Has(PageFlags.Active), _mm.PteOf(start).Has(PteBits.A)).ShouldBe((false, true, false));
        _mm.SwapAll().Read(start).ShouldBe((byte)0xAA);
    }

    [Fact, Spec("F-073", Profile = "linux45 linux412")]
    public void From_Linux_4_5_on_a_read_only_delays_the_discard()
    {
        foreach (MadvFreeVersion version in (MadvFreeVersion[])[MadvFreeVersion.Linux45, MadvFreeVersion.Linux412])
        {
            using MmHarness mm = new(new MmOptions { Profile = new KernelProfile { MadvFree = version } });
            VirtAddr start = mm.Map(1);
            mm.Fill(start, 1, 0xAA);
            _ = mm.Advise(start, 1, Advice.Free);
            _ = mm.Read(start);
            PageFrame frame = mm.FrameAt(start);

            MmuEmu.Kernel.Reclaim.LruShrink.TryOne(mm.Mem, frame, ReclaimReason.Direct).ShouldBe(0UL);
            MmuEmu.Kernel.Reclaim.LruShrink.TryOne(mm.Mem, frame, ReclaimReason.Direct).ShouldBe(1UL);

            mm.Read(start).ShouldBe((byte)0);
        }
    }

    [Fact, Spec("F-075")]
    public void A_rescued_page_is_swapped_with_its_data_under_more_pressure()
    {
        VirtAddr start = Freed(1);
        _mm.Write(start, 0x42);
        _ = ReclaimOnly(_mm.FrameAt(start));

        _mm.SwapAll().KindOf(start).ShouldBe(SoftPteKind.Swap);

        byte[] page = _mm.ReadPage(start);
        (page[0], page[1], page[4095]).ShouldBe(((byte)0x42, (byte)0xAA, (byte)0xAA));
        _mm.ShouldBeSound();
    }

    [Fact, Spec("F-076")]
    public void A_page_locked_after_the_call_is_kept_and_unlocking_it_keeps_its_data_too()
    {
        VirtAddr start = Freed(1);
        Pte before = _mm.PteOf(start);
        _mm.VmaAt(start).Flags |= VmFlags.Locked;

        _ = ReclaimOnly(_mm.FrameAt(start));
        _mm.PteOf(start).ShouldBe(before);

        _mm.VmaAt(start).Flags &= ~VmFlags.Locked;
        MemoryLock.Range(_mm.Mem, _mm.Space, start, Page).ShouldBe(Errno.None);
        _ = _mm.ReclaimAll();
        _ = MemoryLock.Release(_mm.Mem, _mm.Space, start, Page);
        _mm.Read(start).ShouldBe((byte)0xAA);
    }

    [Fact, Spec("F-078", "F-133")]
    public void A_pinned_page_is_kept_where_it_is()
    {
        VirtAddr start = Freed(1);
        PageFrame frame = _mm.FrameAt(start);
        frame.RefCount++;

        _ = ReclaimOnly(frame);
        _mm.Mem.Ram.PageToWrite(frame.Pfn)[0] = 0x77;
        _mm.Mem.Source.Release(frame);

        _mm.Read(start).ShouldBe((byte)0x77);
    }

    [Fact, Spec("F-077", "F-133")]
    public void Without_the_pin_rule_the_pinned_frame_survives_unmapped_and_the_program_gets_zeros()
    {
        using MmHarness mm = new(new MmOptions { Profile = new KernelProfile { Switches = ProfileSwitches.LazyFreePinned } });
        VirtAddr start = mm.Map(1);
        mm.Fill(start, 1, 0xAA);
        _ = mm.Advise(start, 1, Advice.Free);
        PageFrame frame = mm.FrameAt(start);
        frame.RefCount++;

        _ = MmuEmu.Kernel.Reclaim.LruShrink.TryOne(mm.Mem, frame, ReclaimReason.Direct);
        mm.Mem.Ram.PageToWrite(frame.Pfn)[0] = 0x77;

        (frame.RefCount, frame.MapCount).ShouldBe((1, 0));
        mm.Read(start).ShouldBe((byte)0);
        mm.Mem.Source.Release(frame);
        mm.ShouldBeSound();
    }

    [Fact, Spec("F-082")]
    public void Freed_pages_go_before_older_cold_pages_and_nothing_is_swapped()
    {
        // Given cold pages, and pages freed after them
        VirtAddr cold = _mm.Map(20);
        _mm.Fill(cold, 20, 1);
        _mm.Age().Age();
        VirtAddr start = Freed(30);

        // When as many frames are wanted as were freed
        _mm.Reclaim(30).ShouldBe(30UL);

        // Then just those went
        (_mm.Count(MmCounter.PgLazyFreed), _mm.Count(MmCounter.PswpOut)).ShouldBe((30UL, 0UL));
        _mm.KindOf(cold).ShouldBe(SoftPteKind.Present);
        _mm.KindOf(start + (29 * Page)).ShouldBe(SoftPteKind.None);
    }

    [Fact, Spec("F-120")]
    public void Without_swap_freed_pages_are_dropped_and_ordinary_ones_kept()
    {
        using MmHarness mm = new(new MmOptions { SwapPages = 0 });
        VirtAddr kept = mm.Map(10);
        mm.Fill(kept, 10, 1);
        VirtAddr freed = mm.Map(10);
        mm.Fill(freed, 10, 2);
        _ = mm.Advise(freed, 10, Advice.Free);

        mm.Age().Age().ReclaimAll().ShouldBe(10UL);

        (mm.Read(kept), mm.Read(freed)).ShouldBe(((byte)1, (byte)0));
        mm.ShouldBeSound();
    }

    [Fact, Spec("F-120")]
    public void With_swap_full_freed_pages_are_dropped_all_the_same()
    {
        using MmHarness mm = new(new MmOptions { SwapPages = 4 });
        VirtAddr cold = mm.Map(8);
        mm.Fill(cold, 8, 1);
        mm.SwapAll().Mem.Swap.FreeSlots.ShouldBe(0);
        VirtAddr freed = mm.Map(4);
        mm.Fill(freed, 4, 2);
        _ = mm.Advise(freed, 4, Advice.Free);

        mm.Reclaim(4).ShouldBe(4UL);
        mm.KindOf(freed).ShouldBe(SoftPteKind.None);
    }

    [Fact, Spec("F-121")]
    public void Without_swap_and_without_freed_pages_anonymous_memory_is_not_even_looked_at()
    {
        using MmHarness mm = new(new MmOptions { SwapPages = 0 });
        VirtAddr start = mm.Map(10);
        mm.Fill(start, 10, 1);
        mm.Age().Age();

        mm.ReclaimAll().ShouldBe(0UL);

        mm.Count(MmCounter.PgScan).ShouldBe(0UL);
    }

    [Fact, Spec("F-122", Profile = "linux45")]
    public void From_Linux_4_5_to_4_11_without_swap_the_page_goes_at_once()
    {
        using MmHarness mm = new(new MmOptions { SwapPages = 0, Profile = new KernelProfile { MadvFree = MadvFreeVersion.Linux45 } });
        VirtAddr start = mm.Map(1);
        mm.Fill(start, 1, 0xAA);

        _ = mm.Advise(start, 1, Advice.Free);

        mm.PteOf(start).ShouldBe(Pte.None);
        mm.Read(start).ShouldBe((byte)0);
    }

    public void Dispose() => _mm.Dispose();

    private VirtAddr Freed(ulong pages)
    {
        VirtAddr start = _mm.Map(pages);
        _mm.Fill(start, pages, 0xAA);
        _mm.Advise(start, pages, Advice.Free).ShouldBe(Errno.None);
        return start;
    }

    private ulong ReclaimOnly(PageFrame frame) => MmuEmu.Kernel.Reclaim.LruShrink.TryOne(_mm.Mem, frame, ReclaimReason.Direct);

    private void SetUsed(VirtAddr page, PteBits bits)
    {
        PhysAddr slot = _mm.SlotOf(page);
        _mm.Mem.Ram.WriteUInt64(slot, _mm.PteOf(page).With(bits).Raw);
    }
}
