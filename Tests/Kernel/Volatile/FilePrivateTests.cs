using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Volatile;

/// <summary>Somebody maps privately what others share and mark: he must not be harmed.</summary>
public sealed class FilePrivateTests
{
    private const ulong Page = 4096;

    [Fact, Spec("V-208")]
    public void A_private_mapper_of_an_uncopied_page_keeps_it_for_all()
    {
        using FileVrangeHarness h = new();
        VirtAddr a = h.MapFilled(h.A);
        VirtAddr b = h.Map(h.B, MapFlags.Private);
        h.Read(h.B, b).ShouldBe((byte)7);
        _ = h.Mark(h.A, a, 2);

        h.PurgeRanges(5).ShouldBe(1UL);

        (h.Picture(h.A, a, 2), h.Read(h.B, b)).ShouldBe((".P", (byte)7));
        h.Sound();
    }

    [Fact, Spec("V-208")]
    public void A_private_mapper_who_has_a_copy_stands_in_nobodys_way()
    {
        using FileVrangeHarness h = new();
        VirtAddr a = h.MapFilled(h.A);
        VirtAddr b = h.Map(h.B, MapFlags.Private);
        h.Write(h.B, b, 9);
        _ = h.Mark(h.A, a, 1);

        h.PurgeRanges(5).ShouldBe(1UL);

        (h.Picture(h.A, a, 1), h.Read(h.B, b), h.Read(h.B, b + 1)).ShouldBe(("P", (byte)9, (byte)7));
        h.Sound();
    }

    [Fact, Spec("V-208")]
    public void Posted_code_purges_the_private_mapper_too_who_then_finds_the_hole()
    {
        using FileVrangeHarness h = new(new KernelProfile { Switches = ProfileSwitches.VrangeQuirks });
        VirtAddr a = h.MapFilled(h.A);
        VirtAddr b = h.Map(h.B, MapFlags.Private);
        _ = h.Read(h.B, b);
        _ = h.Mark(h.A, a, 1);

        h.PurgeRanges(5).ShouldBe(1UL);

        h.Picture(h.B, b, 1).ShouldBe("P");
        h.Read(h.B, b).ShouldBe((byte)0);
        h.Sound();
    }

    [Fact, Spec("V-205", "V-207")]
    public void A_mark_on_a_private_mapping_concerns_neither_the_file_nor_others()
    {
        using FileVrangeHarness h = new();
        VirtAddr a = h.MapFilled(h.A);
        VirtAddr b = h.Map(h.B, MapFlags.Private);
        _ = h.Read(h.B, b);
        h.Mark(h.B, b, 4).ShouldBe(4 * 4096);

        (h.Ranges, h.V.Ranges(b, h.B)).ShouldBe(("", "0+4"));
        _ = h.PurgeEverything();
        (h.Read(h.A, a), h.Read(h.B, b)).ShouldBe(((byte)7, (byte)7));
    }

    [Fact, Spec("V-218", Profile = "J")]
    public void John_s_way_gives_the_private_mapper_a_copy_and_purges()
    {
        using FileVrangeHarness h = new(new KernelProfile { Files = FileMarks.J });
        VirtAddr a = h.MapFilled(h.A);
        VirtAddr b = h.Map(h.B, MapFlags.Private);
        VirtAddr c = h.Map(h.C, MapFlags.Private);
        (h.Read(h.B, b), h.Read(h.C, c)).ShouldBe(((byte)7, (byte)7));
        h.Mvrange(h.A, a, 1).ShouldBe(0);

        _ = h.PurgeRanges(5);

        h.Touch(h.A, a).ShouldBeBusErrorAt(a);
        h.ReadFile(0).ShouldAllBe(value => value == 0);
        h.Mm.FrameAt(b, h.B).ShouldNotBe(h.Mm.FrameAt(c, h.C));
        h.Write(h.B, b, 1);
        (h.Read(h.B, b), h.Read(h.B, b + 1), h.Read(h.C, c), h.Read(h.C, c + 1)).ShouldBe(((byte)1, (byte)7, (byte)7, (byte)7));
        h.Sound();
    }

    [Fact]
    public void John_s_way_copies_while_memory_is_short_and_no_second_purge_begins_within_the_first()
    {
        using FileVrangeHarness h = new(new KernelProfile { Files = FileMarks.J }, swapPages: 0);
        VirtAddr a = h.MapFilled(h.A);
        VirtAddr b = h.Map(h.B, MapFlags.Private);
        for (ulong page = 0; page < 4; page++)
        {
            _ = h.Read(h.B, b + (page * Page));
        }

        VirtAddr spare = h.V.Filled(64);
        h.Mvrange(h.A, a, 8).ShouldBe(0);
        h.Mvrange(h.A, spare, 64).ShouldBe(0);
        while (h.Mm.Mem.Buddy.TryTake(0) is not null)
        {
        }

        _ = h.Content.Mapping.Volatile!.PurgeNow(0, 8 * Page);

        for (ulong page = 0; page < 4; page++)
        {
            h.Read(h.B, b + (page * Page)).ShouldBe((byte)7);
        }

        h.Picture(h.A, spare, 64).ShouldBe(new string('.', 64));
        h.Picture(h.A, a + (4 * Page), 4).ShouldBe("PPPP");
    }

    [Fact]
    public void John_s_way_leaves_the_page_when_there_is_no_frame_for_the_copy()
    {
        using FileVrangeHarness h = new(new KernelProfile { Files = FileMarks.J }, swapPages: 0);
        VirtAddr a = h.MapFilled(h.A);
        VirtAddr b = h.Map(h.B, MapFlags.Private);
        _ = h.Read(h.B, b);
        using IDisposable none = h.V.Purger.Limited(ReclaimLimits.NoIo);
        h.V.ExhaustMemory();
        h.Mvrange(h.A, a, 1).ShouldBe(-(long)Errno.ENOMEM);
    }

    [Fact, Spec("V-218", Profile = "K")]
    public void Minchan_s_way_purges_nothing_that_somebody_maps_privately()
    {
        using FileVrangeHarness h = new(new KernelProfile { Files = FileMarks.K });
        VirtAddr a = h.MapFilled(h.A);
        VirtAddr b = h.Map(h.B, MapFlags.Private);
        _ = h.Read(h.B, b);
        h.Mvrange(h.A, a, 2).ShouldBe(0);
        h.Mvrange(h.B, b, 2).ShouldBe(0);
        h.Fvrange(0, 2).ShouldBe(0);

        h.PurgeRanges(5).ShouldBe(1UL);

        (h.Picture(h.A, a, 2), h.Read(h.B, b)).ShouldBe((".P", (byte)7));
    }
}
