using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Huge;

/// <summary>MADV_FREE of huge pages.</summary>
public sealed class HugeFreeTests
{
    private static readonly KernelProfile Linux45 = KernelProfile.Default with { MadvFree = MadvFreeVersion.Linux45 };
    private static readonly KernelProfile Linux412 = KernelProfile.Default with { MadvFree = MadvFreeVersion.Linux412 };

    [Fact]
    [Spec("F-125", Sizes = "2M")]
    public void The_postings_of_2014_and_2015_split_it_and_free_page_by_page()
    {
        using HugeHarness h = new(Linux45 with { Switches = ProfileSwitches.LazyFreeSplits });
        VirtAddr start = h.Filled(0);

        h.Advise(start, HugeHarness.Pages, Advice.Free).ShouldBe(Errno.None);

        h.Count(MmCounter.ThpSplitPage).ShouldBe(1UL);
        for (ulong page = 0; page < HugeHarness.Pages; page++)
        {
            h.Mm.PteOf(start + (page * 4096)).Has(PteBits.A).ShouldBeFalse();
            h.Mm.PteOf(start + (page * 4096)).Has(PteBits.D).ShouldBeFalse();
            h.Mm.FrameAt(start + (page * 4096)).Mapping.IsLazyFree.ShouldBeTrue();
        }

        h.Mm.Write(start + (7 * 4096), 1);
        h.Mm.ReclaimAll();
        h.Count(MmCounter.PgLazyFreed).ShouldBe(511UL);
        h.Mm.Read(start + (7 * 4096) + 1).ShouldBe((byte)0x41);
        h.Mm.ShouldBeSound();
    }

    [Fact]
    [Spec("F-126", Profile = "linux45 linux412", Sizes = "2M")]
    public void A_whole_one_of_ours_alone_stays_huge_and_goes_as_one()
    {
        foreach (KernelProfile profile in (KernelProfile[])[Linux45, Linux412])
        {
            using HugeHarness h = new(profile);
            VirtAddr start = h.Filled(0);
            h.Mm.Flushes.Clear();

            h.Advise(start, HugeHarness.Pages, Advice.Free).ShouldBe(Errno.None);

            h.IsHuge(start).ShouldBeTrue();
            (h.Mm.PteOf(start).Has(PteBits.A), h.Mm.PteOf(start).Has(PteBits.D)).ShouldBe((false, false));
            h.Mm.Flushes.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
                flush => flush.Stride.ShouldBe(PageSize.Size2M),
                flush => flush.Range.ShouldBe(VirtRange.Of(start, HugeHarness.Bytes)));
            h.Mem.Lru.LazyFreeCount.ShouldBe(512);
            h.Mm.Reclaim(1).ShouldBe(512UL);
            h.Count(MmCounter.PgLazyFreed).ShouldBe(512UL);
            h.Count(MmCounter.ThpSplitPage).ShouldBe(0UL);
            h.Count(MmCounter.PswpOut).ShouldBe(0UL);
            h.Mm.PteOf(start).ShouldBe(Pte.None);
            h.Mm.ShouldBeSound();
            h.Mm.Read(start + 0x12_3456).ShouldBe((byte)0);
        }
    }

    [Fact]
    public void A_store_anywhere_in_it_rescues_all_of_it()
    {
        using HugeHarness h = new(Linux45);
        VirtAddr start = h.Filled(0);
        h.Advise(start, HugeHarness.Pages, Advice.Free).ShouldBe(Errno.None);

        h.Mm.Write(start + 0x10_0000, 0x42);
        h.Mm.Age();
        h.Mm.Reclaim(1).ShouldBe(0UL);

        h.IsHuge(start).ShouldBeTrue();
        h.Mem.Lru.LazyFreeCount.ShouldBe(0);
        h.Mm.Read(start + 0x1F_FFFF).ShouldBe((byte)0x41);
        h.Mm.ShouldBeSound();
    }

    [Fact]
    [Spec("F-127", Profile = "linux45 linux412", Sizes = "2M")]
    public void A_part_of_one_is_split_off_and_only_that_part_is_lazy()
    {
        foreach (KernelProfile profile in (KernelProfile[])[Linux45, Linux412])
        {
            using HugeHarness h = new(profile);
            VirtAddr start = h.Filled(0);

            h.Advise(start + (10 * 4096), 20, Advice.Free).ShouldBe(Errno.None);

            h.Count(MmCounter.ThpSplitPage).ShouldBe(1UL);
            for (ulong page = 0; page < HugeHarness.Pages; page++)
            {
                h.Mm.FrameAt(start + (page * 4096)).Mapping.IsLazyFree.ShouldBe(page is >= 10 and < 30);
                h.Mm.PteOf(start + (page * 4096)).Has(PteBits.D).ShouldBe(page is < 10 or >= 30);
            }

            h.Mem.Lru.LazyFreeCount.ShouldBe(20);
            h.Mm.ShouldBeSound();
        }
    }

    [Fact]
    [Spec("F-128", Profile = "linux45 linux412", Sizes = "2M")]
    public void One_that_others_have_too_or_that_is_locked_is_passed_by()
    {
        foreach (KernelProfile profile in (KernelProfile[])[Linux45, Linux412])
        {
            using HugeHarness h = new(profile);
            VirtAddr start = h.Filled(0);
            PageFrame head = h.Head(start);

            head.TryLock().ShouldBeTrue();
            Pte before = h.Mm.PteOf(start);
            h.Advise(start, HugeHarness.Pages, Advice.Free).ShouldBe(Errno.None);
            h.Advise(start, 3, Advice.Free).ShouldBe(Errno.None);
            h.Mm.PteOf(start).ShouldBe(before);
            head.Unlock();

            _ = h.Vrange.Fork();
            before = h.Mm.PteOf(start);
            h.Advise(start, HugeHarness.Pages, Advice.Free).ShouldBe(Errno.None);
            h.Advise(start, 3, Advice.Free).ShouldBe(Errno.None);
            h.Mm.PteOf(start).ShouldBe(before);
            (head.MapCount, head.Mapping.IsLazyFree, h.Count(MmCounter.ThpSplitPage)).ShouldBe((2, false, 0UL));
            h.Mm.ShouldBeSound();
        }
    }

    /// <summary>The choice of the specification's question 5: the first posting follows the rule of Linux 4.5, and zaps nothing.</summary>
    [Fact]
    [Spec("F-129", Profile = "rfc2014", Sizes = "2M")]
    public void In_the_first_posting_it_is_lazy_as_a_whole_and_not_zapped()
    {
        using HugeHarness h = new();
        VirtAddr start = h.Filled(0);

        h.Advise(start, HugeHarness.Pages, Advice.FreeRfc2014).ShouldBe(Errno.None);

        h.IsHuge(start).ShouldBeTrue();
        h.Mm.PteOf(start).Has(PteBits.D).ShouldBeFalse();
        h.Head(start).Mapping.IsLazyFree.ShouldBeTrue();
        h.Mm.Read(start + 0x1_2345).ShouldBe((byte)0x41);
        h.Advise(start, HugeHarness.Pages, Advice.FreeRfc2014).ShouldBe(Errno.None);
        h.Mm.Reclaim(1).ShouldBe(512UL);
        h.Mm.Read(start + 0x1_2345).ShouldBe((byte)0);
        h.Mm.ShouldBeSound();
    }
}
