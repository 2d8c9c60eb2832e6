using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Syscalls;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Kernel.Volatile;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Volatile;

/// <summary>Which range goes first. No program may rely on it (V-167); the profile fixes it so that runs are the same.</summary>
public sealed class PurgeOrderTests : IDisposable
{
    private readonly VrangeHarness _h = new(new MmOptions { SwapPages = 0 });

    [Fact, Spec("V-150", Profile = "v10")]
    public void Volatile_memory_is_purged_on_a_machine_without_swap()
    {
        VirtAddr start = _h.FilledAndVolatile(3);

        _h.Mm.Reclaim(3).ShouldBe(3UL);
        _h.Picture(start, 3).ShouldBe("PPP");
    }

    [Fact, Spec("V-151", "V-152", Profile = "v10")]
    public void The_oldest_range_goes_first_and_goes_whole()
    {
        VirtAddr first = _h.FilledAndVolatile(5);
        VirtAddr second = _h.FilledAndVolatile(5);
        VirtAddr third = _h.FilledAndVolatile(5);

        _h.Mm.Reclaim(2).ShouldBe(5UL);
        (_h.Picture(first, 5), _h.Picture(second, 5), _h.Picture(third, 5)).ShouldBe(("PPPPP", ".....", "....."));

        _h.Mm.Reclaim(1).ShouldBe(5UL);
        (_h.Picture(second, 5), _h.Picture(third, 5)).ShouldBe(("PPPPP", "....."));
    }

    [Fact, Spec("V-153")]
    public void One_call_stops_once_it_has_tried_4_mebibytes_of_ranges()
    {
        for (int i = 0; i < 4; i++)
        {
            VirtAddr start = _h.Mm.Map(768, flags: MapFlags.Private | MapFlags.Anonymous | MapFlags.NoReserve);
            _ = _h.Mark(start, 768);
        }

        _h.Purger.PurgeRanges(1000, ReclaimReason.Direct).ShouldBe(0UL);
        _h.Purger.Age.Count.ShouldBe(2);
    }

    [Fact, Spec("V-153", "V-155")]
    public void Ranges_of_an_address_space_that_is_being_changed_wait_at_the_young_end()
    {
        // Given two ranges of a space whose mappings somebody is changing, and younger ranges of another space
        VirtAddr first = _h.FilledAndVolatile(1);
        VirtAddr second = _h.FilledAndVolatile(1);
        AddressSpace busy = _h.Space;
        busy.IsWriteHeld = true;
        _h.Mm.Run(_h.Mm.NewSpaceOrFail());
        VirtAddr other = Fill(_h.Mm.Map(1));
        _ = _h.Raw(other, 4096, VrangeMode.Volatile, default);

        // When memory is needed
        _h.Purger.PurgeRanges(1, ReclaimReason.Direct).ShouldBe(1UL);

        // Then the other space's range went, and the busy one's are tried later
        _h.IsPurged(other).ShouldBeTrue();
        (_h.IsPurged(first, busy), _h.IsPurged(second, busy)).ShouldBe((false, false));
        _h.Purger.Age.Count.ShouldBe(2);

        busy.IsWriteHeld = false;
        _h.Purger.PurgeRanges(2, ReclaimReason.Direct).ShouldBe(2UL);
    }

    [Fact, Spec("V-153")]
    public void Ten_busy_ranges_in_a_row_end_the_call()
    {
        for (int i = 0; i < 12; i++)
        {
            _ = _h.FilledAndVolatile(1);
        }

        _h.Space.IsWriteHeld = true;
        VolatileRange oldest = _h.Purger.Age.Oldest!;
        _h.Purger.PurgeRanges(1, ReclaimReason.Direct).ShouldBe(0UL);

        _h.Purger.Age.Count.ShouldBe(12);
        _h.Purger.Age.Oldest.ShouldNotBeSameAs(oldest);
    }

    [Fact, Spec("V-157")]
    public void Allocations_that_may_do_no_io_purge_no_range()
    {
        VirtAddr start = _h.FilledAndVolatile(1);

        using (_h.Purger.Limited(ReclaimLimits.NoIo))
        {
            _h.Purger.PurgeRanges(1, ReclaimReason.Direct).ShouldBe(0UL);
            _h.Mm.Reclaim(1).ShouldBe(0UL);
        }

        _h.Picture(start, 1).ShouldBe(".");
        _h.Mm.Reclaim(1).ShouldBe(1UL);
    }

    [Fact, Spec("V-156")]
    public void A_range_that_was_tried_is_not_chosen_again_until_it_changes()
    {
        VirtAddr start = _h.FilledAndVolatile(2);
        _h.Mm.FrameAt(start).TryLock().ShouldBeTrue();
        _h.Purger.PurgeRanges(2, ReclaimReason.Direct).ShouldBe(1UL);
        _h.Mm.FrameAt(start).Unlock();

        _h.Purger.PurgeRanges(2, ReclaimReason.Direct).ShouldBe(0UL);

        _ = _h.Keep(start + 4096, 1);
        _h.Purger.PurgeRanges(2, ReclaimReason.Direct).ShouldBe(1UL);
        _h.Picture(start, 1).ShouldBe("P");
    }

    [Fact, Spec("V-156"), Spec("V-150", Profile = "v10")]
    public void What_is_left_of_a_tried_range_goes_from_the_page_lists_even_without_swap()
    {
        // Given a range that was tried while it was empty, and filled since, beside ordinary memory
        VirtAddr start = _h.Mm.Map(4);
        _ = _h.Mark(start, 4);
        _h.Purger.PurgeRanges(1, ReclaimReason.Direct).ShouldBe(0UL);
        _h.Mm.Fill(start, 4, 1);
        VirtAddr ordinary = _h.Filled(4);

        // When memory is needed
        _h.Mm.ReclaimAll().ShouldBe(4UL);

        // Then the volatile pages went and the others did not
        (_h.Picture(start, 4), _h.Picture(ordinary, 4)).ShouldBe(("PPPP", "...."));
    }

    [Fact]
    public void An_allocation_under_natural_pressure_purges_rather_than_fails()
    {
        // Given a small machine whose memory is full of volatile pages
        using VrangeHarness small = new(new MmOptions { RamBytes = 2UL << 20, SwapPages = 0 });
        VirtAddr cache = small.FilledAndVolatile(200);

        // When a program fills more memory than is left
        VirtAddr work = small.Mm.Map(400);
        small.Mm.Fill(work, 400, 1);

        // Then it got it, at the cost of the volatile pages
        small.Picture(cache, 200).ShouldContain('P');
        small.Mm.ShouldBeSound();
    }

    public void Dispose() => _h.Dispose();

    private VirtAddr Fill(VirtAddr start)
    {
        _h.Mm.Fill(start, 1, 1);
        return start;
    }
}
