using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Volatile;

/// <summary>Where the postings with files, v8 to v10, differ about them, and their bugs, which the quirks bring back.</summary>
public sealed class FileVersionTests
{
    private const ulong Page = 4096;

    [Theory]
    [InlineData(VrangeVersion.V8), InlineData(VrangeVersion.V9), InlineData(VrangeVersion.V10)]
    public void All_three_keep_the_marks_of_shared_mappings_with_the_file(VrangeVersion version)
    {
        using FileVrangeHarness h = Of(version, quirks: false);
        VirtAddr a = h.MapFilled(h.A);
        VirtAddr b = h.Map(h.B, fromPage: 3);
        _ = h.Read(h.B, b);
        h.Mark(h.B, b, 2).ShouldBe(2 * 4096);
        h.Ranges.ShouldBe("3-4");

        PurgeNow(h, 0, 8).ShouldBe(2UL);

        h.Picture(h.A, a, 6).ShouldBe("...PP.");
        h.Touch(h.A, a + (3 * Page)).ShouldBeBusErrorAt(a + (3 * Page));
        h.Keep(h.A, a + (3 * Page), 2).ShouldBe(new VrangeAnswer(2 * 4096, 1));
        h.Write(h.A, a + (3 * Page), 5);
        h.Read(h.B, b).ShouldBe((byte)5);
        h.Sound();
    }

    [Fact]
    public void In_v8_pages_of_a_file_go_one_by_one_from_the_old_end_of_the_lists_and_whole_ranges_never()
    {
        using FileVrangeHarness h = Of(VrangeVersion.V8, quirks: false);
        VirtAddr a = h.MapFilled(h.A);
        _ = h.Mark(h.A, a, 2);

        h.PurgeRanges(2).ShouldBe(0UL);
        _ = h.Mm.SwapAll();

        h.Picture(h.A, a, 2).ShouldBe("PP");
        h.Touch(h.A, a).ShouldBeBusErrorAt(a);
        h.Sound();
    }

    [Fact, Spec("V-112", Profile = "v8 v9 v10")]
    public void As_posted_v8_adds_the_place_in_the_file_in_pages_and_marks_the_wrong_bytes()
    {
        foreach ((VrangeVersion version, string marked, bool isRight) in
            ((VrangeVersion, string, bool)[])[(VrangeVersion.V8, "1-3", false), (VrangeVersion.V9, "4-5", true), (VrangeVersion.V10, "4-5", true)])
        {
            using FileVrangeHarness h = Of(version, quirks: true);
            VirtAddr a = h.MapFilled(h.A);
            VirtAddr b = h.Map(h.B, fromPage: 3);

            _ = h.Mark(h.B, b + Page, 2);

            h.Ranges.ShouldBe(marked, $"{version}");
            VmaVolatility.IsVolatile(h.A.FindVma(a)!, a + (4 * Page)).ShouldBe(isRight, $"{version}");
            VmaVolatility.IsVolatile(h.A.FindVma(a)!, a + Page).ShouldBe(!isRight, $"{version}");
            VmaVolatility.IsVolatile(h.B.FindVma(b)!, b + Page).ShouldBeTrue($"{version}");
        }
    }

    [Fact, Spec("V-099", Profile = "v8 v9 v10")]
    public void As_posted_v8_and_v9_put_zeros_of_its_own_into_a_shared_mapping_and_v10_lets_the_file_answer()
    {
        foreach (VrangeVersion version in (VrangeVersion[])[VrangeVersion.V8, VrangeVersion.V9, VrangeVersion.V10])
        {
            foreach (bool quirks in (bool[])[true, false])
            {
                using FileVrangeHarness h = Of(version, quirks);
                VirtAddr a = h.MapFilled(h.A);
                _ = h.Mark(h.A, a, 1);
                PurgeNow(h, 0, 1).ShouldBe(quirks && version == VrangeVersion.V8 ? 0UL : 1UL, $"{version}");
                h.Keep(h.A, a, 1).Purged.ShouldBe(1);

                h.Read(h.A, a + 1).ShouldBe((byte)0, $"{version}");
                h.Write(h.A, a, 5);
                VirtAddr b = h.Map(h.B);

                bool apart = quirks && version != VrangeVersion.V10;
                h.Mm.FrameAt(a, h.A).Mapping.IsFile.ShouldBe(!apart, $"{version}");
                (h.Read(h.B, b) == 5).ShouldBe(!apart, $"{version}");
                h.Sound();
            }
        }
    }

    [Fact, Spec("V-197", Profile = "v8 v10")]
    public void As_posted_v8_leaves_the_data_in_the_page_cache_and_v10_makes_a_hole()
    {
        foreach ((VrangeVersion version, bool quirks, byte found) in
            ((VrangeVersion, bool, byte)[])[(VrangeVersion.V8, true, 7), (VrangeVersion.V8, false, 0), (VrangeVersion.V10, true, 0), (VrangeVersion.V10, false, 0)])
        {
            using FileVrangeHarness h = Of(version, quirks);
            VirtAddr a = h.MapFilled(h.A);
            _ = h.Mark(h.A, a, 1);

            _ = PurgeNow(h, 0, 1);

            h.Touch(h.A, a).ShouldBeBusErrorAt(a);
            h.ReadFile(0)[0].ShouldBe(found, $"{version} {quirks}");
            (h.Content.FindPage(0) is null).ShouldBe(found == 0);
            h.Sound();
        }
    }

