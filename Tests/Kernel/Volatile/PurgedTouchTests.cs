using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Tables;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Volatile;

public sealed class PurgedTouchTests : IDisposable
{
    private const ulong Page = 4096;
    private readonly VrangeHarness _h = new();

    [Theory, Spec("V-080", "V-081", "V-082")]
    [InlineData(AccessKind.Read, 0)]
    [InlineData(AccessKind.Write, 0x123)]
    [InlineData(AccessKind.Fetch, 0xFFF)]
    public void Any_touch_of_a_purged_page_is_SIGBUS_at_the_exact_byte(AccessKind kind, int offset)
    {
        VirtAddr start = _h.Mm.Map(1, Prot.Read | Prot.Write | Prot.Exec);
        _h.Mm.Fill(start, 1, 1);
        _ = _h.Mark(start, 1);
        _ = _h.Purge(start, 1);

        VirtAddr at = start + (ulong)offset;
        _h.Mm.Touch(at, kind).ShouldBeBusErrorAt(at);
        _h.IsPurged(start).ShouldBeTrue();
    }

    [Fact, Spec("V-084")]
    public void A_touch_that_nobody_repaired_is_SIGBUS_again_and_again()
    {
        VirtAddr start = _h.FilledAndVolatile(1);
        _ = _h.Purge(start, 1);

        for (int i = 0; i < 3; i++)
        {
            _h.Mm.Touch(start + 8).ShouldBeBusErrorAt(start + 8);
        }
    }

    [Fact, Spec("V-085", "V-087")]
    public void Unmarking_and_filling_again_repairs_the_page()
    {
        // Given a purged page that was touched in its middle
        VirtAddr start = _h.FilledAndVolatile(1);
        _ = _h.Purge(start, 1);
        VirtAddr at = start + 0x777;
        VirtAddr reported = _h.Mm.Touch(at).Signal.Address;

        // When the handler aligns si_addr, unmarks and writes the data again
        _h.Keep(reported.PageBase, 1).ShouldBe(new VrangeAnswer(4096, 1));
        _h.Mm.Write(at, 0x5A);

        // Then the access goes through and finds it
        _h.Mm.Read(at).ShouldBe((byte)0x5A);
    }

    [Fact, Spec("V-086")]
    public void After_unmarking_a_purged_page_reads_as_zeros_and_never_as_its_old_data()
    {
        VirtAddr start = _h.FilledAndVolatile(1);
        _ = _h.Purge(start, 1);
        _ = _h.Keep(start, 1);

        _h.Mm.ReadPage(start).ShouldAllBe(value => value == 0);
    }

    [Fact, Spec("V-088", Profile = "v10")]
    public void Unmarking_leaves_the_purged_entries_and_the_next_touch_drops_them()
    {
        VirtAddr start = _h.FilledAndVolatile(2);
        _ = _h.Purge(start, 2);

        _ = _h.Keep(start, 2);
        _h.Picture(start, 2).ShouldBe("PP");

        Touched touched = _h.Mm.Touch(start, AccessKind.Write);
        (touched.Ok, touched.Faults).ShouldBe((true, 2));
        _h.Picture(start, 2).ShouldBe(".P");
    }

    [Fact, Spec("V-089")]
    public void A_volatile_page_that_was_not_purged_is_read_and_written_without_a_fault()
    {
        VirtAddr start = _h.FilledAndVolatile(1);

        _h.Mm.Touch(start).Faults.ShouldBe(0);
        _h.Mm.Touch(start, AccessKind.Write).Faults.ShouldBe(0);
        _h.Tree.Count.ShouldBe(1);
    }

    [Fact, Spec("V-090")]
    public void Writing_does_not_save_a_volatile_page_from_the_purge()
    {
        VirtAddr start = _h.FilledAndVolatile(1);
        _h.Mm.Write(start, 99);

        _h.Mm.Reclaim(1).ShouldBe(1UL);

        _h.Mm.Touch(start).ShouldBeBusErrorAt(start);
    }

