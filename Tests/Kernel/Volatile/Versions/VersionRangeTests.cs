using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Syscalls;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Volatile.Versions;

/// <summary>What is kept of volatility, and where: ranges in a tree, or a property of mappings.</summary>
public sealed class VersionRangeTests
{
    private const ulong Page = 4096;

    [Fact, Spec("V-120", Profile = "v8")]
    public void As_posted_a_split_of_v8_loses_its_upper_half()
    {
        using VrangeHarness sound = VrangeHarness.Of(VrangeVersion.V8);
        using VrangeHarness posted = VrangeHarness.Of(VrangeVersion.V8, quirks: true);
        foreach ((VrangeHarness h, string left) in ((VrangeHarness, string)[])[(sound, "0+2 3+2"), (posted, "0+2")])
        {
            VirtAddr start = h.FilledAndVolatile(5);
            _ = h.Keep(start + (2 * Page), 1);

            h.Ranges(start).ShouldBe(left);
        }
    }

    [Fact, Spec("V-123", Profile = "v12 v14")]
    public void A_loss_is_reported_for_its_page_only()
    {
        foreach (VrangeVersion version in (VrangeVersion[])[VrangeVersion.V12, VrangeVersion.V14])
        {
            using VrangeHarness h = VrangeHarness.Of(version);
            VirtAddr start = h.FilledAndVolatile(4);
            _ = h.Purge(start + (3 * Page), 1);

            WasLost(h, start, 1).ShouldBeFalse();
            WasLost(h, start + Page, 3).ShouldBeTrue();
        }
    }

    [Fact, Spec("V-129", Profile = "v11 v12")]
    public void V11_looks_through_the_whole_mapping_and_v12_through_the_range()
    {
        foreach ((VrangeVersion version, int purged) in ((VrangeVersion, int)[])[(VrangeVersion.V11, 1), (VrangeVersion.V12, 0)])
        {
            using VrangeHarness h = VrangeHarness.Of(version);
            VirtAddr start = h.FilledAndVolatile(4);
            _ = h.Purge(start + (3 * Page), 1);

            h.Keep(start, 1).ShouldBe(new VrangeAnswer(4096, purged));
        }
    }

    [Fact, Spec("V-128", Profile = "v11 v12 v13 v14")]
    public void Marking_the_middle_splits_the_mapping_in_three_and_unmarking_joins_it_again()
    {
        foreach (VrangeVersion version in InMappings)
        {
            using VrangeHarness h = VrangeHarness.Of(version);
            VirtAddr start = h.Filled(6);
            string whole = h.Mappings(start, 6);

            _ = h.Mark(start + (2 * Page), 2);
            h.Mappings(start, 6).ShouldBe("0+2 2+2v 4+3");
            ((ulong)h.Mm.VmaAt(start + (2 * Page)).Flags & 0x1000).ShouldBe(0x1000UL);

            _ = h.Keep(start + (2 * Page), 2);
            h.Mappings(start, 6).ShouldBe(whole);
            h.Mm.ShouldBeSound();
        }
    }

    [Fact, Spec("V-130", Profile = "v14")]
    public void When_a_split_fails_nothing_is_marked_and_the_halves_are_joined_again()
    {
        // Given room for one more mapping, where two are needed
        using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V14);
        VirtAddr start = h.Filled(6);
        string whole = h.Mappings(start, 6);
        h.Space.Limits = h.Space.Limits with { MapCount = h.Space.Vmas.Count + 1 };

        h.Mark(start + (2 * Page), 2).ShouldBe(-(long)Errno.ENOMEM);
        h.Mappings(start, 6).ShouldBe(whole);

