using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;
using RemapVerb = MmuEmu.Kernel.Mm.Remap;

namespace MmuEmu.Tests.Kernel.Huge;

/// <summary>What each verb does with a huge page: takes it whole where it can, and splits it in place where it cannot.</summary>
public sealed class HugeVerbTests : IDisposable
{
    private const ulong Pages = HugeHarness.Pages;
    private const ulong Bytes = HugeHarness.Bytes;

    private readonly HugeHarness _h = new();

    private MmHarness Mm => _h.Mm;

    public void Dispose() => _h.Dispose();

    [Fact]
    public void One_fault_brings_2_MiB_of_zeros_and_counts_512_pages()
    {
        long before = Mm.Space.Rss.Anon;
        VirtAddr start = _h.Map(0);
        Mm.Touch(start + 0x12_3456, AccessKind.Write).Faults.ShouldBe(1);

        for (ulong page = 0; page < Pages; page++)
        {
            Mm.Touch(start + (page * 4096), AccessKind.Write).Faults.ShouldBe(0);
        }

        Mm.ReadPage(start + 0x10_0000).ShouldAllBe(b => b == 0);
        (Mm.Space.Rss.Anon - before, Mm.Space.Rss.AnonHuge).ShouldBe((512, 1));
        (_h.Head(start).Pfn.Raw & 511).ShouldBe(0UL);
        (_h.Count(MmCounter.ThpFaultAlloc), _h.Count(MmCounter.PgZeroed) >= 512).ShouldBe((1UL, true));
        Mm.ShouldBeSound();
    }

    [Theory]
    [InlineData(HugeMode.Never, Advice.Normal, false)]
    [InlineData(HugeMode.Never, Advice.HugePage, false)]
    [InlineData(HugeMode.Madvise, Advice.Normal, false)]
    [InlineData(HugeMode.Madvise, Advice.HugePage, true)]
    [InlineData(HugeMode.Madvise, Advice.NoHugePage, false)]
    [InlineData(HugeMode.Always, Advice.Normal, true)]
    [InlineData(HugeMode.Always, Advice.NoHugePage, false)]
    public void Mode_and_advice_say_who_gets_one(HugeMode mode, Advice advice, bool huge)
    {
        _h.Mem.Huge.Mode = mode;
        VirtAddr start = _h.Map(0);
        _h.Advise(start, Pages, advice).ShouldBe(Errno.None);

        Mm.Write(start + 4096, 1);

        _h.IsHuge(start).ShouldBe(huge);
    }

    [Fact]
    public void No_huge_page_reaches_out_of_a_mapping_or_over_small_pages()
    {
        VirtAddr start = _h.Map(0, 2);
        Unmap.Range(_h.Mem, Mm.Space, start + (2 * Bytes) - 4096, 4096).ShouldBe(Errno.None);
        Mm.Write(start + Bytes, 1);
        _h.IsHuge(start + Bytes).ShouldBeFalse();

        VirtAddr small = _h.Small(8);
        _h.Advise(small + 4096, 1, Advice.DontNeed).ShouldBe(Errno.None);
        Mm.Write(small + 4096, 1);
        _h.IsHuge(small).ShouldBeFalse();
        Mm.ShouldBeSound();
    }

    [Fact]
    public void Prctl_forbids_it_for_a_space()
    {
        Mm.Space.ForbidsHuge = true;
        VirtAddr start = _h.Map(0);
        Mm.Write(start, 1);
        _h.IsHuge(start).ShouldBeFalse();
    }

    [Fact]
    public void Without_an_aligned_run_4_KiB_serve()
    {
        using HugeHarness h = new(ramBytes: 3UL << 20);
        VirtAddr start = h.Map(0);
        h.Mm.Write(start, 7);
        h.IsHuge(start).ShouldBeFalse();
        h.Count(MmCounter.ThpFaultFallback).ShouldBeGreaterThan(0UL);
        h.Mm.ShouldBeSound();
    }

