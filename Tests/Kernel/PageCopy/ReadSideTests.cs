using MmuEmu.Debugger.Lab;
using MmuEmu.Kernel.PageCopy;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.PageCopy;

/// <summary>generic_file_read and file_send_actor.</summary>
public sealed class ReadSideTests
{
    [Fact]
    [Spec("K-080")]
    public void A_read_has_the_same_hazards_and_touches_by_writing()
    {
        LabRun naive = CopyRuns.Of("K-080", "c1");
        (naive["atomic_sleeps"], naive.Line("buffer")).ShouldBe((1UL, "b*4096"));
        LabTable.Cures.Where(cure => !CopyRuns.Of("K-080", cure.Name).IsSafe).Select(cure => cure.Name).ShouldBe(["c1", "c3"]);

        (CopyRuns.Of("K-081", "c1", "touch=exact")["atomic_faults"], CopyRuns.Of("K-081", "c1", "touch=exact").Line("buffer")).ShouldBe((0UL, "b*4096"));
    }

    [Fact]
    [Spec("K-081")]
    public void A_touch_that_only_reads_leaves_the_page_of_zeros_and_the_copy_faults()
    {
        CopyRuns.Of("K-081", "c1")["atomic_faults"].ShouldBe(1UL);
        CopyRuns.Of("K-081", "c7").Result.Waiters.ShouldHaveSingleItem().Kind.ShouldBe(WaitKind.VainCopy, "no number of such touches helps");
    }

    [Theory]
    [InlineData("c1")]
    [InlineData("c7")]
    [Spec("K-082")]
    public void Sendfile_opens_no_atomic_window_because_its_write_may_sleep(string cure)
    {
        TraceRecorder trace = new(TraceKinds.Copy);
        using MiniKernel kernel = CopyRuns.Kernel("kmap-copy", "send 1", $"copy={cure}", "64", trace);
        RunResult result = kernel.Run();

        result.Statistics.CopyCounts.First(one => one.Name == "atomic_sleeps").Count.ShouldBe(0UL);
        kernel.Memory.WindowCounts[MmuEmu.Kernel.Windows.WindowCounter.KmapHigh].ShouldBe(1UL, "the sender's window may be slept with");
        trace.Events.Count(happened => happened is { Kind: KernelEvent.CopyPassed, Argument: (ulong)CopyPoint.AfterKmapAtomic })
            .ShouldBe(1, "the write's, and none of the sender's");
    }
}
