using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.UserCopy;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.LazyFree;

/// <summary>What a program sees of lazily freed pages, alone and after fork.</summary>
public sealed class FreeProgramTests : IDisposable
{
    private const ulong Page = 4096;
    private readonly MmHarness _mm = new();

    [Fact, Spec("F-090")]
    public void Without_pressure_using_the_page_again_costs_no_fault_no_frame_and_no_zeroing()
    {
        VirtAddr start = Freed(4);
        (ulong faults, ulong frames, ulong zeroed) = Costs();

        for (ulong page = 0; page < 4; page++)
        {
            _ = _mm.Write(start + (page * Page), 1);
        }

        Costs().ShouldBe((faults, frames, zeroed));
        _mm.PteOf(start).Has(MmuEmu.Emulator.Paging.PteBits.D).ShouldBeTrue();
    }

    [Fact, Spec("F-091")]
    public void After_DONTNEED_each_page_costs_a_fault_a_frame_and_a_zeroing()
    {
        VirtAddr start = Filled(4);
        _ = _mm.Advise(start, 4, Advice.DontNeed);
        (ulong faults, ulong frames, ulong zeroed) = Costs();

        for (ulong page = 0; page < 4; page++)
        {
            _ = _mm.Write(start + (page * Page), 1);
        }

        Costs().ShouldBe((faults + 4, frames + 4, zeroed + 4));
    }

    [Fact, Spec("F-092")]
    public void Without_pressure_the_old_bytes_are_read() => _mm.Read(Freed(1)).ShouldBe((byte)'a');

    [Fact, Spec("F-093")]
    public void After_the_discard_all_4096_bytes_are_zero()
    {
        VirtAddr start = Freed(1);
        _ = _mm.ReclaimAll();

        _mm.ReadPage(start).ShouldAllBe(value => value == 0);
    }

    [Fact, Spec("F-094")]
    public void A_write_before_the_pressure_saves_the_whole_page()
    {
        VirtAddr start = Freed(1);
        _ = _mm.Write(start, (byte)'b').ReclaimAll();
        _ = _mm.Age().Age().ReclaimAll();

        byte[] page = _mm.ReadPage(start);
        page[0].ShouldBe((byte)'b');
        page.Skip(1).ShouldAllBe(value => value == 'a');
    }

    [Fact, Spec("F-095", "F-098")]
    public void A_write_after_the_discard_finds_zeros_around_it_and_raises_no_signal()
    {
        VirtAddr start = Freed(1);
        _ = _mm.ReclaimAll();

        byte[] page = _mm.Write(start, (byte)'b').ReadPage(start);

        page[0].ShouldBe((byte)'b');
        page.Skip(1).ShouldAllBe(value => value == 0);
    }

    [Fact, Spec("F-096", "F-097", "F-098")]
    public void Every_look_finds_a_page_whole_old_or_whole_zero_and_it_turns_once_at_most()
    {
        // Given freed pages on a machine that comes under pressure bit by bit
        using MmHarness mm = new(new MmOptions { Cpus = 2, Profile = new KernelProfile { MadvFree = MadvFreeVersion.Linux45 } });
        VirtAddr start = mm.Map(32);
        mm.Fill(start, 32, (byte)'a');
        _ = mm.Advise(start, 32, Advice.Free);
        byte[] last = Enumerable.Repeat((byte)'a', 32).ToArray();
        int turned = 0;

        // When somebody looks again and again
        for (int round = 0; round < 40; round++)
        {
            for (int page = 0; page < 32; page++)
            {
                byte[] seen = mm.ReadPage(start + ((ulong)page * Page), cpu: round % 2);
                seen.AsSpan().ContainsAnyExcept(seen[0]).ShouldBeFalse();
                (seen[0] == last[page] || (last[page] == 'a' && seen[0] == 0)).ShouldBeTrue($"page {page} went from {last[page]} to {seen[0]}");
                turned += seen[0] == last[page] ? 0 : 1;
                last[page] = seen[0];
            }

            _ = mm.Age().Reclaim(2);
        }

        // Then some have turned
        turned.ShouldBeGreaterThan(0);
    }

