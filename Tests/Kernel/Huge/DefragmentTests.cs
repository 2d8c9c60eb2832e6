using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Reclaim;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Huge;

/// <summary>Freeing a run of 512 frames: what finding the mappings costs with a reverse map and without.</summary>
public sealed class DefragmentTests
{
    private static readonly MmOptions Machine = new() { RamBytes = 64UL << 20, SwapPages = 0 };

    /// <summary>The same memory, with more and more that has nothing to do with the run.</summary>
    [Fact]
    [Spec("K-051")]
    public void The_reverse_map_visits_the_mappings_of_the_run_and_a_scan_visits_all()
    {
        List<double> ratios = [];
        foreach (ulong elsewhere in (ulong[])[0, 1000, 3000])
        {
            (DefragResult byRmap, ulong ofRun, _) = Free(elsewhere, ReclaimKind.ByPage);
            (DefragResult byScan, _, ulong all) = Free(elsewhere, ReclaimKind.BySpace);

            (byRmap.Freed, byScan.Freed, byRmap.PagesMoved, byScan.PagesMoved).ShouldBe((true, true, 512, 512));
            byRmap.EntriesVisited.ShouldBe(ofRun);
            byScan.EntriesVisited.ShouldBe(all);
            ratios.Add((double)byScan.EntriesVisited / byRmap.EntriesVisited);
        }

        ratios.ShouldBeInOrder();
        ratios[^1].ShouldBeGreaterThan(2 * ratios[0]);
    }

    [Fact]
    [Spec("K-052")]
    public void A_pool_that_was_set_aside_always_has_a_run()
    {
        KernelProfile profile = KernelProfile.Default with { HugePages = 1, Thp = HugeMode.Never };
        using HugeHarness reserved = new(profile, swapPages: 0);
        reserved.Mem.Huge.Mode = HugeMode.Never;
        Scatter(reserved.Mm);
        reserved.Mem.Source.TryTakeBlock(HugePage.Order, FrameContent.Any).ShouldBeNull("no run is free");

        VirtAddr start = HugeTlbTests.MapHuge(reserved, 1);
        reserved.Mm.Write(start, 1);

        reserved.IsHuge(start).ShouldBeTrue();
        reserved.Count(MmCounter.PgMigrate).ShouldBe(0UL);
        reserved.Mm.ShouldBeSound();
    }

    [Fact]
    public void What_moves_keeps_its_bytes_its_rights_and_its_marks()
    {
        using MmHarness mm = new(Machine);
        VirtAddr start = mm.Map(1500);
        Fill(mm, start, 1500, 0);
        for (ulong page = 0; page < 1500; page++)
        {
            mm.Fill(start + (page * 4096), 1, (byte)page);
        }

        Advise.Range(mm.Mem, mm.Space, new AdviseRequest(start, 50 * 4096, Advice.Free)).ShouldBe(Errno.None);
        Protect.Change(mm.Mem, mm.Space, new ProtectRequest(start + (100 * 4096), 50 * 4096, Prot.Read)).ShouldBe(Errno.None);
        int lazy = mm.Mem.Lru.LazyFreeCount;

        Defragment.TryFree(mm.Mem, FullRun(mm), ReclaimKind.ByPage).Freed.ShouldBeTrue();

        mm.Mem.Lru.LazyFreeCount.ShouldBe(lazy);
        for (ulong page = 0; page < 1500; page++)
        {
            mm.Read(start + (page * 4096) + 77).ShouldBe((byte)page);
        }

        mm.Touch(start + (100 * 4096), AccessKind.Write).Signal.Signal.ShouldBe(Signal.SIGSEGV);
        mm.Mem.Source.TryTakeBlock(HugePage.Order, FrameContent.Any).ShouldNotBeNull();
        mm.ShouldBeSound();
    }

