using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Faults;

public sealed class AnonymousFaultTests
{
    [Fact]
    public void A_read_of_untouched_memory_maps_the_shared_zero_frame_and_costs_no_frame()
    {
        using MmHarness mm = new();
        VirtAddr page = mm.Map(1);
        ulong before = mm.Count(MmCounter.PgZeroed);

        mm.Read(page).ShouldBe((byte)0);

        mm.PteOf(page).Frame.ShouldBe(mm.Mem.ZeroFrame.Pfn);
        mm.Space.Rss.Resident.ShouldBe(0);
        mm.ShouldBeSound();
        (mm.Count(MmCounter.PgZeroed) - before).ShouldBe(3UL, "three tables");
    }

    [Fact]
    public void A_write_after_a_read_leaves_the_zero_frame_alone()
    {
        using MmHarness mm = new();
        VirtAddr page = mm.Map(2);
        mm.Read(page);

        mm.Write(page + 5, 0xAB);

        mm.Read(page + 5).ShouldBe((byte)0xAB);
        mm.Read(page + 4096).ShouldBe((byte)0);
        mm.FrameAt(page).MapCount.ShouldBe(1);
        mm.PteOf(page).Has(PteBits.D | PteBits.A | PteBits.RW | PteBits.US).ShouldBeTrue();
        mm.ShouldBeSound();
    }

    [Fact]
    public void A_touch_outside_every_mapping_is_SEGV_MAPERR_at_the_exact_byte()
    {
        using MmHarness mm = new();
        VirtAddr page = mm.Map(1);

        Touched touched = mm.Touch(page + 4096 + 0x123, AccessKind.Write);

        touched.Signal.ShouldBe(new SigInfo(Signal.SIGSEGV, SigCode.SegvMapErr, page + 4096 + 0x123));
    }
}