        // And the same by a fail point, at the second border
        h.Space.Limits = h.Space.Limits with { MapCount = 1000 };
        h.Mm.Mem.FailPoints.Arm(FailKind.Splits, 1);
        h.Mark(start, 2).ShouldBe(-(long)Errno.ENOMEM);
        h.Mappings(start, 6).ShouldBe(whole);
        h.Mark(start, 2).ShouldBe(0);
    }

    [Fact, Spec("V-131", Profile = "v12 v14")]
    public void Where_entries_know_what_was_lost_unmarking_goes_over_all_of_them()
    {
        foreach (VrangeVersion version in (VrangeVersion[])[VrangeVersion.V12, VrangeVersion.V14])
        {
            (ulong few, ulong many) = (EntriesLookedAt(version, 10, VrangeMode.NonVolatile), EntriesLookedAt(version, 100, VrangeMode.NonVolatile));
            (few, many).ShouldBe((10UL, 100UL));
        }

        EntriesLookedAt(VrangeVersion.V12, 100, VrangeMode.Volatile).ShouldBe(100UL, "v12 marks the pages accessed");
        EntriesLookedAt(VrangeVersion.V14, 100, VrangeMode.Volatile).ShouldBe(0UL);
        EntriesLookedAt(VrangeVersion.V10, 100, VrangeMode.NonVolatile).ShouldBe(0UL);
    }

    [Fact, Spec("V-186", Profile = "v11 v12 v13 v14")]
    public void The_property_lives_and_dies_with_the_mapping_and_moves_along()
    {
        foreach (VrangeVersion version in InMappings)
        {
            using VrangeHarness h = VrangeHarness.Of(version);
            VirtAddr start = h.FilledAndVolatile(4);

            // munmap and a new mapping; a mapping over a part
            Unmap.Range(h.Mm.Mem, h.Space, start, Page).ShouldBe(Errno.None);
            _ = h.Mm.Map(1, at: start.Raw);
            _ = h.Mm.Map(1, at: (start + Page).Raw);
            h.Mappings(start, 4).ShouldBe("0+2 2+2v");
            h.Mm.Read(start).ShouldBe((byte)0);

            // mremap, with a loss
            _ = h.Purge(start + (2 * Page), 1);
            RemapRequest move = new(start + (2 * Page), 2 * Page, 4 * Page, RemapFlags.MayMove, default);
            Remap.Move(h.Mm.Mem, h.Space, move).Ok(out VirtAddr moved, out _).ShouldBeTrue();
            h.Mappings(moved, 2).ShouldStartWith("0+4v");
            h.Mm.Touch(moved).ShouldBeBusErrorAt(moved);
            h.Mm.Read(moved + Page).ShouldBe((byte)'D');
            h.Mm.ShouldBeSound();
        }
    }

    [Fact, Spec("V-184", Profile = "v8 v9 v10"), Spec("V-179", Profile = "v8 v9 v10")]
    public void As_posted_munmap_leaves_the_range_and_a_heap_that_grows_there_is_volatile()
    {
        foreach (VrangeVersion version in (VrangeVersion[])[VrangeVersion.V8, VrangeVersion.V9, VrangeVersion.V10])
        {
            foreach (bool quirks in (bool[])[true, false])
            {
                // Given a volatile mapping where the heap will be, unmapped
                using VrangeHarness h = VrangeHarness.Of(version, quirks);
                VirtAddr heap = new(0x1000_0000);
                (h.Space.BrkStart, h.Space.Brk) = (heap, heap);
                _ = h.Mm.Map(2, at: heap.Raw);
                _ = h.Mark(heap, 2);
                Unmap.Range(h.Mm.Mem, h.Space, heap, 2 * Page).ShouldBe(Errno.None);
                h.Ranges(heap).ShouldBe(quirks ? "0+2" : "");

                // When the heap grows over it
                Brk.Set(h.Mm.Mem, h.Space, heap + (2 * Page)).IsOk.ShouldBeTrue();
                h.Mm.Fill(heap, 2, 1);

                // Then as posted it is volatile, silently
                h.Purge(heap, 2).ShouldBe(quirks ? 2UL : 0);
                h.Mm.Map(1, at: heap.Raw).ShouldBe(heap);
                h.Ranges(heap).ShouldBe(quirks ? "1+1!" : "");
            }
        }
    }

    [Fact, Spec("V-185", Profile = "v8 v9 v10")]
    public void As_posted_mremap_leaves_the_range_behind_and_the_loss_is_not_told()
    {
        foreach (VrangeVersion version in (VrangeVersion[])[VrangeVersion.V8, VrangeVersion.V9, VrangeVersion.V10])
        {
            foreach (bool quirks in (bool[])[true, false])
            {
                using VrangeHarness h = VrangeHarness.Of(version, quirks);
                VirtAddr start = h.FilledAndVolatile(2);
                _ = h.Purge(start, 1);
                _ = h.Mm.Map(1, at: (start + (2 * Page)).Raw);

                RemapRequest move = new(start, 2 * Page, 4 * Page, RemapFlags.MayMove, default);
                Remap.Move(h.Mm.Mem, h.Space, move).Ok(out VirtAddr moved, out _).ShouldBeTrue();

                h.Ranges(moved).ShouldBe(quirks ? h.Ranges(moved) : "0+2!");
                (h.Mm.Touch(moved).Ok, h.Keep(moved, 2).Purged).ShouldBe((quirks, quirks ? 0 : 1));
            }
        }
    }

    private static VrangeVersion[] InMappings => [VrangeVersion.V11, VrangeVersion.V12, VrangeVersion.V13, VrangeVersion.V14];

    private static bool WasLost(VrangeHarness h, VirtAddr start, ulong pages) =>
        h.Keep(start, pages) is var answer && (h.Traits.Shape == VrangeShape.Advice ? answer.Rax == 1 : answer.Purged == 1);

    private static ulong EntriesLookedAt(VrangeVersion version, ulong pages, VrangeMode mode)
    {
        using VrangeHarness h = VrangeHarness.Of(version);
        VirtAddr start = mode == VrangeMode.Volatile ? h.Filled(pages) : h.FilledAndVolatile(pages);
        EntryCount count = new();
        h.Mm.Mem.Report.Cost = count;
        _ = h.Raw(start, pages * Page, mode, default);
        return count.Entries;
    }

    /// <summary>A price list that counts turns of loops over entries.</summary>
    private sealed class EntryCount : IKernelCost
    {
        public ulong Entries { get; private set; }

        public void Charge(KernelPath path, ulong count) => Entries += path == KernelPath.PtePerPage ? count : 0;

        public void Charge(HardwarePath path, ulong count)
        {
        }

        public void PageZeroed(Pfn frame)
        {
        }

        public void PageCopied(Pfn from, Pfn to)
        {
        }

        public void EntryWritten(PhysAddr slot)
        {
        }
    }
}
