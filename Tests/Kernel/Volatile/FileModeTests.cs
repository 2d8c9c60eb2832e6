using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Syscalls;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Volatile;

/// <summary>The disagreement of April 2013: is a mark the process's or the file's? Each scene in both ways.</summary>
public sealed class FileModeTests
{
    private const ulong Page = 4096;

    private static KernelProfile K => new() { Files = FileMarks.K };

    private static KernelProfile J => new() { Files = FileMarks.J };

    [Fact, Spec("V-215")]
    public void Minchan_s_mark_is_the_process_s_own_and_dies_with_it()
    {
        using FileVrangeHarness h = new(K);
        VirtAddr a = h.MapFilled(h.A);
        VirtAddr b = h.Map(h.B);
        h.Mvrange(h.A, a, 2).ShouldBe(0);
        (h.Ranges, h.V.Ranges(a, h.A), h.V.Ranges(b, h.B)).ShouldBe(("", "0+2", ""));

        _ = h.Mm.Run(h.B);
        h.End(h.A);

        (h.Ranges, h.V.Purger.Age.Count).ShouldBe(("", 0));
        _ = h.PurgeEverything();
        h.Read(h.B, b).ShouldBe((byte)7);
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    [Spec("V-216", Profile = "K"), Spec("V-216", Profile = "J")]
    public void Both_ways_purge_an_uncopied_anonymous_page_only_when_all_sharers_are_volatile(bool childKeeps)
    {
        foreach (KernelProfile profile in (KernelProfile[])[K, J])
        {
            using FileVrangeHarness h = new(profile);
            VirtAddr a = h.V.Filled(1);
            h.Mvrange(h.A, a, 1).ShouldBe(0);
            AddressSpace child = h.V.Fork();
            h.V.Ranges(a, child).ShouldBe("0+1");
            if (childKeeps)
            {
                h.Mvrange(child, a, 1, FileVrangeMode.NonVolatile).ShouldBe(0);
            }

            h.PurgeRanges(1).ShouldBe(childKeeps ? 0UL : 1UL);

            (h.Picture(h.A, a, 1), h.Picture(child, a, 1)).ShouldBe(childKeeps ? (".", ".") : ("P", "P"));
            h.Sound();
        }
    }

    [Fact, Spec("V-217", Profile = "K")]
    public void Minchan_s_way_keeps_a_page_that_one_sharer_has_not_marked()
    {
        using FileVrangeHarness h = new(K);
        VirtAddr a = h.MapFilled(h.A);
        VirtAddr b = h.Map(h.B);
        _ = h.Read(h.B, b);
        _ = h.Mvrange(h.A, a, 1);

        h.PurgeRanges(5).ShouldBe(0UL);
        h.Read(h.B, b).ShouldBe((byte)7);

        _ = h.Mvrange(h.B, b, 1);
        h.PurgeRanges(5).ShouldBe(1UL);
        h.Touch(h.A, a).ShouldBeBusErrorAt(a);
        h.Touch(h.B, b).ShouldBeBusErrorAt(b);
        h.ReadFile(0).ShouldAllBe(value => value == 0);
        h.Mvrange(h.A, a, 1, FileVrangeMode.NonVolatile).ShouldBe(1);
        h.Mvrange(h.B, b, 1, FileVrangeMode.NonVolatile).ShouldBe(1);
        h.Read(h.A, a).ShouldBe((byte)0);
        h.Sound();
    }

    [Fact, Spec("V-217", Profile = "J")]
    public void John_s_way_purges_it_because_the_mark_is_on_the_data()
    {
        using FileVrangeHarness h = new(J);
        VirtAddr a = h.MapFilled(h.A);
        VirtAddr b = h.Map(h.B);
        _ = h.Read(h.B, b);
        _ = h.Mvrange(h.A, a, 1);

        h.PurgeRanges(5).ShouldBe(1UL);

        h.Touch(h.B, b).ShouldBeBusErrorAt(b);
        h.Mvrange(h.B, b, 1, FileVrangeMode.NonVolatile).ShouldBe(1);
        h.Mvrange(h.A, a, 1, FileVrangeMode.NonVolatile).ShouldBe(0);
    }

    [Theory]
    [InlineData(FileMarks.K), InlineData(FileMarks.J)]
    [Spec("V-220")]
    public void Fvrange_marks_the_file_until_it_is_unmarked_or_nobody_uses_it(FileMarks files)
    {
        using FileVrangeHarness h = new(new KernelProfile { Files = files });
        OpenFile open = h.Open();
        VirtAddr a = h.MapFilled(h.A);
        h.Fvrange(2, 2).ShouldBe(0);
        h.Fvrange(6, 1).ShouldBe(0);
        _ = h.Mm.Run(h.B);
        h.End(h.A);
        h.Ranges.ShouldBe("2-3 6-6");

        h.PurgeRanges(1).ShouldBe(2UL);
        VirtAddr b = h.Map(h.B);
        h.Touch(h.B, b + (2 * Page)).ShouldBeBusErrorAt(b + (2 * Page));
        h.Fvrange(2, 1, FileVrangeMode.NonVolatile).ShouldBe(1);
        h.Fvrange(6, 1, FileVrangeMode.NonVolatile).ShouldBe(0);
        h.Ranges.ShouldBe("3-3!");

        Unmap.Range(h.Mm.Mem, h.B, b, 8 * Page).ShouldBe(Errno.None);
        h.Ranges.ShouldBe("3-3!");
        open.Release();
        h.Ranges.ShouldBe("");
        a.ShouldNotBe(default);
    }

    [Fact, Spec("V-221", Profile = "K")]
    public void Minchan_s_way_purges_what_fvrange_marked_though_mvrange_has_unmarked_it()
    {
        using FileVrangeHarness h = new(K);
        VirtAddr a = h.MapFilled(h.A);
        _ = h.Fvrange(0, 1);
        h.Mvrange(h.A, a, 1, FileVrangeMode.NonVolatile).ShouldBe(0);

        h.PurgeRanges(5).ShouldBe(1UL);
        h.Touch(h.A, a).ShouldBeBusErrorAt(a);
    }

    [Fact, Spec("V-221", Profile = "J")]
    public void John_s_way_lets_mvrange_unmark_what_fvrange_marked()
    {
        using FileVrangeHarness h = new(J);
        VirtAddr a = h.MapFilled(h.A);
        _ = h.Fvrange(0, 1);
        h.Mvrange(h.A, a, 1, FileVrangeMode.NonVolatile).ShouldBe(0);

        h.PurgeRanges(5).ShouldBe(0UL);
        h.Read(h.A, a).ShouldBe((byte)7);
    }

    [Fact, Spec("V-222")]
    public void With_keep_marks_the_marks_of_a_process_that_ends_become_the_files()
    {
        using FileVrangeHarness h = new(K with { Switches = ProfileSwitches.KeepMarksAtExit });
        VirtAddr a = h.MapFilled(h.A);
        VirtAddr b = h.Map(h.B);
        _ = h.Read(h.B, b);
        _ = h.Mvrange(h.A, a + Page, 2);
        _ = h.PurgeRanges(5);
        VirtAddr own = h.V.Filled(1);
        _ = h.Mvrange(h.A, own, 1);

        _ = h.Mm.Run(h.B);
        h.End(h.A);

        h.Ranges.ShouldBe("1-2!");
        (h.V.Purger.Pool.InUse, h.Picture(h.B, b, 3)).ShouldBe((1, ".00"));
        h.Mvrange(h.B, b, 3, FileVrangeMode.IsVolatile).ShouldBe(1);
    }

    [Fact, Spec("V-219", Profile = "K")]
    public void The_bystander_is_safe_in_Minchan_s_way()
    {
        using FileVrangeHarness h = new(K);
        VirtAddr a = h.MapFilled(h.A);
        _ = h.Mvrange(h.A, a, 1);
        _ = h.Mm.Run(h.B);
        h.End(h.A);
        VirtAddr b = h.Map(h.B);
        _ = h.PurgeEverything();

        h.Read(h.B, b).ShouldBe((byte)7);
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    [Spec("V-219", Profile = "J")]
    public void The_bystander_gets_SIGBUS_in_John_s_way_unless_everyone_had_closed_the_file_in_between(bool someoneHasItOpen)
    {
        using FileVrangeHarness h = new(J);
        OpenFile? other = someoneHasItOpen ? h.Open() : null;
        VirtAddr a = h.MapFilled(h.A);
        _ = h.Mvrange(h.A, a, 1);
        _ = h.Mm.Run(h.B);
        h.End(h.A);
        VirtAddr b = h.Map(h.B);
        _ = h.PurgeEverything();

        if (someoneHasItOpen)
        {
            h.Touch(h.B, b).ShouldBeBusErrorAt(b);
            other!.Release();
            return;
        }

        h.Read(h.B, b).ShouldBe((byte)7);
    }

    [Theory]
    [InlineData(FileMarks.K, 0, "0+1 1+1")]
    [InlineData(FileMarks.K, 3, "0+1")]
    [InlineData(FileMarks.K, 4, "1+1")]
    [InlineData(FileMarks.J, 0, "0+1 f")]
    [InlineData(FileMarks.J, 3, "0+1")]
    [InlineData(FileMarks.J, 4, " f")]
    [Spec("V-224")]
    public void Kinds_of_memory_can_be_marked_apart_and_are_unmarked_together(FileMarks files, int kind, string marks)
    {
        using FileVrangeHarness h = new(new KernelProfile { Files = files }, pages: 1);
        VirtAddr both = h.Mm.Map(2);
        _ = h.Mm.MapFile(h.Content, MapFlags.Shared, at: (both + Page).Raw);
        h.Mvrange(h.A, both, 2, (FileVrangeMode)kind).ShouldBe(0);

        (h.V.Ranges(both, h.A) + (h.Ranges == "0-0" ? " f" : "")).ShouldBe(marks);

        h.Mvrange(h.A, both, 2, FileVrangeMode.NonVolatile).ShouldBe(0);
        (h.V.Ranges(both, h.A) + h.Ranges).ShouldBe("");
    }

    [Theory]
    [InlineData(FileMarks.K), InlineData(FileMarks.J)]
    [Spec("V-223")]
    public void One_may_ask_whether_bytes_are_volatile_and_asking_changes_nothing(FileMarks files)
    {
        using FileVrangeHarness h = new(new KernelProfile { Files = files });
        VirtAddr a = h.MapFilled(h.A);
        VirtAddr b = h.Map(h.B);
        _ = h.Mvrange(h.A, a + Page, 1);

        Asks(h.A, a).ShouldBe([0, 1, 0, 1]);
        Asks(h.B, b).ShouldBe(files == FileMarks.J ? [0, 1, 0, 1] : [0, 0, 0, 0]);
        h.Fvrange(0, 8, FileVrangeMode.IsVolatile).ShouldBe(files == FileMarks.J ? 1 : 0);
        h.V.Purger.Pool.InUse.ShouldBe(1);

        long[] Asks(AddressSpace space, VirtAddr start) =>
        [
            h.Mvrange(space, start, 1, FileVrangeMode.IsVolatile),
            h.Mvrange(space, start + Page, 1, FileVrangeMode.IsVolatile),
            h.Mvrange(space, start + (2 * Page), 6, FileVrangeMode.IsVolatile),
            h.Mvrange(space, start, 8, FileVrangeMode.IsVolatile),
        ];
    }
}