    [Fact, Spec("F-099")]
    public void Under_pressure_pages_written_since_survive_and_every_other_is_old_or_zero()
    {
        using MmHarness mm = new(new MmOptions { RamBytes = 2UL << 20, SwapPages = 512 });
        VirtAddr start = mm.Map(128);
        mm.Fill(start, 128, (byte)'a');
        _ = mm.Advise(start, 128, Advice.Free);
        _ = mm.Write(start, (byte)'b').Write(start + (10 * Page), (byte)'b');

        VirtAddr pressure = mm.Map(600);
        for (ulong page = 0; page < 600 && mm.Count(MmCounter.PgLazyFreed) == 0; page++)
        {
            mm.Fill(pressure + (page * Page), 1, 1);
        }

        mm.Count(MmCounter.PgLazyFreed).ShouldBeGreaterThan(0UL);
        for (ulong page = 0; page < 128; page++)
        {
            byte[] seen = mm.ReadPage(start + (page * Page));
            bool written = page is 0 or 10;
            (seen[0], seen[4095]).ShouldBe(written ? ((byte)'b', (byte)'a') : (seen[0] == 0 ? ((byte)0, (byte)0) : ((byte)'a', (byte)'a')));
        }
    }

    [Fact, Spec("F-100")]
    public void DONTNEED_on_a_freed_page_drops_it_at_once()
    {
        VirtAddr start = Freed(1);
        PageFrame frame = _mm.FrameAt(start);

        _ = _mm.Advise(start, 1, Advice.DontNeed);

        (_mm.Mem.Buddy.IsFree(frame.Pfn), _mm.Mem.Lru.LazyFreeCount).ShouldBe((true, 0));
        _mm.Read(start).ShouldBe((byte)0);
    }

    [Fact, Spec("F-101")]
    public void Unmapping_and_exit_free_the_frames_without_any_swapping()
    {
        VirtAddr start = Freed(2);
        ulong free = _mm.Mem.Buddy.FreeCount;
        _ = Unmap.Range(_mm.Mem, _mm.Space, start, Page);
        _mm.Mem.Buddy.FreeCount.ShouldBe(free + 1);

        ExitSpace.TearDown(_mm.Mem, _mm.Space);

        (_mm.Count(MmCounter.PswpOut), _mm.Mem.Lru.LazyFreeCount).ShouldBe((0UL, 0));
        _mm.ShouldBeSound();
    }

    [Fact, Spec("F-102")]
    public void A_store_of_the_kernel_saves_the_page_like_one_of_the_program()
    {
        VirtAddr start = Freed(1);

        new UserMemory(_mm.Mem, _mm.Mmu()) { Space = _mm.Space }.TryWriteUInt32(start.Raw, 0x6262_6262).ShouldBeTrue();
        _ = _mm.ReclaimAll();

        byte[] page = _mm.ReadPage(start);
        (page[0], page[3], page[4]).ShouldBe(((byte)'b', (byte)'b', (byte)'a'));
    }

    [Fact, Spec("F-103")]
    public void A_freed_page_that_became_read_only_is_discarded()
    {
        VirtAddr start = Freed(1);
        _ = Protect.Change(_mm.Mem, _mm.Space, new ProtectRequest(start, Page, Prot.Read));

        _mm.Reclaim(1).ShouldBe(1UL);
        _mm.Read(start).ShouldBe((byte)0);
    }

    [Fact, Spec("F-110", "F-111")]
    public void After_fork_the_parents_call_cleans_its_own_entry_and_the_childs_data_survive()
    {
        VirtAddr start = Filled(1);
        AddressSpace child = _mm.Fork();
        ulong childs = _mm.PteOf(start, child).Raw;

        _ = _mm.Advise(start, 1, Advice.Free);
        _mm.PteOf(start, child).Raw.ShouldBe(childs);
        _ = _mm.Age().Age().ReclaimAll();

        byte parents = _mm.Read(start);
        (parents is 0 or (byte)'a').ShouldBeTrue();
        _mm.Run(child).ReadPage(start).ShouldAllBe(value => value == 'a');
        _mm.ShouldBeSound();
    }

