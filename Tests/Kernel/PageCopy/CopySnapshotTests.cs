using MmuEmu.Kernel.Run;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.PageCopy;

/// <summary>A run that is saved while a copy sleeps goes on from there as it did.</summary>
public sealed class CopySnapshotTests
{
    [Theory]
    [InlineData("c0")]
    [InlineData("c1")]
    [InlineData("c2b")]
    [InlineData("c3")]
    [InlineData("c4")]
    [InlineData("c5")]
    [InlineData("c6")]
    [InlineData("c7")]
    public void A_saved_copy_ends_like_the_first_time(string cure)
    {
        string[] rules = ["at copy#1 after_prefault#1: evict", "at copy#1 after_pin: evict", "at copy#1 after_lock_page: hold until changing"];
        using MiniKernel kernel = CopyRuns.Kernel("kmap-copy", "remap", $"copy={cure},kunmap=lazy", "64", null, rules);
        kernel.Run(new StopAt(StopKind.Mark, 1) { Name = "changing" }).Reason.ShouldBe(EndReason.Paused);
        kernel.System.Processes.All[0].Threads[0].Call!.Value.Copy.ShouldNotBeNull("the copy sleeps");
        RunImage image = kernel.Save();

        RunResult first = kernel.Run();
        (byte[] ram, string counts) = (kernel.HashRam(), string.Join(' ', kernel.Statistics.CopyCounts));
        kernel.Restore(image);
        kernel.System.Processes.All[0].Threads[0].Call!.Value.Copy.ShouldNotBeNull();
        RunResult second = kernel.Run();

        (second.Reason, second.ExitCode, second.Time).ShouldBe((first.Reason, first.ExitCode, first.Time));
        kernel.HashRam().ShouldBe(ram);
        string.Join(' ', kernel.Statistics.CopyCounts).ShouldBe(counts);
    }
}
