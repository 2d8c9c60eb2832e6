using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Volatile;

/// <summary>Marks on shared mappings are the file's: its pages, its state, for everyone.</summary>
public sealed class FileMarkTests : IDisposable
{
    private const ulong Page = 4096;
    private readonly FileVrangeHarness _h = new();

    [Fact, Spec("V-111")]
    public void A_mark_on_a_shared_mapping_goes_into_the_files_tree_and_not_into_the_spaces()
    {
        VirtAddr a = _h.MapFilled(_h.A);

        _h.Mark(_h.A, a + (2 * Page), 3).ShouldBe(3 * 4096);

        (_h.Ranges, _h.V.Ranges(a, _h.A)).ShouldBe(("2-4", ""));
    }

    [Fact]
    public void A_shared_mapping_that_may_only_be_read_marks_the_file_too()
    {
        _ = _h.MapFilled(_h.A);
        MapRequest readOnly = new() { LengthBytes = 2 * Page, Prot = Prot.Read, Flags = MapFlags.Shared, Backing = _h.Content, May = VmFlags.MayRead };
        Map.Place(_h.Mm.Mem, _h.B, readOnly).Ok(out VirtAddr b, out _).ShouldBeTrue();

        _h.Mark(_h.B, b, 2).ShouldBe(2 * 4096);

        (_h.Ranges, _h.V.Ranges(b, _h.B)).ShouldBe(("0-1", ""));
    }

    [Fact, Spec("V-190")]
    public void What_one_marks_is_volatile_for_another_who_maps_it_elsewhere()
    {
        VirtAddr a = _h.MapFilled(_h.A);
        VirtAddr b = _h.Map(_h.B, fromPage: 2);
        b.ShouldNotBe(a + (2 * Page));
        _ = _h.Mark(_h.A, a + (2 * Page), 2);

        (VmaVolatility.IsVolatile(_h.B.FindVma(b)!, b), VmaVolatility.IsVolatile(_h.B.FindVma(b)!, b + (2 * Page))).ShouldBe((true, false));
        _h.PurgeRanges(1).ShouldBe(2UL);
        _h.Touch(_h.B, b + 5).ShouldBeBusErrorAt(b + 5);
    }

    [Fact, Spec("V-191")]
    public void Another_may_take_the_mark_away_and_then_nothing_is_purged()
    {
        VirtAddr a = _h.MapFilled(_h.A);
        VirtAddr b = _h.Map(_h.B);
        _ = _h.Mark(_h.A, a, 4);

        _h.Keep(_h.B, b, 4).ShouldBe(new VrangeAnswer(4 * 4096, 0));

        _h.Ranges.ShouldBe("");
        _ = _h.PurgeRanges(100);
        _h.Read(_h.A, a).ShouldBe((byte)7);
    }

    [Fact, Spec("V-192", "V-193")]
    public void All_who_share_purged_pages_get_SIGBUS_and_only_the_first_who_unmarks_is_told()
    {
        VirtAddr a = _h.MapFilled(_h.A);
        VirtAddr b = _h.Map(_h.B);
        _ = _h.Read(_h.B, b);
        _ = _h.Mark(_h.A, a, 2);
        _h.PurgeRanges(1).ShouldBe(2UL);

        _h.Touch(_h.A, a + 1).ShouldBeBusErrorAt(a + 1);
        _h.Touch(_h.B, b + Page, AccessKind.Write).ShouldBeBusErrorAt(b + Page);

        _h.Keep(_h.A, a, 2).ShouldBe(new VrangeAnswer(2 * 4096, 1));
        _h.Keep(_h.B, b, 2).ShouldBe(new VrangeAnswer(2 * 4096, 0));
        (_h.Read(_h.A, a), _h.Read(_h.B, b), _h.Read(_h.B, b + Page)).ShouldBe(((byte)0, (byte)0, (byte)0));
        _h.Write(_h.A, a, 9);
        _h.Read(_h.B, b).ShouldBe((byte)9);
        _h.Sound();
    }

    [Fact, Spec("V-194")]
    public void A_mapping_made_after_the_purge_gets_SIGBUS_as_long_as_the_range_is_volatile()
    {
        VirtAddr a = _h.MapFilled(_h.A);
        _ = _h.Mark(_h.A, a, 2);
        _ = _h.PurgeRanges(1);

        VirtAddr c = _h.Map(_h.C);
        _h.Touch(_h.C, c + 3).ShouldBeBusErrorAt(c + 3);
        _h.Read(_h.C, c + (2 * Page)).ShouldBe((byte)7);

        _ = _h.Keep(_h.A, a, 1);
        _h.Read(_h.C, c).ShouldBe((byte)0);
        _h.Touch(_h.C, c + Page).ShouldBeBusErrorAt(c + Page);
        _h.Sound();
    }

