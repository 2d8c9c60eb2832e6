using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Kernel.Volatile;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Volatile;

/// <summary>Private mappings of files are private memory; a file of a disk that is mapped shared is marked and never purged.</summary>
public sealed class VolatileFileTests : IDisposable
{
    private const ulong Page = 4096;
    private readonly VrangeHarness _h = new();

    [Fact, Spec("V-110", "V-205", "V-207")]
    public void A_private_mapping_is_marked_in_the_spaces_tree_and_uncopied_pages_of_the_file_stay()
    {
        PlainFile file = new(_h.Mm.Mem, 2, 0x46);
        VirtAddr start = _h.Mm.MapFile(file, MapFlags.Private);
        _ = _h.Mm.Read(start);
        _h.Mark(start, 2).ShouldBe(2 * 4096);

        _h.Ranges(start).ShouldBe("0+2");
        _h.Purge(start, 2).ShouldBe(0UL);
        _h.Mm.Read(start).ShouldBe((byte)0x46);
    }

    [Fact]
    public void A_second_view_of_shared_memory_leaves_the_marks_where_they_are()
    {
        PlainFile file = new(_h.Mm.Mem, 4, 0x46);
        MapRequest readOnly = new()
        {
            LengthBytes = file.SizeBytes,
            Prot = Prot.Read,
            Flags = MapFlags.Shared,
            Backing = file,
            May = VmFlags.MayRead,
        };
        Map.Place(_h.Mm.Mem, _h.Space, readOnly).Ok(out VirtAddr start, out _).ShouldBeTrue();
        _ = _h.Mark(start, 4);
        string marked = RangeTrees.TextOf(file.Mapping.Volatile.ShouldBeOfType<FileRanges>().Tree);

        RemapRequest request = new(start + Page, 0, Page, RemapFlags.MayMove, default);
        Remap.Move(_h.Mm.Mem, _h.Space, request).Ok(out _, out _).ShouldBeTrue();

        (marked, RangeTrees.TextOf(((FileRanges)file.Mapping.Volatile!).Tree)).ShouldBe(("0-3", "0-3"));
    }

    [Fact, Spec("V-206", Profile = "v10")]
    public void A_private_copy_is_purged_and_after_unmarking_the_files_content_is_seen_again()
    {
        PlainFile file = new(_h.Mm.Mem, 1, 0x46);
        VirtAddr start = _h.Mm.MapFile(file, MapFlags.Private);
        _ = _h.Mm.Write(start, 1);
        _ = _h.Mark(start, 1);

        _h.Purge(start, 1).ShouldBe(1UL);
        _h.Mm.Touch(start + 7).ShouldBeBusErrorAt(start + 7);

        _h.Keep(start, 1).ShouldBe(new VrangeAnswer(4096, 1));
        _h.Mm.ReadPage(start).ShouldAllBe(value => value == 0x46);
    }

    [Fact]
    public void A_shared_mapping_of_a_file_of_a_disk_is_marked_and_never_purged()
    {
        PlainFile file = new(_h.Mm.Mem, 2, 0x46);
        VirtAddr start = _h.Mm.MapFile(file, MapFlags.Shared);
        _ = _h.Mm.Write(start, 1);

        _h.Mark(start, 2).ShouldBe(2 * 4096);
        _ = _h.Mm.ReclaimAll();

        _h.Mm.Read(start).ShouldBe((byte)1);
        _h.Keep(start, 2).ShouldBe(new VrangeAnswer(2 * 4096, 0));
    }

    [Fact, Spec("V-209")]
    public void A_page_that_one_sharer_has_locked_is_not_purged()
    {
        VirtAddr start = _h.FilledAndVolatile(1);
        AddressSpace child = _h.Fork();
        child.FindVma(start)!.Flags |= VmFlags.Locked;

        _h.Purge(start, 1).ShouldBe(0UL);
        _h.Mm.Read(start).ShouldBe((byte)'A');
    }

    public void Dispose() => _h.Dispose();
}
