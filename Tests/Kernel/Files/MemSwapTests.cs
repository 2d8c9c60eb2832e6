using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Files;

/// <summary>Shared memory under pressure: it leaves for swap, and comes back by whoever asks for it.</summary>
public sealed class MemSwapTests : IDisposable
{
    private const ulong Pages = 8;
    private readonly MmHarness _mm = new();
    private readonly BlockCount _blocks = new(100);
    private readonly MemContent _file;

    public MemSwapTests()
    {
        _file = new MemContent(_mm.Mem, new FileLabel("/file", 1, 0), _blocks);
        _file.Write(0, Content()).Ok(out int written, out _).ShouldBeTrue();
        written.ShouldBe((int)Pages * 4096);
    }

    [Fact]
    public void Pages_that_nobody_uses_go_to_swap_and_a_read_brings_them_back()
    {
        SwapOut();

        _file.FindPage(0).ShouldBeNull();
        _file.HeldBytes.ShouldBe(Pages * 4096);
        FreeSlots().ShouldBe(Slots() - (long)Pages);
        ShouldReadAsWritten();
        FreeSlots().ShouldBe(Slots());
        _mm.Count(MmCounter.PswpOut).ShouldBe(Pages);
        _mm.Count(MmCounter.PswpIn).ShouldBe(Pages);
        _mm.ShouldBeSound();
    }

    [Fact]
    public void All_who_map_a_page_lose_it_and_find_what_was_written_last()
    {
        VirtAddr one = Map(MapFlags.Shared);
        VirtAddr other = Map(MapFlags.Shared);
        AddressSpace child = _mm.Fork();
        _mm.Write(one + 5, 99).Read(other + 5).ShouldBe((byte)99);
        _mm.Run(child).Read(one + 5).ShouldBe((byte)99);

        SwapOut();

        _mm.KindOf(one).ShouldBe(SoftPteKind.None);
        _mm.KindOf(one, _mm.Space).ShouldBe(SoftPteKind.None);
        _mm.ShouldBeSound();
        ulong read = _mm.Mem.PagesRead;
        _mm.Read(other + 5).ShouldBe((byte)99);
        _mm.Mem.PagesRead.ShouldBe(read + 1);
        _mm.Run(_mm.Space).Read(one + 5).ShouldBe((byte)99);
        _mm.Mem.PagesRead.ShouldBe(read + 1);
        _mm.FrameAt(one).ShouldBeSameAs(_mm.FrameAt(other, child));
        _mm.ShouldBeSound();
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("punch")]
    [InlineData("unlink")]
    public void What_is_taken_away_in_swap_gives_its_slots_back(string how)
    {
        SwapOut();
        switch (how)
        {
            case "cut": _file.Resize((2 * 4096) + 1).ShouldBe(Refusal.None); break;
            case "punch": _file.Punch(4096 + 5, 5 * 4096).ShouldBe(Refusal.None); break;
            default: _file.Unlinked(); break;
        }

        // A page at an edge came back from swap to be zeroed in part.
        (long slots, ulong pages) = how switch { "cut" => (2, 3UL), "punch" => (2, 4UL), _ => (0, 0UL) };
        FreeSlots().ShouldBe(Slots() - slots);
        _blocks.Used.ShouldBe(pages);
        _mm.ShouldBeSound();
    }

    /// <summary>Source: [Linux mm/vmscan.c, shrink_folio_list]: what was never written is no dirty page.</summary>
    [Fact]
    public void A_page_of_a_hole_that_was_only_read_is_a_hole_again()
    {
        MemContent holes = new(_mm.Mem, new FileLabel("/holes", 2, 0), _blocks);
        holes.Resize(4096).ShouldBe(Refusal.None);
        MapRequest request = new() { LengthBytes = 4096, Prot = Prot.Read | Prot.Write, Flags = MapFlags.Shared, Backing = holes };
        MmuEmu.Kernel.Mm.Map.Place(_mm.Mem, _mm.Space, request).Ok(out VirtAddr start, out _).ShouldBeTrue();
        _mm.Read(start).ShouldBe((byte)0);
        holes.HeldBytes.ShouldBe(4096UL);
        long slots = FreeSlots();

        SwapOut();

        holes.HeldBytes.ShouldBe(0UL);
        FreeSlots().ShouldBe(slots - (long)Pages);
        _mm.Write(start, 3);
        SwapOut();
        holes.HeldBytes.ShouldBe(4096UL);
        _mm.Read(start).ShouldBe((byte)3);
        _mm.ShouldBeSound();
    }

