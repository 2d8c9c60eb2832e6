using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Volatile.Versions;

/// <summary>When and what each posting purges, and who is asked.</summary>
public sealed class VersionPurgeTests
{
    private const ulong Page = 4096;

    [Fact, Spec("V-147", Profile = "v9 v10 v11 v12")]
    public void A_sharer_that_agrees_loses_the_page_and_the_other_keeps_it_with_its_frame()
    {
        foreach (VrangeVersion version in (VrangeVersion[])[VrangeVersion.V9, VrangeVersion.V10, VrangeVersion.V11, VrangeVersion.V12])
        {
            // Given a page that parent and child share, volatile in the parent alone; v10 with what it was posted with
            using VrangeHarness h = VrangeHarness.Of(version, quirks: version == VrangeVersion.V10);
            (VirtAddr start, AddressSpace parent, AddressSpace child) = SharedPage(h);
            ulong free = h.Mm.Mem.Buddy.FreeCount;

            h.Purge(start, 1).ShouldBe(0UL);

            (h.IsPurged(start, parent), h.Picture(start, 1, child)).ShouldBe((true, "."), $"{version}");
            h.Mm.Mem.Buddy.FreeCount.ShouldBe(free);
            h.Mm.Touch(start).ShouldBeBusErrorAt(start);
            h.Mm.Run(child).Read(start).ShouldBe((byte)'A');
            h.Mm.ShouldBeSound();
        }
    }

    [Fact, Spec("V-148", Profile = "v14")]
    public void In_v14_the_walk_ends_at_the_first_mapping_that_does_not_agree()
    {
        // Given a page volatile in the parent, and in the second child, but not in the first, which was there before the second
        using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V14);
        (VirtAddr start, AddressSpace parent, AddressSpace first) = SharedPage(h);
        AddressSpace second = h.Fork();

        h.Purge(start, 1).ShouldBe(0UL);

