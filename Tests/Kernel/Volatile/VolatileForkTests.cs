using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Kernel.Volatile;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Volatile;

public sealed class VolatileForkTests : IDisposable
{
    private const ulong Page = 4096;
    private readonly VrangeHarness _h = new();

    [Fact, Spec("V-170")]
    public void The_child_gets_a_copy_of_every_range_with_its_purged_mark()
    {
        VirtAddr start = _h.Filled(6);
        _ = _h.Mark(start, 2);
        _ = _h.Mark(start + (4 * Page), 2);
        _ = _h.Purge(start, 1);

        AddressSpace child = _h.Fork();

        _h.Ranges(start, child).ShouldBe("0+2! 4+2");
        _h.Ranges(start).ShouldBe("0+2! 4+2");
    }

    [Fact, Spec("V-071", "V-171")]
    public void A_purged_entry_is_copied_unchanged_without_a_slot_and_is_SIGBUS_for_the_child_too()
    {
        VirtAddr start = _h.FilledAndVolatile(1);
        _ = _h.Purge(start, 1);
        long slots = _h.Mm.Mem.Swap.FreeSlots;

        AddressSpace child = _h.Fork();

        _h.Mm.PteOf(start, child).ShouldBe(new Pte(0x3E));
        (_h.Mm.Mem.Swap.FreeSlots, child.Rss.Swap).ShouldBe((slots, 0));
        _h.Mm.Run(child).Touch(start).ShouldBeBusErrorAt(start);
        _h.Mm.ShouldBeSound();
    }

    [Fact, Spec("V-172")]
    public void The_child_unmarks_its_own_copy_and_hears_of_the_loss_while_the_parent_stays_volatile()
    {
        AddressSpace parent = _h.Space;
        VirtAddr start = _h.FilledAndVolatile(2);
        _ = _h.Purge(start, 1);
        _h.Mm.Run(_h.Fork());

        _h.Keep(start, 2).ShouldBe(new VrangeAnswer(2 * 4096, 1));

        _h.Ranges(start).ShouldBe("");
        _h.Ranges(start, parent).ShouldBe("0+2!");
    }

    [Fact, Spec("V-146", "V-173", Profile = "v10")]
    public void A_shared_page_is_purged_for_nobody_while_one_side_wants_it()
    {
        // Given a page that parent and child share, volatile in the parent alone
        AddressSpace parent = _h.Space;
        VirtAddr start = _h.FilledAndVolatile(1);
        AddressSpace child = _h.Fork();
        _ = _h.Mm.Run(child);
        _ = _h.Keep(start, 1);

        // When memory is short
        _h.Mm.Run(parent);
        _h.Purge(start, 1).ShouldBe(0UL);
        _h.Purger.PurgeRanges(1, ReclaimReason.Direct).ShouldBe(0UL);

        // Then nothing changed for either, and ordinary reclaim may swap it
        (_h.Picture(start, 1), _h.Picture(start, 1, child)).ShouldBe((".", "."));
        _ = _h.Mm.Age().Age().ReclaimAll();
        (_h.Picture(start, 1), _h.Picture(start, 1, child)).ShouldBe(("s", "s"));
        _h.Mm.Read(start).ShouldBe((byte)'A');
        _h.Mm.ShouldBeSound();
    }

    [Fact, Spec("V-146", Profile = "v10")]
    public void A_shared_page_is_purged_for_all_once_every_side_lets_it_go()
    {
        VirtAddr start = _h.FilledAndVolatile(1);
        AddressSpace child = _h.Fork();
        ulong free = _h.Mm.Mem.Buddy.FreeCount;

        _h.Purge(start, 1).ShouldBe(1UL);

        (_h.IsPurged(start), _h.IsPurged(start, child)).ShouldBe((true, true));
        (_h.Ranges(start), _h.Ranges(start, child)).ShouldBe(("0+1!", "0+1!"));
        _h.Mm.Mem.Buddy.FreeCount.ShouldBe(free + 1);
        _h.Mm.ShouldBeSound();
    }

    [Fact, Spec("V-146", Profile = "v10")]
    public void A_sharer_that_has_the_page_only_as_a_swap_entry_is_asked_too_and_gets_a_purged_entry()
    {
        // Given a page in the swap cache: the child has it in memory, the parent as its swap entry
        AddressSpace parent = _h.Space;
        VirtAddr start = _h.FilledAndVolatile(1);
        AddressSpace child = _h.Fork();
        PageFrame pinned = _h.Mm.FrameAt(start);
        pinned.RefCount++;
        _ = SwapOutWithoutPurging();
        _ = _h.Mm.Run(child).Read(start);
        (_h.Picture(start, 1, parent), _h.Picture(start, 1, child)).ShouldBe(("s", "."));

        // When the page is purged
        _ = _h.Purge(start, 1);
        _h.Mm.Mem.Source.Release(pinned);

        // Then both have a purged entry and the slot is free
        (_h.IsPurged(start, parent), _h.IsPurged(start, child)).ShouldBe((true, true));
        _h.Mm.Mem.Swap.CachedCount.ShouldBe(0);
        _h.Mm.ShouldBeSound();
    }