    [Fact]
    public void A_locked_mapping_keeps_its_pages_and_lets_them_go_with_itself()
    {
        VirtAddr start = Map(MapFlags.Shared);
        MemoryLock.Range(_mm.Mem, _mm.Space, start, 3 * 4096).ShouldBe(Refusal.None);

        SwapOut();

        _mm.Mem.Lru[LruKind.Unevictable].Count.ShouldBe(3);
        _file.FindPage(2).ShouldNotBeNull();
        _file.FindPage(3).ShouldBeNull();
        Unmap.Range(_mm.Mem, _mm.Space, start, Pages * 4096).ShouldBe(Refusal.None);
        _mm.Mem.Lru[LruKind.Unevictable].Count.ShouldBe(0);
        SwapOut();
        _file.FindPage(2).ShouldBeNull();
        _mm.ShouldBeSound();
    }

    [Fact]
    public void Without_room_in_swap_everything_stays()
    {
        using MmHarness mm = new(new MmOptions { SwapPages = 3 });
        MemContent file = new(mm.Mem, "file");
        file.Write(0, Content()).Ok(out _, out _).ShouldBeTrue();

        mm.SwapAll();

        mm.Mem.Swap.FreeSlots.ShouldBe(0);
        Enumerable.Range(0, (int)Pages).Count(page => file.FindPage((ulong)page) is not null).ShouldBe((int)Pages - 3);
        byte[] read = new byte[Pages * 4096];
        file.Read(0, read).Ok(out _, out _).ShouldBeTrue();
        read.ShouldBe(Content());
        mm.ShouldBeSound();
    }

    [Fact]
    public void Advice_brings_back_and_sends_away()
    {
        VirtAddr start = Map(MapFlags.Shared);
        _mm.Read(start);
        _mm.Advise(start, 1, Advice.PageOut).ShouldBe(Errno.None);
        _file.SlotOf(0).ShouldNotBeNull();

        _mm.Advise(start, 1, Advice.WillNeed).ShouldBe(Errno.None);

        _file.SlotOf(0).ShouldBeNull();
        Mincore.Of(_mm.Mem, _mm.Space, start, 4096).Ok(out byte[]? resident, out _).ShouldBeTrue();
        resident.ShouldBe([1]);
        _mm.ShouldBeSound();
    }

    /// <summary>A debugger that reads what is in swap changes nothing.</summary>
    [Fact]
    public void To_look_at_a_page_in_swap_does_not_bring_it_back()
    {
        SwapOut();
        byte[] page = new byte[4096];

        _file.TryPeek(3, page).ShouldBeTrue();

        page.ShouldBe(Content()[(3 * 4096)..(4 * 4096)]);
        _file.SlotOf(3).ShouldNotBeNull();
        _file.TryPeek(Pages, page).ShouldBeFalse();
    }

    public void Dispose() => _mm.Dispose();

    private static byte[] Content()
    {
        byte[] bytes = new byte[Pages * 4096];
        new Random(7).NextBytes(bytes);
        return bytes;
    }

    private void SwapOut() => _mm.SwapAll();

    private long Slots() => _mm.Mem.Swap.TotalSlots;

    private long FreeSlots() => _mm.Mem.Swap.FreeSlots;

    private VirtAddr Map(MapFlags type)
    {
        MapRequest request = new() { LengthBytes = Pages * 4096, Prot = Prot.Read | Prot.Write, Flags = type, Backing = _file };
        MmuEmu.Kernel.Mm.Map.Place(_mm.Mem, _mm.Current(), request).Ok(out VirtAddr start, out Errno errno).ShouldBeTrue($"{errno}");
        return start;
    }

    private void ShouldReadAsWritten()
    {
        byte[] read = new byte[Pages * 4096];
        _file.Read(0, read).Ok(out _, out _).ShouldBeTrue();
        read.ShouldBe(Content());
    }
}
