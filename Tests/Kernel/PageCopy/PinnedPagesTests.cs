using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.PageCopy;

/// <summary>How many pages have to be left to reclaim when all tasks that write keep theirs, and one task more keeps none.</summary>
public sealed class PinnedPagesTests
{
    /// <summary>Pages of the task that keeps none: more than the others need.</summary>
    private const int Plenty = 160;

    /// <summary>Frames are put aside one by one at the moment at which all keep their pages, so that the threshold is found to the frame.</summary>
    /// <remarks>The row's formula is asked of each run on the way, and both its sides come from the machine: one from a run with plenty, one from the lists.</remarks>
    [Theory]
    [InlineData(24, 36, 4)]
    [InlineData(12, 75, 4)]
    [InlineData(40, 18, 4)]
    [InlineData(24, 60, 6)]
    [InlineData(30, 60, 8)]
    [Spec("K-012")]
    public void All_finish_exactly_when_the_pages_that_nobody_keeps_are_as_many_as_are_needed(int tasks, int pages, int mebibytes)
    {
        long needed = Needed(tasks, pages, mebibytes);
        needed.ShouldBe(tasks + pages, "one of two pages for each task that waits, and all of the task that is the first to go on");

        (int low, int high) = (0, 200);
        while (high - low > 1)
        {
            int aside = (low + high) / 2;
            (long unpinned, bool finishes) = With(tasks, pages, mebibytes, aside);
            finishes.ShouldBe(unpinned >= needed, $"{unpinned} pages that nobody keeps, {needed} needed");
            (low, high) = finishes ? (aside, high) : (low, aside);
        }

        (With(tasks, pages, mebibytes, low).Unpinned, With(tasks, pages, mebibytes, high).Unpinned).ShouldBe((needed, needed - 1));
    }

    /// <summary>pages_needed: the most frames that are taken at a time when there are plenty.</summary>
    private static long Needed(int tasks, int pages, int mebibytes)
    {
        TraceRecorder trace = new(TraceKinds.Reclaim);
        using MiniKernel kernel = Together(tasks, pages, mebibytes, trace);
        int from = trace.Events.Count;
        kernel.Run().ExitCode.ShouldBe(0);
        (long taken, long most) = (0, 0);
        foreach (TraceEvent happened in trace.Events.Skip(from))
        {
            taken += happened.Kind == KernelEvent.FrameTaken ? (long)happened.Count : happened.Kind == KernelEvent.FrameFreed ? -(long)happened.Count : 0;
            most = Math.Max(most, taken);
        }

        return most;
    }

    /// <summary>The same machine with some frames less: pages_unpinned, and whether all tasks finish.</summary>
    private static (long Unpinned, bool Finishes) With(int tasks, int pages, int mebibytes, int aside)
    {
        using MiniKernel kernel = Together(tasks, pages, mebibytes, null);
        MemorySystem mem = kernel.Memory;
        for (int i = 0; i < aside; i++)
        {
            mem.Buddy.TryTake(0).ShouldNotBeNull();
        }

        long unpinned = (long)mem.Buddy.FreeCount - (long)mem.Watermarks.Min + Reclaimable(mem);
        RunResult end = kernel.Run();
        return (unpinned, end.ExitCode == 0 && mem.Counters[MmCounter.OomKill] == 0);
    }

    /// <summary>A machine at the moment at which every task that writes keeps its pages, and none has got one yet.</summary>
    private static MiniKernel Together(int tasks, int pages, int mebibytes, TraceRecorder? trace)
    {
        MiniKernel kernel = CopyRuns.Kernel(
            "kmap-oom", $"{tasks} {pages} {Plenty}", "copy=c2,allocator=aa", $"{mebibytes}", trace, "at copy before_fault_sleep: hold until together");
        kernel.Run(new StopAt(StopKind.Mark, 1, "together"));
        kernel.Memory.Spaces.Count(space => space.DontUnmapPages > 0).ShouldBe(tasks);
        return kernel;
    }

    /// <summary>Anonymous pages that no task maps which keeps its pages. Its code is left out: the first task that goes on faults for it again at once.</summary>
    private static long Reclaimable(MemorySystem mem)
    {
        long count = 0;
        List<RmapSite> sites = [];
        for (LruKind kind = LruKind.InactiveAnon; kind <= LruKind.ActiveAnon; kind++)
        {
            for (PageFrame? frame = mem.Lru[kind].Head; frame is not null; frame = FrameList.After(frame))
            {
                sites.Clear();
                mem.Rmap.Collect(frame, RmapWanted.Present, sites);
                count += sites.TrueForAll(static site => site.Space.DontUnmapPages == 0) ? 1 : 0;
            }
        }

        return count;
    }
}
