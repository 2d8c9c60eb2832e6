using MmuEmu.Debugger.Lab;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Run;
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
}