    [Fact, Spec("V-149", "V-174")]
    public void After_the_child_wrote_its_copy_the_two_are_purged_each_for_itself()
    {
        AddressSpace parent = _h.Space;
        VirtAddr start = _h.FilledAndVolatile(1);
        AddressSpace child = _h.Fork();
        _h.Mm.Run(child).Write(start, 9);
        _ = _h.Keep(start, 1);

        _h.Mm.Run(parent);
        _h.Purge(start, 1).ShouldBe(1UL);

        (_h.IsPurged(start), _h.Picture(start, 1, child)).ShouldBe((true, "."));
        _h.Mm.Run(child).Read(start).ShouldBe((byte)9);
    }

    [Fact, Spec("V-187")]
    public void The_parents_ranges_are_older_victims_than_the_childs_copies()
    {
        VirtAddr start = _h.FilledAndVolatile(1);
        VolatileRange parents = _h.Tree[0];
        _ = _h.Fork();

        _h.Purger.Age.Count.ShouldBe(2);
        _h.Purger.Age.Oldest.ShouldBeSameAs(parents);
        PurgeList.YoungerThan(parents).ShouldNotBeNull().Bytes.First.ShouldBe(start.Raw);
    }

    [Fact, Spec("V-175", Profile = "v10")]
    public void Fork_succeeds_when_there_is_no_memory_for_ranges_and_purged_ones_are_copied_first()
    {
        // Given as many ranges as leave one node in their frame, the last of them purged
        using VrangeHarness h = new(new MmOptions { RamBytes = 4UL << 20, SwapPages = 0 });
        const ulong Count = RangePool.NodesPerFrame - 1;
        VirtAddr start = h.Mm.Map(2 * Count);
        for (ulong i = 0; i < Count; i++)
        {
            h.Mm.Fill(start + (2 * i * Page), 1, 1);
            _ = h.Mark(start + (2 * i * Page), 1);
        }

        h.Purge(start + (2 * (Count - 1) * Page), 1).ShouldBe(1UL);
        IVolatileRanges parent = h.Space.Volatile!;

        // When no further frame for nodes is to be had
        AddressSpace child = h.Mm.NewSpaceOrFail();
        using (h.Purger.Limited(ReclaimLimits.NoIo))
        {
            h.ExhaustMemory();
        }

        child.Volatile = parent.CopyFor(child);

        // Then the child has the purged one, and nothing else
        h.Ranges(start, child).ShouldBe($"{2 * (Count - 1)}+1!");
    }

    [Fact, Spec("V-164", Profile = "v10")]
    public void Copying_ranges_at_fork_purges_none_however_short_memory_is()
    {
        using VrangeHarness h = new(new MmOptions { RamBytes = 2UL << 20, SwapPages = 0 });
        VirtAddr start = h.FilledAndVolatile(20);
        IVolatileRanges parent = h.Space.Volatile!;
        AddressSpace child = h.Mm.NewSpaceOrFail();
        while (h.Mm.Mem.Buddy.TryTake(0) is not null)
        {
        }

        _ = parent.CopyFor(child);

        h.Picture(start, 20).ShouldNotContain('P');
    }

    [Fact, Spec("V-155")]
    public void Fork_holds_the_space_that_it_copies_so_that_no_whole_range_of_it_is_purged_meanwhile()
    {
        _ = _h.FilledAndVolatile(1);
        HeldWatch watch = new(_h.Space);
        _h.Mm.Mem.Report.Events = watch;

        _ = _h.Fork();

        watch.Seen.ShouldBe([true]);
        _h.Space.IsWriteHeld.ShouldBeFalse();
    }

    [Fact, Spec("V-177")]
    public void The_end_of_a_space_takes_its_ranges_and_their_nodes_away()
    {
        VirtAddr start = _h.FilledAndVolatile(1);
        AddressSpace child = _h.Fork();
        _h.Purger.Age.Count.ShouldBe(2);

        ExitSpace.TearDown(_h.Mm.Mem, child);

        (_h.Purger.Age.Count, _h.Purger.Pool.InUse).ShouldBe((1, 1));
        _h.Ranges(start).ShouldBe("0+1");
        _h.Mm.ShouldBeSound();
    }

    public void Dispose() => _h.Dispose();

    private ulong SwapOutWithoutPurging()
    {
        IVolatilePurge? vrange = _h.Mm.Mem.Volatile;
        _h.Mm.Mem.Volatile = null;
        ulong freed = _h.Mm.Age().Age().ReclaimAll();
        _h.Mm.Mem.Volatile = vrange;
        return freed;
    }

    /// <summary>Notes whether a space was held whenever an entry changed.</summary>
    private sealed class HeldWatch(AddressSpace space) : ITraceSink
    {
        public HashSet<bool> Seen { get; } = [];

        public void Take(in TraceEvent happened)
        {
            if (happened.Kind == KernelEvent.EntryChanged)
            {
                Seen.Add(space.IsWriteHeld);
            }
        }
    }
}
