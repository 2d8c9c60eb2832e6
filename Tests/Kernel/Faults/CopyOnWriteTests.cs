using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Faults;

public sealed class CopyOnWriteTests
{
    [Fact]
    public void After_fork_both_sides_share_one_frame_read_only()
    {
        using MmHarness mm = new();
        VirtAddr page = mm.Map(1);
        mm.Write(page, 1);

        AddressSpace child = ForkOff(mm);

        mm.FrameAt(page).MapCount.ShouldBe(2);
        mm.PteOf(page, child).Frame.ShouldBe(mm.PteOf(page).Frame);
        mm.PteOf(page).Has(PteBits.RW).ShouldBeFalse();
        mm.PteOf(page, child).Has(PteBits.RW).ShouldBeFalse();
        mm.ShouldBeSound();
    }

    [Fact]
    public void The_last_sharer_takes_the_frame_over_without_a_copy()
    {
        using MmHarness mm = new();
        VirtAddr page = mm.Map(1);
        mm.Write(page, 1);
        Pfn frame = mm.FrameAt(page).Pfn;
        AddressSpace child = ForkOff(mm);

        ExitSpace.TearDown(mm.Mem, child);
        mm.Write(page, 2);

        mm.FrameAt(page).Pfn.ShouldBe(frame);
        mm.Count(MmCounter.CowBreak).ShouldBe(0UL);
        mm.Count(MmCounter.CowReuse).ShouldBe(1UL);
    }

    [Fact]
    public void A_page_swapped_out_before_fork_comes_back_to_both_as_two_pages()
    {
        // Given a page in swap that parent and child both name
        using MmHarness mm = new();
        VirtAddr page = mm.Map(1);
        mm.Fill(page, 1, 0x42);
        mm.Reclaim(1).ShouldBe(1UL);
        AddressSpace child = ForkOff(mm);
        mm.Mem.Swap.CountOf(SoftPteFormat.SwapOf(mm.PteOf(page))).ShouldBe(2);

        // When the child writes
        mm.Run(child).Write(page, 0x43);

        // Then the parent's page is as it was
        mm.Run(mm.Space).ReadPage(page).ShouldAllBe(b => b == 0x42);
        mm.Run(child).Read(page).ShouldBe((byte)0x43);
        mm.ShouldBeSound();
    }

    [Fact]
    public void A_shared_page_is_swapped_out_of_all_its_mappings_at_once()
    {
        using MmHarness mm = new();
        VirtAddr page = mm.Map(1);
        mm.Fill(page, 1, 0x42);
        AddressSpace child = ForkOff(mm);
        AddressSpace grandchild = ForkOff(mm.Run(child));

        mm.Reclaim(1).ShouldBe(1UL);

        foreach (AddressSpace space in (AddressSpace[])[mm.Space, child, grandchild])
        {
            mm.KindOf(page, space).ShouldBe(SoftPteKind.Swap);
            mm.Run(space).ReadPage(page).ShouldAllBe(b => b == 0x42);
        }

        mm.FrameAt(page).MapCount.ShouldBe(3);
        mm.ShouldBeSound();
    }

    [Fact]
    public void DONTFORK_memory_is_not_in_the_child()
    {
        using MmHarness mm = new();
        VirtAddr start = mm.Map(2);
        mm.Fill(start, 2, 1);
        Advise.Range(mm.Mem, mm.Space, new AdviseRequest(start, 4096, Advice.DontFork)).ShouldBe(Errno.None);

        mm.Run(ForkOff(mm));

        mm.Touch(start).Signal.Code.ShouldBe(SigCode.SegvMapErr);
        mm.Read(start + 4096).ShouldBe((byte)1);
    }

    [Fact]
    public void A_fork_that_runs_out_of_memory_leaves_nothing_behind()
    {
        // Given little memory, no swap, and pages far apart, each with a table of its own
        using MmHarness mm = new(new MmOptions { RamBytes = 2UL << 20, SwapPages = 0 });
        for (ulong i = 0; i < 100; i++)
        {
            mm.Write(mm.Map(1, at: 0x10_0000_0000 + (i << 21)), 1);
        }

        ulong free = mm.Mem.Buddy.FreeCount;
        while (free > 60)
        {
            mm.Write(mm.Map(1), 1);
            free = mm.Mem.Buddy.FreeCount;
        }

        // When it forks
        Fork.Copy(mm.Mem, mm.Space).Ok(out _, out Errno errno).ShouldBeFalse();

        // Then ENOMEM, and every frame is back
        errno.ShouldBe(Errno.ENOMEM);
        mm.Mem.Buddy.FreeCount.ShouldBe(free);
        mm.Mem.Spaces.Count.ShouldBe(1);
        mm.ShouldBeSound();
    }

    private static AddressSpace ForkOff(MmHarness mm)
    {
        Fork.Copy(mm.Mem, mm.Current()).Ok(out AddressSpace? child, out _).ShouldBeTrue();
        return child!;
    }
}
