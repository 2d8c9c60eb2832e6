using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Huge;

/// <summary>vrange over transparent huge pages.</summary>
public sealed class HugePurgeTests
{
    [Fact]
    [Spec("V-161", Profile = "v10")]
    public void V10_splits_a_huge_page_and_purges_what_is_volatile_of_it()
    {
        using HugeHarness h = new(swapPages: 0);
        VirtAddr start = h.Filled(0);
        h.Vrange.Mark(start + (8 * 4096), 16).ShouldBe(16 * 4096);

        h.Mm.Reclaim(4).ShouldBe(16UL, "the whole range goes");

        (h.Count(MmCounter.ThpSplitPage), h.IsHuge(start)).ShouldBe((1UL, false));
        for (ulong page = 0; page < HugeHarness.Pages; page++)
        {
            h.Vrange.IsPurged(start + (page * 4096)).ShouldBe(page is >= 8 and < 24);
        }

        h.Mm.Touch(start + (9 * 4096)).ShouldBeBusErrorAt(start + (9 * 4096));
        h.Mm.Read(start).ShouldBe((byte)0x41);
        h.Mm.ShouldBeSound();
    }

    [Fact, Spec("V-161", Profile = "v7 v8 v9 v12 v14")]
    public void The_other_postings_pass_it_by()
    {
        foreach (VrangeVersion version in (ReadOnlySpan<VrangeVersion>)[VrangeVersion.V7, VrangeVersion.V8, VrangeVersion.V9, VrangeVersion.V12, VrangeVersion.V14])
        {
            using HugeHarness h = new(KernelProfile.Default with { Vrange = version }, swapPages: 0);
            VirtAddr start = h.Filled(0);
            h.Vrange.Purger.RangesOf(h.Mm.Space).Mark(VirtRange.Of(start, HugeHarness.Bytes)).ShouldBe(Errno.None);

            h.Mm.Age().Age().Reclaim(600);

            (h.IsHuge(start), h.Count(MmCounter.ThpSplitPage)).ShouldBe((true, 0UL), version.ToString());
            h.Mm.Read(start + 0x12_3456).ShouldBe((byte)0x41);
            h.Mm.ShouldBeSound();
        }
    }
}
