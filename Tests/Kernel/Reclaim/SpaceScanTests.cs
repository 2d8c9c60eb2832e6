using MmuEmu.Debugger.Lab;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Reclaim;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Windows;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Reclaim;

/// <summary>Reclaim by pages, which has a reverse map, against reclaim by address spaces, which needs none.</summary>
public sealed class SpaceScanTests
{
    [Fact]
    [Spec("K-050")]
    public void Both_ways_keep_the_same_pages_for_the_counter_and_one_asks_it_once_for_each_space()
    {
        LabRun rmap = CopyRuns.Of("K-008", "c2", "reclaim=rmap");
        LabRun scan = CopyRuns.Of("K-008", "c2", "reclaim=virtual");

        (rmap.IsSafe, scan.IsSafe).ShouldBe((false, false), "the task in its write keeps all its pages either way");
        rmap.Line("in swap").ShouldStartWith("0 pages of the task in its write, ");
        scan.Line("in swap").ShouldStartWith("0 pages of the task in its write, ");
        scan.Line("in swap").ShouldNotContain(", 0 of the other");
        scan["dont_unmap_checks"].ShouldBeLessThan(rmap["dont_unmap_checks"] / 2, "once for each space and pass, not once for each mapping");
    }

    [Fact]
    [Spec("K-051")]
    public void To_free_one_run_the_reverse_map_looks_at_its_mappings_and_the_scan_at_everybodys()
    {
        (ulong Rmap, ulong Scan, ulong Mapped, ulong All) few = Visits(pages: 400);
        (ulong Rmap, ulong Scan, ulong Mapped, ulong All) many = Visits(pages: 1600);

        (few.Rmap, many.Rmap).ShouldBe((few.Mapped, many.Mapped), "the mappings of the 512 frames, each once");
        (few.Scan <= few.All, many.Scan <= many.All).ShouldBe((true, true));
        (many.Scan * few.Rmap).ShouldBeGreaterThan(2 * few.Scan * many.Rmap / 1, "the ratio grows with all that is mapped");
    }

    [Fact]
    [Spec("K-052")]
    public void A_zone_that_is_kept_for_large_pages_gives_a_run_without_a_look()
    {
        using MiniKernel kernel = Filled("reclaim=rmap,large-zone=1", 1700);
        kernel.Memory.Buddy.FreeBlocks(LargeZone.Order).ShouldBe(0, "all else is in use");

        PageFrame run = LargeRun.TryMake(kernel.Memory).ShouldNotBeNull();

        (run.Pfn.Raw % 512, kernel.Memory.WindowCounts[WindowCounter.RunVisits]).ShouldBe((0UL, 0UL));
        kernel.Memory.LargeZone.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("reclaim=rmap")]
    [InlineData("reclaim=virtual")]
    [Spec("K-053")]
    public void A_cut_of_a_shared_file_finds_all_its_mappings_either_way(string profile)
    {
        LabRun run = CopyRuns.Scenario("kmap-copy", "truncate", "c7", profile);

        run.Output.ShouldContain("cut: 0, the other task ends with 135");
    }

    [Fact]
    public void What_the_scan_leaves_is_in_order()
    {
        using MiniKernel kernel = Filled("reclaim=virtual", 400);
        kernel.Memory.Source.ReclaimNow(600).ShouldBeGreaterThan(0UL);

        MmInvariants.Check(kernel.Memory).ShouldBeEmpty();
        kernel.Memory.Counters[MmCounter.PswpOut].ShouldBeGreaterThan(0UL);
        RunResult result = kernel.Run();
        (result.Reason, result.ExitCode).ShouldBe((EndReason.Exited, 0));
    }

    /// <summary>Three tasks that have each so many pages in memory.</summary>
    private static MiniKernel Filled(string profile, int pages)
    {
        MiniKernel kernel = CopyRuns.Kernel("kmap-oom", $"3 {pages}", profile, "24", null);
        kernel.Run(new StopAt(StopKind.Mark, 1) { Name = "filled" }).Reason.ShouldBe(EndReason.Paused);
        return kernel;
    }

    private static (ulong Rmap, ulong Scan, ulong Mapped, ulong All) Visits(int pages)
    {
        using MiniKernel byPages = Filled("reclaim=rmap", pages);
        (ulong first, ulong mapped, ulong all) = FullestRun(byPages);
        _ = LargeRun.TryEmpty(byPages.Memory, first);
        using MiniKernel bySpaces = Filled("reclaim=virtual", pages);
        _ = LargeRun.TryEmpty(bySpaces.Memory, FullestRun(bySpaces).First);
        MmInvariants.Check(byPages.Memory).ShouldBeEmpty();
        MmInvariants.Check(bySpaces.Memory).ShouldBeEmpty();
        return (byPages.Memory.WindowCounts[WindowCounter.RunVisits], bySpaces.Memory.WindowCounts[WindowCounter.RunVisits], mapped, all);
    }

    /// <summary>The run with most mapped pages on lists, how many mappings those have, and the entries of everybody.</summary>
    private static (ulong First, ulong Mapped, ulong All) FullestRun(MiniKernel kernel)
    {
        (ulong best, ulong most) = (0, 0);
        for (ulong first = 0; first + 512 <= kernel.Memory.Frames.FrameCount; first += 512)
        {
            ulong mapped = 0;
            for (ulong raw = first; raw < first + 512; raw++)
            {
                mapped += kernel.Memory.Frames.Peek(new Pfn(raw)) is { MapCount: > 0 } frame && frame.Has(PageFlags.Lru) ? (ulong)frame.MapCount : 0;
            }

            (best, most) = mapped > most ? (first, mapped) : (best, most);
        }

        ulong all = (ulong)kernel.Memory.Spaces.Sum(space => space.Rss.Resident + space.Rss.Swap + 64);
        return (best, most, all);
    }
}