    [Theory]
    [InlineData(VrangeVersion.V8, ""), InlineData(VrangeVersion.V10, "0-1")]
    [Spec("V-201")]
    public void As_posted_v8_forgets_everything_at_the_end_of_any_opening(VrangeVersion version, string left)
    {
        using FileVrangeHarness h = Of(version, quirks: true);
        OpenFile ofA = h.Open();
        _ = h.Open();
        VirtAddr a = h.MapFilled(h.A);
        _ = h.Mark(h.A, a, 2);

        ofA.Release();

        h.Ranges.ShouldBe(left);
    }

    [Theory]
    [InlineData(VrangeVersion.V8), InlineData(VrangeVersion.V10)]
    public void Without_quirks_one_close_of_two_leaves_the_marks_whichever_the_posting(VrangeVersion version)
    {
        using FileVrangeHarness h = Of(version, quirks: false);
        OpenFile ofA = h.Open();
        _ = h.Open();
        VirtAddr a = h.MapFilled(h.A);
        _ = h.Mark(h.A, a, 2);

        ofA.Release();

        h.Ranges.ShouldBe("0-1");
    }

    [Theory]
    [InlineData(VrangeVersion.V11), InlineData(VrangeVersion.V12), InlineData(VrangeVersion.V13)]
    public void Later_postings_refuse_files(VrangeVersion version)
    {
        using FileVrangeHarness h = Of(version, quirks: false);
        VirtAddr a = h.MapFilled(h.A);

        h.Mark(h.A, a, 1).ShouldBe(-(long)Errno.EINVAL);

        h.Ranges.ShouldBe("");
        h.V.Space.FindVma(a)!.Has(VmFlags.Volatile).ShouldBeFalse();
    }

    [Fact, Spec("V-154", Profile = "v10")]
    public void Files_pages_that_were_used_once_go_first_then_volatile_ones_then_the_working_set()
    {
        // Given 4096 pages of a file that was read once, 4 volatile pages and 4 that are in use; swap is there for the last
        const ulong FilePages = 4096;
        PretendedDisk disk = new();
        disk.Add("/once", new byte[FilePages * Page]);
        using VrangeHarness h = new(new MmOptions { RamBytes = 64UL << 20, SwapPages = 64 });
        HostContent once = new(h.Mm.Mem, disk, new OpenedHostFiles(), new HostFile("once", "/once"), FilePages * Page);
        VirtAddr file = h.Mm.MapFile(once, MapFlags.Private);
        for (ulong page = 0; page < FilePages; page++)
        {
            once.GetPage(page).Ok(out PageFrame? frame, out _).ShouldBeTrue();
            h.Mm.Mem.Source.Release(frame!);
        }

        VirtAddr inUse = h.Filled(4);
        VirtAddr marked = h.FilledAndVolatile(4);
        int before = h.Mm.Mem.Lru[LruKind.InactiveFile].Count;

        // When one frame is wanted, the stream gives it
        h.Mm.Reclaim(1).ShouldBe(1UL);
        (h.Picture(marked, 4), h.Mm.Mem.Lru[LruKind.InactiveFile].Count).ShouldBe(("....", before - 1));

        // When more is wanted than the mildest look at the stream gives, the volatile range goes
        h.Mm.Reclaim(3).ShouldBeGreaterThanOrEqualTo(3UL);
        (h.Picture(marked, 4), h.Picture(inUse, 4)).ShouldBe(("PPPP", "...."));
        file.ShouldNotBe(default);
    }

    [Fact, Spec("V-154", Profile = "v10")]
    public void Without_swap_the_stream_is_looked_at_three_times_before_volatile_pages_are()
    {
        const ulong FilePages = 4096;
        PretendedDisk disk = new();
        disk.Add("/once", new byte[FilePages * Page]);
        using VrangeHarness h = new(new MmOptions { RamBytes = 64UL << 20, SwapPages = 0 });
        HostContent once = new(h.Mm.Mem, disk, new OpenedHostFiles(), new HostFile("once", "/once"), FilePages * Page);
        for (ulong page = 0; page < FilePages; page++)
        {
            once.GetPage(page).Ok(out PageFrame? frame, out _).ShouldBeTrue();
            h.Mm.Mem.Source.Release(frame!);
        }

        VirtAddr marked = h.FilledAndVolatile(4);

        // Priorities 12, 11 and 10 look at 1, 2 and 3 or 4 pages of the stream, and volatile ranges wait until 9
        h.Mm.Reclaim(5).ShouldBe(5UL);
        h.Picture(marked, 4).ShouldBe("....");

        h.Mm.Reclaim(40).ShouldBeGreaterThanOrEqualTo(17UL);
        h.Picture(marked, 4).ShouldBe("PPPP");
    }

    private static FileVrangeHarness Of(VrangeVersion version, bool quirks) =>
        new(new KernelProfile { Vrange = version, Switches = quirks ? ProfileSwitches.VrangeQuirks : ProfileSwitches.None });

    private static ulong PurgeNow(FileVrangeHarness h, ulong page, ulong pages) => h.Content.Mapping.Volatile!.PurgeNow(page * Page, pages * Page);
}
