using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Syscalls;
using MmuEmu.Kernel.Volatile;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Volatile;

public sealed class VrangeCallTests : IDisposable
{
    private const ulong Page = 4096;
    private readonly VrangeHarness _h = new();

    [Fact, Spec("V-013", "V-017")]
    public void Marking_returns_the_length_and_stores_0_over_whatever_the_word_held()
    {
        VirtAddr start = _h.Filled(3);
        _h.Mm.Write(_h.Word, 7);

        _h.Vrange(start, 3 * Page, VrangeMode.Volatile).ShouldBe(new VrangeAnswer(3 * 4096, 0));
    }

    [Fact, Spec("V-014")]
    public void Unmarking_what_was_never_volatile_returns_the_length_and_no_loss() =>
        _h.Keep(_h.Filled(3), 3).ShouldBe(new VrangeAnswer(3 * 4096, 0));

    [Fact, Spec("V-015")]
    public void Unmarking_before_any_purge_reports_no_loss_and_the_data_is_there()
    {
        VirtAddr start = _h.FilledAndVolatile(2);

        _h.Keep(start, 2).ShouldBe(new VrangeAnswer(2 * 4096, 0));
        (_h.Mm.Read(start), _h.Mm.Read(start + Page)).ShouldBe(((byte)'A', (byte)'B'));
    }

    [Fact, Spec("V-016")]
    public void Unmarking_after_one_page_was_purged_reports_the_loss()
    {
        VirtAddr start = _h.FilledAndVolatile(4);
        _h.Purge(start + (2 * Page), 1).ShouldBe(1UL);

        _h.Keep(start, 4).ShouldBe(new VrangeAnswer(4 * 4096, 1));
    }

    [Fact, Spec("V-018")]
    public void A_null_word_is_not_stored_to_and_the_call_works_in_both_modes()
    {
        VirtAddr start = _h.Filled(1);

        _h.Raw(start, Page, VrangeMode.Volatile, default).ShouldBe(4096);
        _h.Tree.Count.ShouldBe(1);
        _h.Raw(start, Page, VrangeMode.NonVolatile, default).ShouldBe(4096);
        _h.Tree.Count.ShouldBe(0);
    }

    [Fact, Spec("V-019")]
    public void Unmarking_twice_the_range_counts_the_unmarked_part_too()
    {
        VirtAddr start = _h.Filled(4);
        _h.Mark(start, 2).ShouldBe(2 * 4096);

        _h.Keep(start, 4).ShouldBe(new VrangeAnswer(4 * 4096, 0));
    }

    [Fact, Spec("V-020")]
    public void Marking_part_of_a_purged_range_again_succeeds_and_keeps_the_purged_mark()
    {
        VirtAddr start = _h.FilledAndVolatile(4);
        _ = _h.Purge(start, 1);

        _h.Mark(start + Page, 2).ShouldBe(2 * 4096);

        _h.Tree.Count.ShouldBe(1);
        _h.Tree[0].Purged.ShouldBeTrue();
    }

    [Fact, Spec("V-011")]
    public void Exactly_four_bytes_are_stored_also_when_the_word_is_not_aligned()
    {
        VirtAddr start = _h.FilledAndVolatile(1);
        _ = _h.Purge(start, 1);

        _h.Raw(start, Page, VrangeMode.NonVolatile, _h.Word + 5).ShouldBe(4096);

        _h.Mm.ReadPage(_h.Word)[..12].ShouldBe([0, 0, 0, 0, 0xCC, 1, 0, 0, 0, 0xCC, 0xCC, 0xCC]);
    }

    [Fact, Spec("V-012")]
    public void Three_gibibytes_are_counted_in_full()
    {
        VirtAddr start = _h.Mm.Map(3UL << 18, flags: MapFlags.Private | MapFlags.Anonymous | MapFlags.NoReserve);

        _h.Mark(start, 3UL << 18).ShouldBe(0xC000_0000);
    }

    [Fact, Spec("V-024")]
    public void A_loss_in_the_first_of_two_mappings_is_reported_though_the_second_is_intact()
    {
        VirtAddr start = _h.Mm.Map(1, at: 0x1000_0000);
        _ = _h.Mm.Map(1, Prot.Read, at: 0x1000_1000);
        _h.Mm.Fill(start, 1, 1);
        _h.Mark(start, 2).ShouldBe(2 * 4096);
        _h.Tree.Count.ShouldBe(2);
        _h.Purge(start, 2).ShouldBe(1UL);

        _h.Keep(start, 2).ShouldBe(new VrangeAnswer(2 * 4096, 1));
    }

    [Fact, Spec("V-025", "V-042")]
    public void A_refused_argument_leaves_the_word_and_all_volatility_as_they_were()
    {
        VirtAddr start = _h.FilledAndVolatile(2);

        _h.Raw(start + 1, Page, VrangeMode.NonVolatile, _h.Word).ShouldBe(-(long)Errno.EINVAL);
        _h.Raw(start, 0, VrangeMode.NonVolatile, _h.Word).ShouldBe(-(long)Errno.EINVAL);
        _h.Raw(start, Page, (VrangeMode)2, _h.Word).ShouldBe(-(long)Errno.EINVAL);

        _h.Mm.Read(_h.Word).ShouldBe((byte)0);
        _h.Tree[0].Bytes.LengthBytes.ShouldBe(2 * Page);
    }

