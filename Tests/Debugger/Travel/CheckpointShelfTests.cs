using MmuEmu.Debugger.Travel;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Tests.Debugger.Travel;

/// <summary>What checkpoints hold is counted, and bounded.</summary>
public sealed class CheckpointShelfTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public void All_that_they_hold_is_bounded(int megabytes)
    {
        using TravelledRun run = new("--cpus 4 --seed 9 pthread-mix-glibc");
        Stage stage = new(run.Kernel, new TravelSink(), run.Course.Stage.Tape);
        using CheckpointShelf shelf = new((long)megabytes << 20, () => run.Kernel.Ram.PagesHeld);
        long largest = 0;
        for (int i = 0; i < 400; i++)
        {
            run.Kernel.Run(StopAt.Between(run.Kernel.Time + 2000));
            long before = shelf.BytesHeld;
            shelf.AddLasting(stage.Save(i));
            largest = Math.Max(largest, shelf.BytesHeld - before);

            // The first stays in any case, and so does what RAM holds itself.
            (shelf.Count == 1 || shelf.BytesHeld <= (long)megabytes << 20).ShouldBeTrue();
        }

        shelf.Count.ShouldBeGreaterThan(megabytes == 1 ? 0 : 4);
    }

    /// <summary>The collector's own figure is the truth: what is said is no less, and not much more.</summary>
    [Fact]
    public void What_is_said_of_their_objects_is_what_they_take()
    {
        const int Count = 200;
        using TravelledRun run = new("--cpus 4 --seed 9 pthread-mix-glibc");
        Stage stage = new(run.Kernel, new TravelSink(), run.Course.Stage.Tape);
        List<Checkpoint> kept = [stage.Save(0)];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long said = 0;
        for (int i = 1; i <= Count; i++)
        {
            run.Kernel.Run(StopAt.Between(run.Kernel.Time + 5000));
            kept.Add(stage.Save(i));
            said += kept[^1].ObjectBytes;
        }

        long taken = GC.GetTotalMemory(forceFullCollection: true) - before;

        said.ShouldBeGreaterThan(taken * 8 / 10);
        said.ShouldBeLessThan(taken * 4);
        kept.Count.ShouldBe(Count + 1);
    }
}
