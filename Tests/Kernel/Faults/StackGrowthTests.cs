using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Faults;

public sealed class StackGrowthTests
{
    private const ulong Top = 0x7000_0000;
    private const MapFlags Stack = MapFlags.Private | MapFlags.Anonymous | MapFlags.GrowsDown;

    [Fact]
    public void A_touch_below_the_stack_makes_it_grow_to_the_page_touched()
    {
        using MmHarness mm = new();
        VirtAddr stack = mm.Map(2, at: Top, flags: Stack);

        mm.Write(stack - 0x5008, 9);

        mm.VmaAt(stack).Start.ShouldBe(stack - 0x6000);
        mm.Read(stack - 0x5008).ShouldBe((byte)9);
        mm.Read(stack).ShouldBe((byte)0);
        mm.ShouldBeSound();
    }

    [Fact]
    public void A_stack_grows_to_its_limit_and_not_beyond()
    {
        using MmHarness mm = new();
        mm.Space.Limits = new SpaceLimits { StackBytes = 16 * 4096 };
        VirtAddr stack = mm.Map(2, at: Top, flags: Stack);

        mm.Touch(stack - (14 * 4096), AccessKind.Write).Ok.ShouldBeTrue();
        mm.Touch(stack - (14 * 4096) - 1, AccessKind.Write).Signal.Code.ShouldBe(SigCode.SegvMapErr);
    }

    [Fact]
    public void A_stack_keeps_its_guard_gap_to_the_mapping_below()
    {
        using MmHarness mm = new();
        VirtAddr stack = mm.Map(2, at: Top, flags: Stack);
        mm.Map(1, at: Top - (300 * 4096));

        mm.Touch(stack - (43 * 4096), AccessKind.Write).Ok.ShouldBeTrue();
        mm.Touch(stack - (44 * 4096), AccessKind.Write).Signal.Code.ShouldBe(SigCode.SegvMapErr);
    }

    [Fact]
    public void A_stack_does_not_grow_into_what_was_volatile_before_a_fork()
    {
        using VrangeHarness h = new();
        VirtAddr stack = h.Mm.Map(2, at: Top, flags: Stack);
        VirtAddr below = h.Mm.Map(2, at: Top - (2 * 4096));
        h.Mark(below, 2).ShouldBe(2 * 4096);
        h.Mm.Advise(below, 2, Advice.DontFork).ShouldBe(Errno.None);
        h.Mm.Run(h.Mm.Fork());

        h.Mm.Write(stack - 8, 7);

        h.Purge(below, 2).ShouldBe(0UL);
        h.Mm.Read(stack - 8).ShouldBe((byte)7);
    }

    [Fact]
    public void An_ordinary_mapping_does_not_grow()
    {
        using MmHarness mm = new();
        VirtAddr page = mm.Map(1, at: Top);

        mm.Touch(page - 1).Signal.Code.ShouldBe(SigCode.SegvMapErr);
    }

    [Fact]
    public void Pages_of_a_grown_stack_find_their_way_back_from_swap()
    {
        using MmHarness mm = new();
        VirtAddr stack = mm.Map(1, at: Top, flags: Stack);
        mm.Fill(stack, 1, 1);
        mm.Fill(stack - (3 * 4096), 3, 2);

        mm.Reclaim(4).ShouldBe(4UL);

        mm.ShouldBeSound();
        mm.ReadPage(stack).ShouldAllBe(b => b == 1);
        mm.ReadPage(stack - 4096).ShouldAllBe(b => b == 2);
    }
}