    [Fact, Spec("V-033")]
    public void A_request_that_runs_beyond_user_space_counts_up_to_the_last_mapping()
    {
        VirtAddr top = _h.Mm.Map(2, at: 0x7FFF_FFFF_D000);

        _h.Mark(top, 8).ShouldBe(2 * 4096);
    }

    [Theory, Spec("V-035", "V-042")]
    [InlineData("unmapped", VrangeMode.Volatile)]
    [InlineData("unmapped", VrangeMode.NonVolatile)]
    [InlineData("read-only", VrangeMode.Volatile)]
    [InlineData("read-only", VrangeMode.NonVolatile)]
    [InlineData("kernel", VrangeMode.Volatile)]
    [InlineData("kernel", VrangeMode.NonVolatile)]
    public void A_word_that_cannot_be_written_is_EFAULT_and_nothing_changes(string where, VrangeMode mode)
    {
        // Given one volatile page and one that is not
        VirtAddr start = _h.Filled(2);
        _h.Mark(start, 1).ShouldBe(4096);
        VirtAddr word = where switch
        {
            "unmapped" => new VirtAddr(0x5000_0000),
            "read-only" => _h.Mm.Map(1, Prot.Read),
            _ => new VirtAddr(0xFFFF_8000_0000_0000),
        };

        // When the call is made with a word that cannot be written
        _h.Raw(start, 2 * Page, mode, word).ShouldBe(-(long)Errno.EFAULT);

        // Then the tree is what it was
        _h.Tree.Count.ShouldBe(1);
        _h.Tree[0].Bytes.ShouldBe(ByteInterval.Of(start.Raw, Page));
    }

    [Fact, Spec("V-036")]
    public void A_wrong_argument_is_reported_before_a_wrong_word() =>
        _h.Raw(_h.Filled(1) + 8, Page, VrangeMode.Volatile, new VirtAddr(0x5000_0000)).ShouldBe(-(long)Errno.EINVAL);

    [Fact, Spec("V-037")]
    public void A_word_inside_a_purged_page_is_EFAULT_and_the_range_stays_volatile()
    {
        VirtAddr start = _h.FilledAndVolatile(2);
        _h.Purge(start, 2).ShouldBe(2UL);

        _h.Raw(start, 2 * Page, VrangeMode.NonVolatile, start + Page).ShouldBe(-(long)Errno.EFAULT);

        _h.Tree.Count.ShouldBe(1);
        _h.Picture(start, 2).ShouldBe("PP");
    }

    [Fact, Spec("V-038")]
    public void A_word_that_vanishes_during_the_call_is_EFAULT_and_never_a_crash()
    {
        // Given a word in the first of two mappings, one node left, and no memory for more
        using VrangeHarness h = new(new MmOptions { RamBytes = 2UL << 20, SwapPages = 0 });
        VirtAddr start = h.Mm.Map(1, at: 0x1000_0000);
        _ = h.Mm.Map(1, Prot.Read, at: 0x1000_1000);
        h.Mm.Fill(start, 1, 1);
        VirtAddr empty = h.Mm.Map(2 * RangePool.NodesPerFrame);
        for (ulong i = 1; i < RangePool.NodesPerFrame; i++)
        {
            h.Mark(empty + (2 * i * Page), 1).ShouldBe(4096);
        }

        h.ExhaustMemory();

        // When the node for the second mapping is had by purging the first, which has just been marked
        h.Raw(start, 2 * Page, VrangeMode.Volatile, start).ShouldBe(-(long)Errno.EFAULT);

        // Then both are volatile
        h.Picture(start, 2).ShouldBe("P0");
        h.Ranges(start).ShouldStartWith("0+1! 1+1");
    }

    [Fact, Spec("V-110")]
    public void A_private_mapping_is_marked_in_the_tree_of_its_address_space_by_virtual_address()
    {
        VirtAddr start = _h.FilledAndVolatile(3);

        _h.Tree.Owner.ShouldBeOfType<SpaceRanges>().Space.ShouldBeSameAs(_h.Space);
        _h.Tree[0].Bytes.ShouldBe(ByteInterval.Of(start.Raw, 3 * Page));
    }

    [Fact, Spec("V-131", Profile = "v10")]
    public void Marking_and_unmarking_touch_no_entry_and_flush_nothing_however_many_pages_there_are()
    {
        VirtAddr start = _h.Filled(200);
        _ = _h.Mark(start, 1);
        (ulong writes, ulong allocations, int flushes) = (_h.Mm.Count(MmCounter.PteWrite), _h.Mm.Count(MmCounter.PgAlloc), _h.Mm.Flushes.Count);

        _ = _h.Mark(start, 200);
        _ = _h.Keep(start, 200);

        (_h.Mm.Count(MmCounter.PteWrite), _h.Mm.Count(MmCounter.PgAlloc), _h.Mm.Flushes.Count).ShouldBe((writes, allocations, flushes));
    }

    [Fact, Spec("V-178", Cpus = 2)]
    public void Two_processors_in_one_address_space_share_its_ranges()
    {
        using VrangeHarness two = new(new MmOptions { Cpus = 2 });
        VirtAddr start = two.FilledAndVolatile(1);
        _ = two.Purge(start, 1);

        two.Mm.Touch(start, AccessKind.Read, cpu: 1).ShouldBeBusErrorAt(start);
        two.Keep(start, 1).Purged.ShouldBe(1);
        two.Mm.Read(start, cpu: 1).ShouldBe((byte)0);
    }

    public void Dispose() => _h.Dispose();
}
