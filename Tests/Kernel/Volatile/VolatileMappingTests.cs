using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.UserCopy;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Volatile;

/// <summary>What becomes of ranges and purged entries when mappings change.</summary>
public sealed class VolatileMappingTests : IDisposable
{
    private const ulong Page = 4096;
    private readonly VrangeHarness _h = new();

    [Fact, Spec("V-179", Profile = "v10")]
    public void Unmapping_takes_the_ranges_away_with_the_mapping()
    {
        VirtAddr start = _h.FilledAndVolatile(4);

        Unmap.Range(_h.Mm.Mem, _h.Space, start + Page, 2 * Page).ShouldBe(Errno.None);

        _h.Ranges(start).ShouldBe("0+1 3+1");
    }

    [Fact]
    public void An_unmapping_that_fails_leaves_the_ranges_alone()
    {
        VirtAddr start = _h.FilledAndVolatile(4);
        _h.Space.Limits = _h.Space.Limits with { MapCount = _h.Space.Vmas.Count };

        Unmap.Range(_h.Mm.Mem, _h.Space, start + Page, 2 * Page).ShouldBe(Errno.ENOMEM);

        _h.Ranges(start).ShouldBe("0+4");
    }

    [Fact, Spec("V-180", "V-182")]
    public void New_memory_at_a_purged_address_is_zero_nonvolatile_and_knows_of_no_loss()
    {
        VirtAddr start = _h.FilledAndVolatile(2);
        _ = _h.Purge(start, 2);
        _ = Unmap.Range(_h.Mm.Mem, _h.Space, start, 2 * Page);
        _ = _h.Mm.Map(2, at: start.Raw);

        _h.Mm.Read(start).ShouldBe((byte)0);
        _h.Mm.Fill(start, 2, 5);
        _h.Purge(start, 2).ShouldBe(0UL);
        _h.Keep(start, 2).ShouldBe(new VrangeAnswer(2 * 4096, 0));
    }

    [Fact, Spec("V-181", "V-182")]
    public void Mapping_over_the_middle_of_a_purged_range_clears_that_part_alone()
    {
        VirtAddr start = _h.FilledAndVolatile(4);
        _ = _h.Purge(start, 4);

        _ = _h.Mm.Map(2, at: (start + Page).Raw);

        _h.Ranges(start).ShouldBe("0+1! 3+1!");
        _h.Mm.Read(start + Page).ShouldBe((byte)0);
        _h.Mm.Touch(start + (3 * Page)).ShouldBeBusErrorAt(start + (3 * Page));
        _h.Keep(start + Page, 2).Purged.ShouldBe(0);
    }

    [Fact, Spec("V-184", Profile = "v10")]
    public void A_heap_that_shrank_and_grew_again_is_not_volatile()
    {
        (_h.Space.BrkStart, _h.Space.Brk) = (new VirtAddr(0x80_0000), new VirtAddr(0x80_0000));
        _ = Brk.Set(_h.Mm.Mem, _h.Space, new VirtAddr(0x80_4000));
        _h.Mm.Fill(new VirtAddr(0x80_0000), 4, 1);
        _ = _h.Mark(new VirtAddr(0x80_0000), 4);
        _ = _h.Purge(new VirtAddr(0x80_0000), 4);

        _ = Brk.Set(_h.Mm.Mem, _h.Space, new VirtAddr(0x80_1000));
        _ = Brk.Set(_h.Mm.Mem, _h.Space, new VirtAddr(0x80_4000));

        _h.Ranges(new VirtAddr(0x80_0000)).ShouldBe("0+1!");
        _h.Mm.Read(new VirtAddr(0x80_2000)).ShouldBe((byte)0);
    }

    [Fact, Spec("V-185", Profile = "v10")]
    public void Volatility_and_loss_move_with_the_mapping()
    {
        // Given four volatile pages, one purged, the last not volatile
        VirtAddr start = _h.Filled(5);
        _ = _h.Mark(start, 4);
        _ = _h.Purge(start + Page, 1);

        // When they are moved
        VirtAddr to = new(0x2000_0000);
        RemapRequest request = new(start, 5 * Page, 5 * Page, RemapFlags.MayMove | RemapFlags.Fixed, to);
        Remap.Move(_h.Mm.Mem, _h.Space, request).Ok(out _, out Errno errno).ShouldBeTrue($"{errno}");

        // Then all that was true of the old place is true of the new one
        (_h.Ranges(to), _h.Picture(to, 5)).ShouldBe(("0+4!", ".P..."));
        _h.Mm.Read(to).ShouldBe((byte)'A');
        _h.Mm.Touch(to + Page).ShouldBeBusErrorAt(to + Page);
        _h.Purge(to, 5).ShouldBe(3UL);
        _h.Keep(to, 5).Purged.ShouldBe(1);
        _h.Mm.ShouldBeSound();
    }

    [Fact, Spec("V-075")]
    public void Mprotect_leaves_a_purged_entry_as_it_is()
    {
        VirtAddr start = _h.FilledAndVolatile(1);
        _ = _h.Purge(start, 1);

        foreach (Prot prot in (Prot[])[Prot.None, Prot.Read, Prot.Read | Prot.Write])
        {
            Protect.Change(_h.Mm.Mem, _h.Space, new ProtectRequest(start, Page, prot)).ShouldBe(Errno.None);
            _h.Mm.PteOf(start).ShouldBe(new Pte(0x3E));
        }
    }

    [Fact, Spec("V-073")]
    public void Mincore_reports_a_purged_page_as_absent()
    {
        VirtAddr start = _h.FilledAndVolatile(3);
        _ = _h.Purge(start + Page, 1);

        Mincore.Of(_h.Mm.Mem, _h.Space, start, 3 * Page).Ok(out byte[]? pages, out _).ShouldBeTrue();

        pages.ShouldBe([1, 0, 1]);
    }

    [Fact, Spec("V-160")]
    public void A_locked_range_is_purgeable_again_after_munlock()
    {
        VirtAddr start = _h.FilledAndVolatile(2);

        MemoryLock.Range(_h.Mm.Mem, _h.Space, start, 2 * Page).ShouldBe(Errno.None);
        _h.Mm.Reclaim(2);
        _h.Picture(start, 2).ShouldBe("..");

        MemoryLock.Release(_h.Mm.Mem, _h.Space, start, 2 * Page).ShouldBe(Errno.None);
        _h.Purge(start, 2).ShouldBe(2UL);
    }

    [Fact, Spec("V-093")]
    public void The_kernel_meets_a_purged_page_with_EFAULT_or_a_short_count_and_without_a_signal()
    {
        VirtAddr start = _h.FilledAndVolatile(2);
        _ = _h.Purge(start + Page, 1);
        UserMemory user = new(_h.Mm.Mem, _h.Mm.Mmu()) { Space = _h.Space };
        byte[] buffer = new byte[(int)Page * 2];

        user.ReadUpTo(start.Raw, buffer).ShouldBe(4096);
        user.WriteUpTo((start + Page).Raw, buffer).ShouldBe(0);
        user.TryWrite((start + Page).Raw, buffer).ShouldBeFalse();
        user.TryReadUInt32((start + Page).Raw, out _).ShouldBeFalse();
    }

    public void Dispose() => _h.Dispose();
}