    [Fact]
    public void A_pinned_page_keeps_its_run()
    {
        using MmHarness mm = new(Machine);
        VirtAddr start = mm.Map(1500);
        Fill(mm, start, 1500, 1);
        Pfn run = FullRun(mm);
        mm.Mem.Frames[run + 7].RefCount++;
        Defragment.TryFree(mm.Mem, run, ReclaimKind.ByPage).ShouldBe(default);
        mm.Mem.Frames[run + 7].RefCount--;
        mm.ShouldBeSound();
    }

    [Fact]
    public void A_program_that_asks_for_huge_pages_gets_one_made_by_moving_others()
    {
        using HugeHarness h = new(swapPages: 0);
        h.Mem.Huge.Mode = HugeMode.Never;
        Scatter(h.Mm);
        h.Mem.Huge.Mode = HugeMode.Always;
        VirtAddr plain = h.Map(100);
        VirtAddr asked = h.Map(104);
        h.Advise(asked, 512, Advice.HugePage).ShouldBe(Errno.None);

        h.Mm.Write(plain, 1).Write(asked, 2);

        (h.IsHuge(plain), h.IsHuge(asked), h.Count(MmCounter.PgMigrate) > 0).ShouldBe((false, true, true));
        h.Mm.ShouldBeSound();
    }

    /// <summary>Takes nearly all memory and gives every other page back: much is free, and no run.</summary>
    private static void Scatter(MmHarness mm)
    {
        ulong pages = mm.Mem.Buddy.FreeCount - 400;
        VirtAddr start = mm.Map(pages, at: 0x20_0000_0000);
        Fill(mm, start, pages, 0x33);
        for (ulong page = 0; page < pages; page += 2)
        {
            Advise.Range(mm.Mem, mm.Current(), new AdviseRequest(start + (page * 4096), 4096, Advice.DontNeed)).ShouldBe(Errno.None);
        }
    }

    /// <summary>Three processes share 1500 pages by fork, which fill two runs; each may have pages of its own besides.</summary>
    private static (DefragResult Result, ulong OfRun, ulong All) Free(ulong elsewhere, ReclaimKind search)
    {
        using MmHarness mm = new(Machine);
        VirtAddr start = mm.Map(1500);
        Fill(mm, start, 1500, 0x41);
        if (elsewhere > 0)
        {
            Fill(mm, mm.Map(elsewhere), elsewhere, 0x42);
        }

        Fork.Copy(mm.Mem, mm.Space).Ok(out AddressSpace? one, out _).ShouldBeTrue();
        Fork.Copy(mm.Mem, one!).Ok(out _, out _).ShouldBeTrue();
        Pfn run = FullRun(mm);
        ulong ofRun = 0;
        ulong all = 0;
        foreach (AddressSpace space in mm.Mem.Spaces)
        {
            all += (ulong)space.Rss.Anon;
        }

        for (ulong i = 0; i < 512; i++)
        {
            ofRun += (ulong)mm.Mem.Frames[run + i].MapCount;
        }

        DefragResult result = Defragment.TryFree(mm.Mem, run, search);
        mm.ShouldBeSound();
        return (result, ofRun, all);
    }

    /// <summary>Reads first, which makes the tables: none lies among the pages.</summary>
    private static void Fill(MmHarness mm, VirtAddr start, ulong pages, byte value)
    {
        for (ulong page = 0; page < pages; page++)
        {
            mm.Read(start + (page * 4096)).ShouldBe((byte)0);
        }

        mm.Fill(start, pages, value);
    }

    /// <summary>A run of which every frame holds a mapped page.</summary>
    private static Pfn FullRun(MmHarness mm)
    {
        for (ulong first = 512; first < mm.Mem.Frames.FrameCount; first += 512)
        {
            if (Enumerable.Range(0, 512).All(i => mm.Mem.Frames.Peek(new Pfn(first + (ulong)i)) is { MapCount: > 0 }))
            {
                return new Pfn(first);
            }
        }

        throw new InvalidOperationException("no run is full");
    }
}
