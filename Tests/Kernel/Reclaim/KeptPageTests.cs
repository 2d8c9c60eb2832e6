using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Reclaim;

/// <summary>Reclaim says why it left a page.</summary>
public sealed class KeptPageTests : IDisposable
{
    private readonly MmHarness _mm = new();

    [Fact]
    public void A_page_marked_by_madvise_is_told_with_its_address()
    {
        VirtAddr page = Freed();

        TraceEvent marked = _mm.Events.Single(e => e.Kind == KernelEvent.LazyMarked);
        (marked.Address, marked.Frame).ShouldBe((page, _mm.FrameAt(page).Pfn));
    }

    [Fact]
    public void A_discarded_page_is_told_with_its_address()
    {
        VirtAddr page = Freed();

        _ = Try(_mm.FrameAt(page));

        _mm.Events.Single(e => e.Kind == KernelEvent.LazyFreed).Address.ShouldBe(page);
        Kept().ShouldBeEmpty();
    }

    [Fact]
    public void A_page_written_since_is_rescued_and_the_entry_shows_D()
    {
        VirtAddr page = Freed();
        SetInEntry(page, PteBits.D);

        TraceEvent kept = Try(_mm.FrameAt(page));

        (kept.Kind, kept.Address, kept.Number, kept.Old.Has(PteBits.D)).ShouldBe((KernelEvent.KeptDirty, page, 2UL, true));
    }

    [Fact]
    public void A_page_that_is_dirty_itself_is_rescued_without_an_entry()
    {
        VirtAddr page = Freed();
        _mm.FrameAt(page).Set(PageFlags.Dirty);

        TraceEvent kept = Try(_mm.FrameAt(page));

        (kept.Kind, kept.Address, kept.Number, kept.Old).ShouldBe((KernelEvent.KeptDirty, page, 2UL, Pte.None));
    }

    [Theory]
    [InlineData(MadvFreeVersion.Rfc2014, 2UL)]
    [InlineData(MadvFreeVersion.Linux412, 1UL)]
    public void A_page_read_since_is_rescued_or_stays_lazy_by_version(MadvFreeVersion version, ulong state)
    {
        using MmHarness mm = new(new MmOptions { Profile = new KernelProfile { MadvFree = version } });
        VirtAddr page = Freed(mm);
        _ = mm.Read(page);

        TraceEvent kept = Try(mm.FrameAt(page), mm);

        (kept.Kind, kept.Number, kept.Count, kept.Old.Has(PteBits.A)).ShouldBe((KernelEvent.KeptUsed, state, 1UL, true));
        (mm.FrameAt(page).Mapping.IsLazyFree ? 1UL : 2UL).ShouldBe(state);
    }

    [Fact]
    public void A_lazy_page_under_a_locked_mapping_is_kept_as_it_is()
    {
        VirtAddr page = Freed();
        _mm.VmaAt(page).Flags |= VmFlags.Locked;

        TraceEvent kept = Try(_mm.FrameAt(page));

        (kept.Kind, kept.Number).ShouldBe((KernelEvent.KeptMlocked, 1UL));
    }

    [Fact]
    public void A_pinned_lazy_page_is_kept_as_it_is()
    {
        PageFrame frame = _mm.FrameAt(Freed());
        frame.RefCount++;

        TraceEvent kept = Try(frame);

        (kept.Kind, kept.Number).ShouldBe((KernelEvent.KeptPinned, 1UL));
        _mm.Mem.Source.Release(frame);
    }

    [Fact]
    public void An_ordinary_page_is_passed_over_because_it_was_used_and_then_goes()
    {
        VirtAddr page = Filled(_mm);

        TraceEvent kept = Try(_mm.FrameAt(page));

        (kept.Kind, kept.Address, kept.Number, kept.Count).ShouldBe((KernelEvent.KeptUsed, page, 0UL, 1UL));
        _mm.Events.Clear();
        MmuEmu.Kernel.Reclaim.LruShrink.TryOne(_mm.Mem, _mm.FrameAt(page), ReclaimReason.Direct).ShouldBe(1UL);
        Kept().ShouldBeEmpty();
    }

    [Fact]
    public void Without_swap_an_unused_page_is_passed_over_for_want_of_a_slot()
    {
        using MmHarness mm = new(new MmOptions { SwapPages = 0 });
        VirtAddr page = Filled(mm);
        mm.Age();

        Try(mm.FrameAt(page), mm).Kind.ShouldBe(KernelEvent.KeptNoSwap);
    }

    [Fact]
    public void A_page_under_work_is_passed_over()
    {
        PageFrame frame = _mm.FrameAt(Filled(_mm));
        frame.TryLock().ShouldBeTrue();

        Try(frame).Kind.ShouldBe(KernelEvent.KeptBusy);
        frame.Unlock();
    }

    public void Dispose() => _mm.Dispose();

    private static VirtAddr Filled(MmHarness mm)
    {
        VirtAddr page = mm.Map(1);
        mm.Fill(page, 1, 0xAA);
        return page;
    }

    private static VirtAddr Freed(MmHarness mm)
    {
        VirtAddr page = Filled(mm);
        mm.Advise(page, 1, Advice.Free).ShouldBe(Errno.None);
        return page;
    }

    private VirtAddr Freed() => Freed(_mm);

    /// <summary>Lets reclaim try the page, and gives the one reason that it tells; nothing when it tells none.</summary>
    private TraceEvent Try(PageFrame frame, MmHarness? mm = null)
    {
        _ = MmuEmu.Kernel.Reclaim.LruShrink.TryOne((mm ?? _mm).Mem, frame, ReclaimReason.Direct);
        return Kept(mm).SingleOrDefault();
    }

    private IEnumerable<TraceEvent> Kept(MmHarness? mm = null) => (mm ?? _mm).Events.Where(e => e.Kind is >= KernelEvent.KeptDirty and <= KernelEvent.KeptHomeless);

    private void SetInEntry(VirtAddr page, PteBits bits) => _mm.Mem.Ram.WriteUInt64(_mm.SlotOf(page), _mm.PteOf(page).With(bits).Raw);
}