    [Fact, Spec("V-091")]
    public void A_page_of_a_purged_range_that_was_never_filled_reads_as_zeros()
    {
        VirtAddr start = _h.Mm.Map(2);
        _h.Mm.Fill(start, 1, 1);
        _ = _h.Mark(start, 2);
        _h.Purge(start, 2).ShouldBe(1UL);

        _h.Tree[0].Purged.ShouldBeTrue();
        _h.Mm.Read(start + Page).ShouldBe((byte)0);
    }

    [Fact, Spec("V-092")]
    public void A_page_of_a_purged_range_that_survived_has_its_data()
    {
        VirtAddr start = _h.FilledAndVolatile(2);
        _ = _h.Purge(start, 1);

        _h.Tree[0].Purged.ShouldBeTrue();
        _h.Mm.Read(start + Page).ShouldBe((byte)'B');
    }

    [Fact, Spec("V-096", Profile = "v10")]
    public void A_stale_purged_entry_in_a_fresh_volatile_range_is_dropped_and_reads_as_zero()
    {
        VirtAddr start = _h.FilledAndVolatile(2);
        _ = _h.Purge(start, 1);
        _ = _h.Keep(start, 2);
        _ = _h.Mark(start, 2);

        _h.Mm.Read(start).ShouldBe((byte)0);
        _h.Keep(start, 2).Purged.ShouldBe(0);
    }

    [Fact, Spec("V-097")]
    public void A_stale_purged_entry_is_SIGBUS_again_once_another_page_of_the_fresh_range_was_purged()
    {
        VirtAddr start = _h.FilledAndVolatile(2);
        _ = _h.Purge(start, 1);
        _ = _h.Keep(start, 2);
        _ = _h.Mark(start, 2);
        _h.Purge(start + Page, 1).ShouldBe(1UL);

        _h.Mm.Touch(start).ShouldBeBusErrorAt(start);
    }

    [Fact, Spec("V-098")]
    public void Unmarking_one_page_of_a_purged_range_frees_that_page_alone()
    {
        VirtAddr start = _h.FilledAndVolatile(4);
        _h.Purge(start, 4).ShouldBe(4UL);

        _ = _h.Keep(start + Page, 1);

        _h.Mm.Read(start + Page).ShouldBe((byte)0);
        foreach (ulong page in (ulong[])[0, 2, 3])
        {
            _h.Mm.Touch(start + (page * Page)).ShouldBeBusErrorAt(start + (page * Page));
        }
    }

    [Fact, Spec("V-100", Profile = "v10")]
    public void The_last_byte_of_an_unmarked_page_is_not_taken_for_its_purged_neighbour()
    {
        VirtAddr start = _h.FilledAndVolatile(2);
        _h.Purge(start, 2).ShouldBe(2UL);
        _ = _h.Keep(start, 1);

        _h.Mm.Read(start + 0xFFF).ShouldBe((byte)0);
    }

    [Theory, Spec("V-094")]
    [InlineData(Prot.None, AccessKind.Read)]
    [InlineData(Prot.Read, AccessKind.Write)]
    public void Access_rights_are_judged_before_the_purge(Prot prot, AccessKind kind)
    {
        VirtAddr start = _h.FilledAndVolatile(1);
        _ = _h.Purge(start, 1);
        _h.Mm.VmaAt(start).Flags = (_h.Mm.VmaAt(start).Flags & ~MmuEmu.Kernel.Vmas.VmFlagsOps.Access) | MmuEmu.Kernel.Vmas.VmFlagsOps.ToVmFlags(prot);

        _h.Mm.Touch(start, kind).Signal.ShouldBe(new SigInfo(Signal.SIGSEGV, SigCode.SegvAccErr, start));
    }

    [Fact]
    public void The_shared_zero_page_is_never_purged()
    {
        VirtAddr start = _h.Mm.Map(1);
        _ = _h.Mm.Read(start);
        _ = _h.Mark(start, 1);

        _h.Purge(start, 1).ShouldBe(0UL);
        _h.Mm.KindOf(start).ShouldBe(SoftPteKind.Present);
        _h.Mm.PteOf(start).Has(PteBits.P).ShouldBeTrue();
    }

    public void Dispose() => _h.Dispose();
}
