using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Swap;

namespace MmuEmu.Tests.Kernel.Swap;

public sealed class SwapSpaceTests
{
    private readonly FrameTable _frames = new(64);

    [Fact]
    public void Slot_0_holds_the_header_and_is_never_handed_out()
    {
        SwapDevice device = new(4);

        int[] slots = [device.TryTake(), device.TryTake(), device.TryTake(), device.TryTake()];

        slots.ShouldBe([1, 2, 3, 0], "0 says that the area is full");
        device.FreeSlots.ShouldBe(0);
    }

    [Fact]
    public void A_slot_lives_until_its_last_user_and_the_cache_let_go()
    {
        SwapSpace swap = Space(2);
        PageFrame frame = Frame(5);
        swap.TryCacheNew(frame).ShouldBeTrue();
        SwapEntry entry = SwapEntry.OfRaw(frame.Swap);
        swap.AddUser(entry);
        swap.AddUser(entry);

        swap.Uncache(frame);
        swap.DropUser(entry);
        swap.FreeSlots.ShouldBe(0);
        swap.DropUser(entry);

        swap.FreeSlots.ShouldBe(1);
        frame.Has(PageFlags.SwapCache).ShouldBeFalse();
    }

    [Fact]
    public void The_cache_finds_a_page_by_its_slot_and_holds_a_reference()
    {
        SwapSpace swap = Space(8);
        PageFrame frame = Frame(5);
        int before = frame.RefCount;

        swap.TryCacheNew(frame).ShouldBeTrue();

        swap.FindCached(SwapEntry.OfRaw(frame.Swap)).ShouldBe(frame);
        frame.RefCount.ShouldBe(before + 1);
    }

    [Fact]
    public void Bytes_come_back_and_a_freed_slot_forgets_them()
    {
        SwapDevice device = new(3);
        int slot = device.TryTake();
        byte[] page = [.. Enumerable.Range(0, 4096).Select(i => (byte)(i * 7))];
        byte[] back = new byte[4096];

        device.Write((ulong)slot, page);
        device.Read((ulong)slot, back);
        back.ShouldBe(page);

        device.Uncache((ulong)slot);
        device.Read((ulong)slot, back);
        back.ShouldAllBe(b => b == 0);
    }

    [Fact]
    public void A_second_area_serves_when_the_first_is_full()
    {
        SwapSpace swap = Space(2);
        swap.AddArea(new SwapDevice(2));

        swap.TryCacheNew(Frame(1)).ShouldBeTrue();
        swap.TryCacheNew(Frame(2)).ShouldBeTrue();
        swap.TryCacheNew(Frame(3)).ShouldBeFalse();

        SwapEntry.OfRaw(_frames[new Pfn(2)].Swap).ShouldBe(new SwapEntry(1, 1));
    }

    private static SwapSpace Space(int slots)
    {
        SwapSpace swap = new();
        swap.AddArea(new SwapDevice(slots));
        return swap;
    }

    private PageFrame Frame(ulong pfn)
    {
        PageFrame frame = _frames[new Pfn(pfn)];
        frame.RefCount = 1;
        return frame;
    }
}