    [Fact, Spec("V-194")]
    public void With_quirks_a_mapping_made_after_the_purge_finds_zeros()
    {
        using FileVrangeHarness h = new(new KernelProfile { Switches = ProfileSwitches.VrangeQuirks });
        VirtAddr a = h.MapFilled(h.A);
        _ = h.Mark(h.A, a, 2);
        _ = h.PurgeRanges(1);

        VirtAddr c = h.Map(h.C);
        h.Read(h.C, c).ShouldBe((byte)0);
        h.Touch(h.A, a).ShouldBeBusErrorAt(a);
        h.Sound();
    }

    [Fact, Spec("V-195", "V-198")]
    public void A_purged_page_is_a_hole_for_read_and_the_size_stays()
    {
        VirtAddr a = _h.MapFilled(_h.A);
        _ = _h.Mark(_h.A, a, 2);
        ulong free = _h.Mm.Mem.Buddy.FreeCount;

        _ = _h.PurgeRanges(1);

        _h.ReadFile(0).ShouldAllBe(value => value == 0);
        _h.ReadFile(2).ShouldAllBe(value => value == 7);
        (_h.Content.SizeBytes, _h.Content.FindPage(0)).ShouldBe((8 * Page, null));
        _h.Mm.Mem.Buddy.FreeCount.ShouldBe(free + 2);
        _h.Touch(_h.A, a).ShouldBeBusErrorAt(a);
    }

    [Fact]
    public void What_is_written_to_a_purged_page_by_write_is_there_once_the_range_is_unmarked_and_SIGBUS_until_then()
    {
        VirtAddr a = _h.MapFilled(_h.A);
        VirtAddr b = _h.Map(_h.B);
        _ = _h.Mark(_h.A, a, 1);
        _ = _h.PurgeRanges(1);

        _h.Content.Write(10, [1, 2, 3]).Ok(out _, out _).ShouldBeTrue();
        _h.Touch(_h.A, a).ShouldBeBusErrorAt(a);
        _h.Touch(_h.B, b).ShouldBeBusErrorAt(b);

        _h.Keep(_h.A, a, 1).Purged.ShouldBe(1);
        (_h.Read(_h.A, a + 11), _h.Read(_h.B, b + 9)).ShouldBe(((byte)2, (byte)0));
    }

    [Fact]
    public void Data_that_nobody_maps_is_purged_with_the_range()
    {
        VirtAddr a = _h.Map(_h.A);
        _ = _h.Content.Write(0, new byte[] { 5 });
        _ = _h.Mark(_h.A, a, 1);

        _h.PurgeRanges(1).ShouldBe(1UL);

        _h.Touch(_h.A, a).ShouldBeBusErrorAt(a);
        _h.Keep(_h.A, a, 1).Purged.ShouldBe(1);
        _h.ReadFile(0)[0].ShouldBe((byte)0);
    }

    [Fact, Spec("V-145")]
    public void A_page_of_the_file_that_is_in_swap_alone_is_not_purged_and_comes_back()
    {
        VirtAddr a = _h.MapFilled(_h.A);
        _ = _h.Mm.SwapAll();
        _h.Picture(_h.A, a, 2).ShouldBe("00");
        _h.Content.FindPage(0).ShouldBeNull();
        _ = _h.Mark(_h.A, a, 2);

        _h.PurgeRanges(1).ShouldBe(0UL);

        _h.Read(_h.A, a).ShouldBe((byte)7);
        _h.Keep(_h.A, a, 2).ShouldBe(new VrangeAnswer(2 * 4096, 0));
        _h.Sound();
    }

    [Fact]
    public void A_volatile_page_at_the_old_end_of_the_lists_is_purged_and_not_swapped()
    {
        VirtAddr a = _h.MapFilled(_h.A);
        _ = _h.Mark(_h.A, a, 2);
        while (_h.V.Purger.Age.TakeOldest() is not null)
        {
        }

        long slots = _h.Mm.Mem.Swap.FreeSlots;
        _ = _h.Mm.SwapAll();

        _h.Picture(_h.A, a, 3).ShouldBe("PP0");
        _h.Mm.Mem.Swap.FreeSlots.ShouldBeGreaterThanOrEqualTo(slots - 8);
        _h.Touch(_h.A, a + 1).ShouldBeBusErrorAt(a + 1);
        _h.Read(_h.A, a + (2 * Page)).ShouldBe((byte)7);
        _h.Sound();
    }

