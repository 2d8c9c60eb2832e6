using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Volatile;

/// <summary>Tree and purger with an owner that is no address space: a file that two processes map, the second one from its page 1 on.</summary>
public sealed class FileOwnerTests : IDisposable
{
    private const ulong Page = 4096;
    private const ulong FilePages = 6;
    private readonly VrangeHarness _h = new(new MmOptions { Cpus = 2, SwapPages = 0 });
    private readonly PlainFile _file;
    private readonly PretendedRanges _ranges;
    private readonly AddressSpace _other;
    private readonly VirtAddr _here;
    private readonly VirtAddr _there;

    public FileOwnerTests()
    {
        _file = new PlainFile(_h.Mm.Mem, FilePages, 0);
        _ranges = new PretendedRanges(_h.Mm.Mem, _file, _h.Purger);
        _here = _h.Mm.MapFile(_file, MapFlags.Shared);
        _other = _h.Mm.NewSpaceOrFail();
        _ = _h.Mm.Run(_other);
        _there = _h.Mm.MapFile(_file, MapFlags.Shared, fromPage: 1);
        _ = _h.Mm.Run(_h.Mm.Space).Run(_other, cpu: 1);
        _ = _h.Mm.Fill(_here, FilePages, 7);
        for (ulong page = 0; page < FilePages - 1; page++)
        {
            _h.Mm.Read(_there + (page * Page), cpu: 1).ShouldBe((byte)7);
        }
    }

    [Fact, Spec("V-114", "V-118")]
    public void Marks_of_a_file_join_where_they_overlap_and_shrink_where_a_part_is_unmarked()
    {
        Mark(1, 2);
        Mark(2, 3);
        RangeTrees.TextOf(_ranges.Tree).ShouldBe("1-4");

        _ranges.Tree.MarkPurged(RangeTrees.Pages(4, 1));
        _ranges.Tree.Unmark(RangeTrees.Pages(0, 2), out bool purged).ShouldBe(Errno.None);
        purged.ShouldBeTrue();
        RangeTrees.TextOf(_ranges.Tree).ShouldBe("2-4!");
    }

    [Fact]
    public void A_purge_unmaps_all_mappers_with_a_flush_each_and_every_mapper_sees_the_hole()
    {
        Mark(1, 2);
        _h.Mm.Flushes.Clear();

        _h.Purger.PurgeRanges(1, ReclaimReason.Direct).ShouldBe(2UL);

        (_h.Picture(_here, FilePages), _h.Picture(_there, FilePages - 1, _other)).ShouldBe((".PP...", "PP..."));
        _h.Mm.Flushes.ShouldContain(flush => Flushed(flush, _h.Mm.Space, _here + Page));
        _h.Mm.Flushes.ShouldContain(flush => Flushed(flush, _other, _there));
        _ = _h.Mm.ShouldBeSound();
        RangeTrees.TextOf(_ranges.Tree).ShouldBe("1-2!");

        for (ulong page = 1; page <= 2; page++)
        {
            _h.Mm.Read(_here + (page * Page)).ShouldBe((byte)0);
            _h.Mm.Read(_there + ((page - 1) * Page), cpu: 1).ShouldBe((byte)0);
        }

        _h.Mm.Read(_here + (3 * Page)).ShouldBe((byte)7);
        _ = _h.Mm.ShouldBeSound();
    }

    [Fact]
    public void Residence_falls_in_every_space_that_mapped_the_page()
    {
        (long here, long there) = (_h.Mm.Space.Rss.Shmem, _other.Rss.Shmem);
        Mark(0, 2);

        _h.Purger.PurgeRanges(1, ReclaimReason.Direct).ShouldBe(2UL);

        (_h.Mm.Space.Rss.Shmem, _other.Rss.Shmem).ShouldBe((here - 2, there - 1));
    }

    [Fact, Spec("V-151", "V-152", Profile = "v10")]
    public void Ranges_go_whole_and_oldest_first_whoever_owns_them()
    {
        Mark(0, 2);
        VirtAddr anonymous = _h.FilledAndVolatile(2);
        Mark(4, 2);

        _h.Purger.PurgeRanges(1, ReclaimReason.Direct).ShouldBe(2UL);
        (_h.Picture(_here, FilePages), _h.Picture(anonymous, 2)).ShouldBe(("PP....", ".."));

        _h.Purger.PurgeRanges(1, ReclaimReason.Direct).ShouldBe(2UL);
        (_h.Picture(_here, FilePages), _h.Picture(anonymous, 2)).ShouldBe(("PP....", "PP"));

        _h.Purger.PurgeRanges(1, ReclaimReason.Direct).ShouldBe(2UL);
        _h.Picture(_here, FilePages).ShouldBe("PP..PP");
    }

    [Fact, Spec("V-127")]
    public void A_range_of_a_file_that_shrinks_is_younger_than_an_untouched_one_of_a_space()
    {
        Mark(0, 2);
        VirtAddr anonymous = _h.FilledAndVolatile(1);
        _ranges.Tree.Unmark(RangeTrees.Pages(0, 1), out _).ShouldBe(Errno.None);

        _h.Purger.PurgeRanges(1, ReclaimReason.Direct).ShouldBe(1UL);

        (_h.Picture(_here, FilePages), _h.Picture(anonymous, 1)).ShouldBe(("......", "P"));
    }

    [Fact]
    public void A_busy_file_waits_and_the_next_owner_gives()
    {
        Mark(0, 1);
        VirtAddr anonymous = _h.FilledAndVolatile(1);
        _ranges.IsBusy = true;

        _h.Purger.PurgeRanges(1, ReclaimReason.Direct).ShouldBe(1UL);
        (_h.Picture(_here, 1), _h.Picture(anonymous, 1)).ShouldBe((".", "P"));

        _ranges.IsBusy = false;
        _h.Purger.PurgeRanges(1, ReclaimReason.Direct).ShouldBe(1UL);
        _h.Picture(_here, 1).ShouldBe("P");
    }

    [Fact, Spec("V-209")]
    public void One_mapper_that_has_the_page_locked_keeps_it_for_all()
    {
        Mark(0, 3);
        _other.FindVma(_there).ShouldNotBeNull().Flags |= VmFlags.Locked;

        _h.Purger.PurgeRanges(3, ReclaimReason.Direct).ShouldBe(1UL);

        (_h.Picture(_here, FilePages), _h.Picture(_there, FilePages - 1, _other)).ShouldBe(("P.....", "....."));
    }

    public void Dispose() => _h.Dispose();

    private static bool Flushed(FlushRequest flush, AddressSpace space, VirtAddr address) =>
        flush.Space == space.Tag && flush.Range.Contains(address);

    private void Mark(ulong first, ulong count) => _ranges.Tree.Mark(RangeTrees.Pages(first, count)).ShouldBe(Errno.None);
}