    [Fact]
    public void Reads_share_one_huge_page_of_zeros_that_goes_with_its_last_user()
    {
        ulong free = _h.Mem.Buddy.FreeCount;
        VirtAddr start = _h.Map(0, 2);
        Mm.Read(start).ShouldBe((byte)0);
        Mm.Read(start + Bytes + 5000).ShouldBe((byte)0);
        (_h.Mem.Huge.ZeroUsers, _h.Count(MmCounter.ThpZeroPageAlloc), Mm.Space.Rss.AnonHuge).ShouldBe((2, 1UL, 0));
        Mm.PteOf(start).LeafFrame(PageSize.Size2M).ShouldBe(Mm.PteOf(start + Bytes).LeafFrame(PageSize.Size2M));

        Mm.Write(start + 9, 1);
        (_h.IsHuge(start), Mm.Space.Rss.AnonHuge, _h.Mem.Huge.ZeroUsers).ShouldBe((true, 1, 1));
        Mm.ShouldBeSound();

        Protect.Change(_h.Mem, Mm.Space, new ProtectRequest(start + Bytes, 4096, Prot.Read)).ShouldBe(Errno.None);
        _h.Mem.Huge.Zero.ShouldBeNull("the split leaf shows the small zeros");
        Mm.Read(start + Bytes + 5000).ShouldBe((byte)0);
        Mm.Write(start + Bytes + 5000, 3);
        Mm.ShouldBeSound();

        Unmap.Range(_h.Mem, Mm.Space, start, 2 * Bytes).ShouldBe(Errno.None);
        _h.Mem.Buddy.FreeCount.ShouldBe(free);
    }

    [Fact]
    public void Munmap_drops_it_whole_with_one_flush()
    {
        ulong free = _h.Mem.Buddy.FreeCount;
        VirtAddr start = _h.Filled(0);
        Mm.Flushes.Clear();

        Unmap.Range(_h.Mem, Mm.Space, start - Bytes, 3 * Bytes).ShouldBe(Errno.None);

        Mm.Flushes.Count.ShouldBe(1);
        _h.Mem.Buddy.FreeCount.ShouldBe(free);
        Mm.ShouldBeSound();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(511)]
    [InlineData(100)]
    public void Munmap_of_one_page_of_it_frees_one_frame(int page)
    {
        VirtAddr start = _h.Filled(0);
        ulong free = _h.Mem.Buddy.FreeCount;

        Unmap.Range(_h.Mem, Mm.Space, start + ((ulong)page * 4096), 4096).ShouldBe(Errno.None);

        (_h.Mem.Buddy.FreeCount - free, _h.Count(MmCounter.ThpSplitPage), Mm.Space.Rss.AnonHuge).ShouldBe((1UL, 1UL, 0));
        Mm.Read(start + ((ulong)(page ^ 1) * 4096)).ShouldBe((byte)0x41);
        Mm.ShouldBeSound();
    }

    [Fact]
    public void Mprotect_keeps_a_whole_one_and_splits_at_its_borders()
    {
        VirtAddr start = _h.Filled(0);
        Protect.Change(_h.Mem, Mm.Space, new ProtectRequest(start, Bytes, Prot.None)).ShouldBe(Errno.None);
        _h.IsHuge(start).ShouldBeTrue();
        Mm.Touch(start).Signal.Signal.ShouldBe(Signal.SIGSEGV);
        Mm.ShouldBeSound();

        Protect.Change(_h.Mem, Mm.Space, new ProtectRequest(start, Bytes, Prot.Read)).ShouldBe(Errno.None);
        Mm.Touch(start, AccessKind.Write).Signal.Signal.ShouldBe(Signal.SIGSEGV);
        Mm.Read(start + 0x1F_FFFF).ShouldBe((byte)0x41);

        Protect.Change(_h.Mem, Mm.Space, new ProtectRequest(start, Bytes, Prot.Read | Prot.Write)).ShouldBe(Errno.None);
        Mm.Write(start, 0x42);
        (_h.IsHuge(start), _h.Count(MmCounter.CowReuse)).ShouldBe((true, 1UL));

        Protect.Change(_h.Mem, Mm.Space, new ProtectRequest(start + 4096, 8192, Prot.Read)).ShouldBe(Errno.None);
        _h.IsHuge(start).ShouldBeFalse();
        Mm.Touch(start + 4096, AccessKind.Write).Signal.Signal.ShouldBe(Signal.SIGSEGV);
        Mm.Write(start + (3 * 4096), 0x43);
        Mm.ShouldBeSound();
    }

    [Fact]
    public void A_split_keeps_frames_rights_A_and_D_of_each_page()
    {
        VirtAddr start = _h.Filled(0);
        Pte leaf = Mm.PteOf(start);
        Mm.Flushes.Clear();

        _h.Advise(start + 4096, 1, Advice.DontFork).ShouldBe(Errno.None);

        for (ulong page = 0; page < Pages; page++)
        {
            Mm.PteOf(start + (page * 4096)).ShouldBe(new Pte((leaf.Raw & ~(ulong)PteBits.PS) + (page << 12)));
        }

        Mm.Flushes.ShouldHaveSingleItem().Stride.ShouldBe(PageSize.Size2M);
        _h.Count(MmCounter.CowBreak).ShouldBe(0UL);
        Mm.ShouldBeSound();
    }

