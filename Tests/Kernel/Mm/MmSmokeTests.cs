using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Mm;

public sealed class MmSmokeTests
{
    [Fact]
    public void Pages_swapped_out_come_back_with_their_bytes()
    {
        using MmHarness mm = new();
        VirtAddr start = mm.Map(16);
        for (ulong page = 0; page < 16; page++)
        {
            mm.Fill(start + (page * 4096), 1, (byte)(0x10 + page));
        }

        mm.Reclaim(16).ShouldBe(16UL);
        mm.KindOf(start).ShouldBe(SoftPteKind.Swap);
        mm.ShouldBeSound();

        for (ulong page = 0; page < 16; page++)
        {
            mm.ReadPage(start + (page * 4096)).ShouldAllBe(b => b == (byte)(0x10 + page));
        }

        mm.Space.Rss.ShouldSatisfyAllConditions(r => r.Anon.ShouldBe(16), r => r.Swap.ShouldBe(0));
        mm.ShouldBeSound();
    }

    [Fact]
    public void Parent_and_child_see_their_own_bytes_after_a_fork()
    {
        using MmHarness mm = new();
        VirtAddr page = mm.Map(1);
        mm.Write(page, 1);
        Fork.Copy(mm.Mem, mm.Space).Ok(out AddressSpace? child, out _).ShouldBeTrue();

        mm.Write(page, 2);
        mm.Run(child!).Read(page).ShouldBe((byte)1);
        mm.Write(page, 3);
        mm.Run(mm.Space).Read(page).ShouldBe((byte)2);

        mm.ShouldBeSound();
        mm.Count(MmCounter.CowBreak).ShouldBe(1UL);
        mm.Count(MmCounter.CowReuse).ShouldBe(1UL);
    }

    [Fact]
    public void Memory_full_of_dirty_pages_goes_on_through_swap()
    {
        using MmHarness mm = new(new MmOptions { RamBytes = 2UL << 20, SwapPages = 2048 });
        VirtAddr start = mm.Map(1024);
        for (ulong page = 0; page < 1024; page++)
        {
            mm.Write(start + (page * 4096), (byte)page);
        }

        for (ulong page = 0; page < 1024; page++)
        {
            mm.Read(start + (page * 4096)).ShouldBe((byte)page);
        }

        mm.ShouldBeSound();
    }
}