    [Fact]
    public void Shared_anonymous_memory_is_a_file_that_parent_and_child_share()
    {
        MemContent memory = new(_h.Mm.Mem, "/dev/zero (deleted)") { IsNamed = false };
        _ = memory.Resize(2 * Page);
        VirtAddr a = _h.Mm.MapFile(memory, MapFlags.Shared);
        _ = _h.Mm.Fill(a, 2, 3);
        AddressSpace child = _h.V.Fork();
        _ = _h.Mark(child, a, 2);

        _h.PurgeRanges(1).ShouldBe(2UL);

        _h.Touch(_h.A, a).ShouldBeBusErrorAt(a);
        _h.Touch(child, a).ShouldBeBusErrorAt(a);
        _h.Keep(_h.A, a, 2).Purged.ShouldBe(1);
        _h.Read(child, a).ShouldBe((byte)0);
        _h.Sound();
    }

    [Fact, Spec("V-199")]
    public void A_file_of_a_disk_may_be_marked_and_is_never_purged()
    {
        PlainFile disk = new(_h.Mm.Mem, 2, 0x46);
        VirtAddr a = _h.Mm.MapFile(disk, MapFlags.Shared);
        _ = _h.Mm.Write(a, 1);

        _h.Mark(_h.A, a, 2).ShouldBe(2 * 4096);
        _ = _h.PurgeEverything();

        _h.Read(_h.A, a).ShouldBe((byte)1);
        _h.Keep(_h.A, a, 2).ShouldBe(new VrangeAnswer(2 * 4096, 0));
    }

    [Fact]
    public void A_file_of_the_host_that_the_guest_has_written_to_is_not_purged_either()
    {
        using FileVrangeHarness h = new();
        MemContent over = new(h.Mm.Mem, "/etc/file", new BytesContent([1, 2, 3]));
        VirtAddr a = h.Mm.MapFile(over, MapFlags.Shared);
        h.Write(h.A, a, 9);
        _ = h.Mark(h.A, a, 1);

        h.PurgeRanges(1).ShouldBe(0UL);
        _ = h.PurgeEverything();

        (h.Read(h.A, a), h.Read(h.A, a + 1)).ShouldBe(((byte)9, (byte)2));
    }

    [Fact, Spec("V-112", Profile = "v10")]
    public void The_key_is_the_byte_in_the_file_wherever_the_mapping_begins_there()
    {
        VirtAddr b = _h.Map(_h.B, fromPage: 3);

        _ = _h.Mark(_h.B, b + Page, 2);

        _h.Ranges.ShouldBe("4-5");
    }

    [Fact]
    public void Bytes_that_are_cut_off_lose_their_marks_and_what_grows_again_is_zeros()
    {
        VirtAddr a = _h.MapFilled(_h.A);
        _ = _h.Mark(_h.A, a, 8);
        _ = _h.PurgeRanges(1);

        _h.Content.Resize(2 * Page).ShouldBe(Errno.None);
        _h.Ranges.ShouldBe("0-1!");
        _h.Content.Resize(4 * Page).ShouldBe(Errno.None);

        _h.Touch(_h.A, a).ShouldBeBusErrorAt(a);
        _h.Read(_h.A, a + (2 * Page)).ShouldBe((byte)0);
        _h.Keep(_h.A, a + (2 * Page), 2).Purged.ShouldBe(0);
        _h.Sound();
    }

    [Fact, Spec("V-209")]
    public void A_page_that_one_mapper_has_locked_stays_for_all()
    {
        VirtAddr a = _h.MapFilled(_h.A);
        VirtAddr b = _h.Map(_h.B, fromPage: 1);
        _ = _h.Read(_h.B, b);
        _h.B.FindVma(b)!.Flags |= VmFlags.Locked;
        _ = _h.Mark(_h.A, a, 2);

        _h.PurgeRanges(5).ShouldBe(1UL);

        (_h.Picture(_h.A, a, 2), _h.Read(_h.B, b)).ShouldBe(("P.", (byte)7));
    }

    [Fact]
    public void Moving_a_shared_mapping_moves_no_mark_and_the_moved_view_finds_the_loss()
    {
        VirtAddr a = _h.MapFilled(_h.A);
        _ = _h.Mark(_h.A, a, 2);
        _ = _h.PurgeRanges(1);

        RemapRequest request = new(a, 8 * Page, 16 * Page, RemapFlags.MayMove, default);
        Remap.Move(_h.Mm.Mem, _h.A, request).Ok(out VirtAddr moved, out Errno errno).ShouldBeTrue($"{errno}");

        moved.ShouldNotBe(a);
        _h.Ranges.ShouldBe("0-1!");
        _h.Touch(_h.A, moved + 9).ShouldBeBusErrorAt(moved + 9);
        _h.Read(_h.A, moved + (2 * Page)).ShouldBe((byte)7);
        _h.Sound();
    }

    public void Dispose() => _h.Dispose();
}