    [Fact]
    public void Mremap_moves_whole_ones_whole_and_splits_when_the_offset_changes()
    {
        VirtAddr start = _h.Filled(0, 2);
        VirtAddr aligned = HugeHarness.Home + (8 * Bytes);
        Pfn first = _h.Head(start).Pfn;
        Move(start, Bytes, aligned);
        (_h.Head(aligned).Pfn, _h.Count(MmCounter.ThpSplitPage)).ShouldBe((first, 0UL));
        Mm.Read(aligned + 0x1F_FFFF).ShouldBe((byte)0x41);
        Mm.ShouldBeSound();

        Move(aligned, Bytes, aligned + (3 * Bytes) + 4096);
        _h.Count(MmCounter.ThpSplitPage).ShouldBe(1UL);
        Mm.PteOf(aligned + (3 * Bytes) + (2 * 4096)).Frame.ShouldBe(first + 1);
        Mm.ShouldBeSound();

        Move(start + Bytes + 4096, 4096, HugeHarness.Home + (20 * Bytes));
        Mm.Read(HugeHarness.Home + (20 * Bytes)).ShouldBe((byte)0x41);
        Mm.ShouldBeSound();
    }

    [Fact]
    public void After_fork_a_write_copies_one_page_and_the_last_owner_writes_on()
    {
        VirtAddr start = _h.Filled(0, 2);
        AddressSpace child = _h.Vrange.Fork();
        (_h.Head(start).MapCount, child.Rss.AnonHuge, child.SpareTables.Count).ShouldBe((2, 2, 2));
        Mm.ShouldBeSound();

        Mm.Write(start + 4096, 0x42);
        (_h.Count(MmCounter.CowBreak), _h.Count(MmCounter.ThpSplitPage), Mm.Space.Rss.AnonHuge, child.Rss.AnonHuge).ShouldBe((1UL, 1UL, 1, 1));
        Mm.Run(child);
        Mm.Read(start + 4096).ShouldBe((byte)0x41);
        Mm.Run(Mm.Space);
        Mm.ShouldBeSound();

        ExitSpace.TearDown(_h.Mem, child);
        Mm.Write(start + Bytes, 0x43);
        (_h.IsHuge(start + Bytes), _h.Count(MmCounter.CowBreak)).ShouldBe((true, 1UL));
        Mm.ShouldBeSound();
    }

    [Fact]
    public void Under_pressure_it_is_split_and_swapped_page_by_page_and_comes_back()
    {
        VirtAddr start = _h.Filled(0);
        Mm.Age().Age();
        Mm.Reclaim(40).ShouldBeGreaterThanOrEqualTo(40UL);

        (_h.Count(MmCounter.ThpSplitPage), _h.Count(MmCounter.PswpOut) >= 40, _h.Count(MmCounter.PswpOut) < 512).ShouldBe((1UL, true, true));
        Mm.ShouldBeSound();
        for (ulong page = 0; page < Pages; page++)
        {
            Mm.Read(start + (page * 4096)).ShouldBe((byte)0x41);
        }

        Mm.ShouldBeSound();
    }

    [Fact]
    public void Without_swap_it_stays_huge()
    {
        using HugeHarness h = new(swapPages: 0);
        VirtAddr start = h.Filled(0);
        h.Mm.Age().Age();
        h.Mm.Reclaim(40).ShouldBe(0UL);
        h.IsHuge(start).ShouldBeTrue();
        h.Mm.ShouldBeSound();
    }

    [Fact]
    public void Mlock_keeps_a_whole_one_huge_and_splits_for_a_part()
    {
        VirtAddr start = _h.Filled(0, 2);
        MemoryLock.Range(_h.Mem, Mm.Space, start, Bytes).ShouldBe(Errno.None);
        _h.Head(start).Has(PageFlags.Unevictable).ShouldBeTrue();
        MemoryLock.Range(_h.Mem, Mm.Space, start + Bytes, 4096).ShouldBe(Errno.None);
        _h.IsHuge(start + Bytes).ShouldBeFalse();
        Mm.Age().Age().ReclaimAll();

        _h.IsHuge(start).ShouldBeTrue();
        Mm.PteOf(start + Bytes).Present.ShouldBeTrue();
        Mm.PteOf(start + Bytes + 4096).Present.ShouldBeFalse();
        Mm.ShouldBeSound();
    }

    [Fact]
    public void It_is_in_memory_page_by_page()
    {
        VirtAddr start = _h.Map(0, 3) + Bytes;
        Mm.Write(start, 1);
        Mincore.Of(_h.Mem, Mm.Space, start - 4096, (Pages + 2) * 4096).Ok(out byte[]? pages, out _).ShouldBeTrue();
        pages.ShouldBe([0, .. Enumerable.Repeat((byte)1, (int)Pages), 0]);
    }