    [Fact, Spec("F-112")]
    public void A_childs_data_that_live_in_swap_or_in_the_page_alone_are_not_lost_by_the_parents_call()
    {
        // Given a page that came back from swap, read only, and was then shared by fork
        VirtAddr start = Filled(1);
        _ = _mm.SwapAll().Read(start);
        AddressSpace child = _mm.Fork();
        _mm.PteOf(start, child).Has(MmuEmu.Emulator.Paging.PteBits.D).ShouldBeFalse();

        // When the parent frees it and memory is short
        _ = _mm.Advise(start, 1, Advice.Free);
        _ = _mm.Age().Age().ReclaimAll();

        // Then the child has its data
        _mm.Run(child).ReadPage(start).ShouldAllBe(value => value == 'a');
        _mm.ShouldBeSound();
    }

    [Fact, Spec("F-112")]
    public void A_shared_page_whose_slot_is_gone_is_known_to_be_dirty_and_is_not_lost_either()
    {
        VirtAddr start = Filled(1);
        _ = _mm.SwapAll().Read(start);
        PageFrame frame = _mm.FrameAt(start);
        frame.TryLock().ShouldBeTrue();
        MmuEmu.Kernel.Memory.SwapCacheRules.TryFreeSlot(_mm.Mem, frame).ShouldBeTrue();
        frame.Unlock();
        AddressSpace child = _mm.Fork();

        _ = _mm.Advise(start, 1, Advice.Free);
        frame.Mapping.IsLazyFree.ShouldBeFalse();
        _ = _mm.Age().Age().ReclaimAll();

        _mm.Run(child).ReadPage(start).ShouldAllBe(value => value == 'a');
    }

    [Fact, Spec("F-114")]
    public void After_the_call_and_fork_the_writers_copy_is_ordinary_and_the_childs_page_may_go()
    {
        VirtAddr start = Freed(1);
        AddressSpace child = _mm.Fork();
        _mm.Write(start, (byte)'b');

        _mm.FrameAt(start).Mapping.IsLazyFree.ShouldBeFalse();
        _mm.FrameAt(start, child).Mapping.IsLazyFree.ShouldBeTrue();
        _mm.Reclaim(1).ShouldBe(1UL);

        _mm.Read(start).ShouldBe((byte)'b');
        _mm.KindOf(start, child).ShouldBe(SoftPteKind.None);
        _mm.Run(child).ReadPage(start).ShouldAllBe(value => value == 0);
        _mm.ShouldBeSound();
    }

    [Fact, Spec("F-115")]
    public void When_the_child_is_gone_the_parents_write_reuses_the_page_and_saves_it()
    {
        VirtAddr start = Freed(1);
        ExitSpace.TearDown(_mm.Mem, _mm.Fork());
        PageFrame frame = _mm.FrameAt(start);

        _ = _mm.Write(start, (byte)'b').ReclaimAll();

        _mm.FrameAt(start).ShouldBeSameAs(frame);
        byte[] page = _mm.ReadPage(start);
        (page[0], page[1]).ShouldBe(((byte)'b', (byte)'a'));
    }

    public void Dispose() => _mm.Dispose();

    private VirtAddr Filled(ulong pages)
    {
        VirtAddr start = _mm.Map(pages);
        _mm.Fill(start, pages, (byte)'a');
        return start;
    }

    private VirtAddr Freed(ulong pages)
    {
        VirtAddr start = Filled(pages);
        _mm.Advise(start, pages, Advice.Free).ShouldBe(Errno.None);
        return start;
    }

    private (ulong Faults, ulong Frames, ulong Zeroed) Costs() =>
        (_mm.Count(MmCounter.PgFault), _mm.Count(MmCounter.PgAlloc), _mm.Count(MmCounter.PgZeroed));
}
