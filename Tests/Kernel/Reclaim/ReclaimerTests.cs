using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tables;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Reclaim;

public sealed class ReclaimerTests
{
    private static readonly MmOptions Small = new() { RamBytes = 2UL << 20, SwapPages = 2048 };

    [Fact]
    public void Balancing_starts_below_the_low_watermark_and_stops_at_the_high_one()
    {
        using MmHarness mm = new(Small);
        VirtAddr start = mm.Map(600);
        ulong page = 0;

        while (mm.Count(MmCounter.PageOutRun) == 0)
        {
            mm.Mem.Buddy.FreeCount.ShouldBeGreaterThanOrEqualTo(mm.Mem.Watermarks.Low);
            mm.Write(start + (page++ * 4096), 1);
        }

        mm.Mem.Buddy.FreeCount.ShouldBe(mm.Mem.Watermarks.High - 1, "the allocation that began it took one more");
        mm.Count(MmCounter.AllocStall).ShouldBe(0UL);
    }

    [Fact]
    public void Without_swap_memory_ends_at_the_min_watermark_and_says_so()
    {
        using MmHarness mm = new(Small with { SwapPages = 0 });
        VirtAddr start = mm.Map(500);
        Touched touched = default;

        for (ulong page = 0; page < 500 && touched.Ok; page++)
        {
            touched = mm.Touch(start + (page * 4096), AccessKind.Write);
        }

        touched.Signal.Signal.ShouldBe(Signal.SIGKILL);
        mm.Mem.Buddy.FreeCount.ShouldBe(mm.Mem.Watermarks.Min);
        mm.Events.ShouldContain(e => e.Kind == KernelEvent.OutOfMemory);
        mm.ShouldBeSound();
    }

    [Fact]
    public void Memory_freed_by_a_mapping_that_goes_away_can_be_had_again_after_running_out()
    {
        using MmHarness mm = new(Small with { SwapPages = 0 });
        VirtAddr start = mm.Map(500);
        ulong filled = 0;
        while (mm.Touch(start + (filled * 4096), AccessKind.Write).Ok)
        {
            filled++;
        }

        Unmap.Range(mm.Mem, mm.Space, start, 100 * 4096).ShouldBe(Errno.None);

        mm.Touch(start + (filled * 4096), AccessKind.Write).Ok.ShouldBeTrue();
    }

    [Fact]
    public void Pages_in_use_outlive_pages_that_nobody_touches()
    {
        // Given 32 pages, of which the first 16 are read again after all were made old
        using MmHarness mm = new();
        VirtAddr start = mm.Map(32);
        mm.Fill(start, 32, 1);
        mm.Age().Age();
        for (ulong page = 0; page < 16; page++)
        {
            mm.Read(start + (page * 4096));
        }

        // When half of them must go
        mm.Reclaim(16).ShouldBe(16UL);

        // Then the ones in use stayed
        for (ulong page = 0; page < 32; page++)
        {
            mm.KindOf(start + (page * 4096)).ShouldBe(page < 16 ? SoftPteKind.Present : SoftPteKind.Swap);
        }
    }

    [Fact]
    public void Locked_pages_stay_and_may_go_once_unlocked()
    {
        using MmHarness mm = new();
        VirtAddr start = mm.Map(8);
        mm.Fill(start, 8, 1);
        MemoryLock.Range(mm.Mem, mm.Space, start, 4 * 4096).ShouldBe(Errno.None);

        mm.ReclaimAll().ShouldBe(4UL);
        mm.FrameAt(start).Has(PageFlags.Unevictable).ShouldBeTrue();
        MemoryLock.Release(mm.Mem, mm.Space, start, 4 * 4096).ShouldBe(Errno.None);
        mm.Age().ReclaimAll().ShouldBe(4UL);

        mm.ReadPage(start).ShouldAllBe(b => b == 1);
        mm.ShouldBeSound();
    }

    [Fact]
    public void A_clean_page_with_a_copy_in_swap_is_not_written_twice()
    {
        using MmHarness mm = new();
        VirtAddr page = mm.Map(1);
        mm.Fill(page, 1, 7);
        mm.Reclaim(1).ShouldBe(1UL);
        mm.Read(page);

        mm.Reclaim(1).ShouldBe(1UL);

        mm.Count(MmCounter.PswpOut).ShouldBe(1UL);
        mm.ReadPage(page).ShouldAllBe(b => b == 7);
    }

    [Fact]
    public void A_pinned_page_keeps_its_frame_and_its_user_finds_it_again()
    {
        using MmHarness mm = new();
        VirtAddr page = mm.Map(1);
        mm.Fill(page, 1, 7);
        PageFrame frame = mm.FrameAt(page);
        frame.RefCount++;

        mm.ReclaimAll().ShouldBe(0UL);

        mm.Read(page).ShouldBe((byte)7);
        mm.FrameAt(page).ShouldBe(frame);
        mm.Mem.Source.Release(frame);
        mm.ShouldBeSound();
    }

    [Fact]
    public void Two_equal_runs_tell_the_same_events()
    {
        List<TraceEvent> first = Story();
        List<TraceEvent> second = Story();

        second.ShouldBe(first);
    }

    private static List<TraceEvent> Story()
    {
        using MmHarness mm = new(Small);
        VirtAddr start = mm.Map(700);
        for (ulong page = 0; page < 700; page++)
        {
            mm.Write(start + (page * 4096), (byte)page);
        }

        Fork.Copy(mm.Mem, mm.Space).Ok(out _, out _).ShouldBeTrue();
        mm.Age();
        for (ulong page = 0; page < 700; page += 3)
        {
            mm.Write(start + (page * 4096), 1);
        }

        return mm.Events;
    }
}