        (h.IsPurged(start, parent), h.Picture(start, 1, first), h.Picture(start, 1, second)).ShouldBe((true, ".", "."));
        h.Mm.ShouldBeSound();
    }

    [Fact, Spec("V-148", Profile = "v14")]
    public void In_v14_a_mapping_that_copied_the_page_is_in_the_way_too()
    {
        // Given a child that wrote its copy, and is volatile; and a grandchild's mapping behind it
        using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V14);
        AddressSpace parent = h.Space;
        VirtAddr start = h.FilledAndVolatile(1);
        AddressSpace first = h.Fork();
        AddressSpace second = h.Fork();
        h.Mm.Run(first).Write(start, 9);

        h.Mm.Run(parent);
        h.Purge(start, 1).ShouldBe(0UL);

        (h.IsPurged(start, parent), h.IsPurged(start, second)).ShouldBe((true, false));
        h.Mm.Run(second).Read(start).ShouldBe((byte)'A');
        h.Mm.ShouldBeSound();
    }

    [Fact, Spec("V-146", Profile = "v7 v8"), Spec("V-173", Profile = "v8")]
    public void In_v7_and_v8_one_sharer_that_wants_the_page_keeps_it_for_all()
    {
        foreach (VrangeVersion version in (VrangeVersion[])[VrangeVersion.V7, VrangeVersion.V8])
        {
            using VrangeHarness h = VrangeHarness.Of(version, quirks: true);
            (VirtAddr start, AddressSpace parent, AddressSpace child) = SharedPage(h);

            h.Purge(start, 1).ShouldBe(0UL);

            (h.Picture(start, 1, parent), h.Picture(start, 1, child)).ShouldBe((".", "."));
        }
    }

    [Fact, Spec("V-150", Profile = "v8 v9 v10 v11 v12 v13 v14")]
    public void Without_swap_volatile_pages_go_in_v9_and_v10_by_ranges_and_in_v12_by_age()
    {
        foreach (VrangeVersion version in Enum.GetValues<VrangeVersion>()[1..])
        {
            using VrangeHarness h = VrangeHarness.Of(version, options: new MmOptions { SwapPages = 0 });
            VirtAddr start = h.FilledAndVolatile(3);

            ulong freed = h.Mm.Age().Age().ReclaimAll();

            bool goes = version is VrangeVersion.V9 or VrangeVersion.V10 or VrangeVersion.V12;
            (freed, h.Picture(start, 3)).ShouldBe(goes ? (3UL, "PPP") : (0UL, "..."), $"{version}");
            h.Mm.Count(goes ? MmCounter.PgDiscardDirect : MmCounter.PgFault).ShouldBeGreaterThan(0UL);
        }
    }

    [Fact, Spec("V-141", Profile = "v8")]
    public void From_the_page_lists_one_page_goes_at_a_time_and_the_rest_of_its_range_stays()
    {
        foreach (VrangeVersion version in (VrangeVersion[])[VrangeVersion.V8, VrangeVersion.V11, VrangeVersion.V13, VrangeVersion.V14])
        {
            using VrangeHarness h = VrangeHarness.Of(version);
            VirtAddr start = h.FilledAndVolatile(4);
            _ = h.Mm.Age().Age().Read(h.Word);

            h.Mm.Reclaim(1).ShouldBe(1UL);

            h.Picture(start, 4).ShouldNotContain('s');
            h.Picture(start, 4).Count(page => page == 'P').ShouldBe(1, $"{version}");
        }
    }

    [Fact, Spec("V-151", Profile = "v9")]
    public void In_v9_the_oldest_range_goes_first_and_goes_whole()
    {
        using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V9, options: new MmOptions { SwapPages = 0 });
        VirtAddr first = h.FilledAndVolatile(5);
        VirtAddr second = h.FilledAndVolatile(5);

        h.Mm.Reclaim(2).ShouldBe(5UL);

        (h.Picture(first, 5), h.Picture(second, 5)).ShouldBe(("PPPPP", "....."));
    }

    [Fact, Spec("V-154", Profile = "v10")]
    public void Pages_of_a_file_that_were_used_once_go_first_then_volatile_ones_then_those_in_use()
    {
        // Given, without swap, a long stream that was read once, volatile pages, and a file that is in use
        using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V10, options: new MmOptions { RamBytes = 64UL << 20, SwapPages = 0 });
        PlainFile used = new(h.Mm.Mem, 8, 2) { OnDisk = true };
        PlainFile stream = new(h.Mm.Mem, 8192, 1) { OnDisk = true };
        VirtAddr inUse = h.Mm.MapFile(used, MapFlags.Private);
        VirtAddr start = h.FilledAndVolatile(8);
        Read(h, stream, 8192);
        for (ulong page = 0; page < 8; page++)
        {
            _ = h.Mm.Read(inUse + (page * Page));
            h.Mm.Mem.Lru.Move(used.FindPage(page)!, PageFlags.Active, PageFlags.None);
        }

        // When a few frames are wanted: the stream gives them
        h.Mm.Reclaim(6).ShouldBe(6UL);
        h.Picture(start, 8).ShouldBe("........");

        // When more is wanted than the mild rounds find of it: the volatile range comes next, whole
        h.Mm.Reclaim(32).ShouldBeGreaterThanOrEqualTo(32UL);
        h.Picture(start, 8).ShouldBe("PPPPPPPP");
        Enumerable.Range(0, 8).ShouldAllBe(page => used.FindPage((ulong)page) != null);
    }

    [Fact, Spec("V-154", Profile = "v10")]
    public void Where_anonymous_pages_are_in_turn_volatile_ones_go_at_once()
    {
        using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V10, options: new MmOptions { RamBytes = 64UL << 20 });
        PlainFile stream = new(h.Mm.Mem, 8192, 1) { OnDisk = true };
        VirtAddr start = h.FilledAndVolatile(8);
        Read(h, stream, 8192);

        h.Mm.Reclaim(6).ShouldBeGreaterThanOrEqualTo(8UL);

        h.Picture(start, 8).ShouldBe("PPPPPPPP");
    }

    [Fact, Spec("V-153")]
    public void As_posted_the_limit_of_4_mebibytes_stops_a_call_only_when_it_is_met_exactly()
    {
        foreach ((ulong pages, bool quirks, int left) in ((ulong, bool, int)[])[(768, false, 2), (768, true, 0), (512, true, 2)])
        {
            using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V10, quirks);
            for (int i = 0; i < 4; i++)
            {
                _ = h.Mark(h.Mm.Map(pages, flags: MapFlags.Private | MapFlags.Anonymous | MapFlags.NoReserve), pages);
            }

            h.Purger.PurgeRanges(1000, ReclaimReason.Direct).ShouldBe(0UL);

            h.Purger.Age.Count.ShouldBe(left);
        }
    }

    [Fact, Spec("V-165", Profile = "v9")]
    public void In_v9_purged_pages_are_free_frames_and_are_counted_by_who_purged_them()
    {
        foreach ((ReclaimReason reason, MmCounter counter) in ((ReclaimReason, MmCounter)[])
            [(ReclaimReason.Balance, MmCounter.PgDiscardKswapd), (ReclaimReason.Direct, MmCounter.PgDiscardDirect)])
        {
            using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V9);
            _ = h.FilledAndVolatile(5);
            ulong free = h.Mm.Mem.Buddy.FreeCount;

            h.Purger.PurgeRanges(5, reason).ShouldBe(5UL);

            (h.Mm.Mem.Buddy.FreeCount, h.Mm.Count(counter)).ShouldBe((free + 5, 5UL));
        }
    }

    [Fact, Spec("V-166", Profile = "v10 v12 v13")]
    public void V12_makes_the_pages_young_when_it_marks_them_and_the_others_leave_them()
    {
        foreach (VrangeVersion version in Enum.GetValues<VrangeVersion>()[1..])
        {
            // Given pages that were used once, and grew old
            using VrangeHarness h = VrangeHarness.Of(version);
            VirtAddr start = h.Filled(3);
            _ = h.Mm.Age().Age();
            h.Mm.FrameAt(start).Set(PageFlags.Referenced);

            _ = h.Mark(start, 2);

            bool young = version == VrangeVersion.V12;
            h.Mm.FrameAt(start).Has(PageFlags.Active).ShouldBe(young, $"{version}");
            h.Mm.FrameAt(start + Page).Has(PageFlags.Referenced).ShouldBe(young, $"{version}");
            h.Mm.FrameAt(start + (2 * Page)).Has(PageFlags.Active).ShouldBeFalse();
            h.Mm.ShouldBeSound();
        }
    }

    [Fact, Spec("V-168", Profile = "v7")]
    public void The_full_mode_takes_all_of_a_victim_and_the_partial_mode_some_of_each()
    {
        using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V7, options: new MmOptions { SwapPages = 0 });
        VirtAddr full = h.Filled(8);
        VirtAddr one = h.Filled(8);
        VirtAddr two = h.Filled(8);
        h.CallWith(one.Raw, 8 * Page, 0, 1).ShouldBe(0);
        h.CallWith(two.Raw, 8 * Page, 0, 1).ShouldBe(0);

        // Two ranges in partial mode take turns
        h.Mm.Reclaim(8).ShouldBe(8UL);
        (h.Picture(one, 8), h.Picture(two, 8)).ShouldBe(("PPPP....", "PPPP...."));

        // One in full mode goes whole, when its turn comes
        h.CallWith(full.Raw, 8 * Page, 0, 0).ShouldBe(0);
        h.Mm.Reclaim(16).ShouldBe(16UL);
        (h.Picture(full, 8), h.Picture(one, 8), h.Picture(two, 8)).ShouldBe(("PPPPPPPP", "PPPPPPPP", "PPPPPPPP"));
    }

    [Fact, Spec("V-164", Profile = "v8")]
    public void The_flag_of_v8_keeps_a_copy_from_purging_and_reclaim_as_posted_does_not_know_it()
    {
        ((int)ReclaimLimits.NoVrange).ShouldBe(0x2000000);
        foreach (bool quirks in (bool[])[false, true])
        {
            // Given volatile pages that are next to go, and a copy to be made
            using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V8, quirks);
            VirtAddr start = h.FilledAndVolatile(4);
            _ = h.Mm.Age().Age();
            h.Traits.CopyLimit.ShouldBe(ReclaimLimits.NoVrange);

            // When an allocation of it needs memory
            using (h.Purger.Limited(h.Traits.CopyLimit))
            {
                _ = h.Mm.Reclaim(2);
            }

            // Then with the flag honoured pages are swapped, and none is purged
            h.Picture(start, 4).Contains('P').ShouldBe(quirks);
            h.Picture(start, 4).Contains('s').ShouldBe(!quirks);
        }
    }

    [Fact, Spec("V-164", Profile = "v8")]
    public void A_fork_under_pressure_purges_nothing_for_the_copy_of_the_ranges()
    {
        using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V8, options: new MmOptions { RamBytes = 2UL << 20 });
        VirtAddr start = h.FilledAndVolatile(20);
        IVolatileRanges parent = h.Space.Volatile!;
        AddressSpace child = h.Mm.NewSpaceOrFail();
        _ = h.Mm.Age().Age();
        while (h.Mm.Mem.Buddy.TryTake(0) is not null)
        {
        }

        _ = parent.CopyFor(child);

        h.Picture(start, 20).ShouldNotContain('P');
    }

    [Fact, Spec("V-175", Profile = "v8")]
    public void As_posted_fork_fails_in_v8_when_there_is_no_node_and_else_the_child_goes_without()
    {
        foreach (bool quirks in (bool[])[true, false])
        {
            using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V8, quirks);
            VirtAddr start = h.FilledAndVolatile(2);
            int spaces = h.Mm.Mem.Spaces.Count;
            h.Mm.Mem.FailPoints.Arm(FailKind.Nodes, 1);

            bool forked = MmuEmu.Kernel.Mm.Fork.Copy(h.Mm.Mem, h.Space).Has(out AddressSpace? child, out Refusal refusal);

            forked.ShouldBe(!quirks);
            (refusal.Errno, h.Mm.Mem.Spaces.Count - spaces).ShouldBe(quirks ? (Errno.ENOMEM, 0) : (Errno.None, 1));
            h.Ranges(start).ShouldBe("0+2");
            if (child is not null)
            {
                h.Ranges(start, child).ShouldBe("");
            }

            h.Mm.ShouldBeSound();
        }
    }

    private static void Read(VrangeHarness h, PlainFile file, ulong pages)
    {
        for (ulong page = 0; page < pages; page++)
        {
            file.GetPage(page).Ok(out PageFrame? frame, out _).ShouldBeTrue();
            h.Mm.Mem.Source.Release(frame!);
        }
    }

    /// <summary>A page that a parent has volatile, and its child, which shares it, has not; the parent runs.</summary>
    private static (VirtAddr Start, AddressSpace Parent, AddressSpace Child) SharedPage(VrangeHarness h)
    {
        AddressSpace parent = h.Space;
        VirtAddr start = h.FilledAndVolatile(1);
        AddressSpace child = h.Fork();
        _ = h.Mm.Run(child);
        _ = h.Keep(start, 1);
        _ = h.Mm.Run(parent);
        return (start, parent, child);
    }
}