    [Fact]
    public void Cold_keeps_it_huge_and_pageout_takes_it_to_pieces()
    {
        VirtAddr start = _h.Filled(0);
        _h.Advise(start, Pages, Advice.Cold).ShouldBe(Errno.None);
        (_h.IsHuge(start), Mm.PteOf(start).Has(PteBits.A), _h.Head(start).Has(PageFlags.Active)).ShouldBe((true, false, false));

        _h.Advise(start, Pages, Advice.PageOut).ShouldBe(Errno.None);
        (_h.Count(MmCounter.PswpOut), _h.Count(MmCounter.ThpSplitPage)).ShouldBe((512UL, 1UL));
        Mm.Read(start + 0x1F_FFFF).ShouldBe((byte)0x41);
        Mm.ShouldBeSound();
    }

    [Fact]
    public void Populate_takes_huge_pages_and_small_ones_at_the_ends()
    {
        VirtAddr at = HugeHarness.Home + (4 * Bytes) - 8192;
        Mm.Map(Pages + 4, at: at.Raw, flags: MapFlags.Private | MapFlags.Anonymous | MapFlags.Populate);

        (Mm.Space.Rss.AnonHuge, _h.Count(MmCounter.ThpFaultAlloc)).ShouldBe((1, 1UL));
        (_h.IsHuge(at), _h.IsHuge(at + 8192), _h.IsHuge(at + 8192 + Bytes)).ShouldBe((false, true, false));
        Mm.ShouldBeSound();
    }

    [Fact]
    public void Collapse_makes_one_of_small_pages_and_holes_and_keeps_their_table_to_split()
    {
        VirtAddr start = _h.Small(0);
        _h.Advise(start + (9 * 4096), 3, Advice.DontNeed).ShouldBe(Errno.None);
        long tables = Mm.Space.Rss.Tables;
        ulong free = _h.Mem.Buddy.FreeCount;

        _h.Advise(start, Pages, Advice.Collapse).ShouldBe(Errno.None);

        (_h.IsHuge(start), Mm.Space.Rss.Tables, _h.Mem.Buddy.FreeCount).ShouldBe((true, tables, free - 3));
        (Mm.Read(start), Mm.Read(start + (10 * 4096)), Mm.Read(start + 0x1F_FFFF)).ShouldBe(((byte)0x41, (byte)0, (byte)0x41));
        Mm.ShouldBeSound();
        _h.Advise(start, 1, Advice.DontNeed).ShouldBe(Errno.None);
        Mm.ShouldBeSound();
        _h.Advise(start, Pages, Advice.NoHugePage).ShouldBe(Errno.None);
        _h.Advise(start, Pages, Advice.Collapse).ShouldBe(Errno.EINVAL);
        _h.Advise(start + 4096, 511, Advice.Collapse).ShouldBe(Errno.EINVAL);
    }

    [Fact]
    public void Collapse_leaves_shared_pages_alone()
    {
        VirtAddr start = _h.Small(0);
        _ = _h.Vrange.Fork();
        _h.Advise(start, Pages, Advice.Collapse).ShouldBe(Errno.EAGAIN);
        _h.IsHuge(start).ShouldBeFalse();
        Mm.ShouldBeSound();
    }

    [Fact]
    public void The_invariants_tell_of_a_leaf_that_nobody_counts()
    {
        VirtAddr start = _h.Map(0);
        using (TlbGather gather = _h.Mem.Gathers.Take(Mm.Space.Tag))
        {
            TableCursor cursor = _h.Mem.Editor.Over(Mm.Space.Tables, default);
            MmuEmu.Kernel.Memory.SpaceTables.Make(_h.Mem, Mm.Space, ref cursor, start, PageSize.Size2M).ShouldBe(Descent.Found);
            _h.Mem.Editor.Write(cursor.Current, Pte.Of(new Pfn(0x400), PteBits.P | PteBits.US | PteBits.RW | PteBits.PS), gather);
        }

        IReadOnlyList<string> found = MmInvariants.Check(_h.Mem);
        found.ShouldContain(text => text.Contains("no spare table"));
        found.ShouldContain(text => text.Contains("no such huge page"));
    }

    private void Move(VirtAddr from, ulong bytes, VirtAddr to)
    {
        RemapRequest request = new(from, bytes, bytes, RemapFlags.MayMove | RemapFlags.Fixed, to);
        RemapVerb.Move(_h.Mem, Mm.Space, request).Ok(out VirtAddr at, out Errno errno).ShouldBeTrue($"{errno}");
        at.ShouldBe(to);
    }
}
