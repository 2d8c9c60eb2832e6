using MmuEmu.Kernel.Run;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Kernel.State;

namespace MmuEmu.Tests.Kernel.Views;

/// <summary>A question changes nothing (invariant 7): no field of the machine or the kernel, no byte of RAM, and not what comes after.</summary>
public sealed class NothingChangesTests
{
    private const int Stops = 5;

    [Theory]
    [InlineData("hello", TimingMode.Off)]
    [InlineData("--cpus 3 --quantum 700 pthread-mix-musl", TimingMode.Off)]
    [InlineData("--cpus 3 --quantum 500 cow-fork", TimingMode.On)]
    [InlineData("--ram 8M --swap 16M page-touch", TimingMode.Off)]
    [InlineData("--cpus 3 --ram 4M --swap 16M swap-through", TimingMode.Off)]
    [InlineData("vrange-recover", TimingMode.On)]
    [InlineData("--tlb maxstale --cpus 3 --seed 3 vrange-threads", TimingMode.Off)]
    [InlineData("lazyfree-allocator", TimingMode.Off)]
    [InlineData("volatile-cache", TimingMode.Off)]
    [InlineData("remote-paging", TimingMode.Off)]
    [InlineData("sockets", TimingMode.Off)]
    public void A_question_changes_nothing(string line, TimingMode timing)
    {
        ulong whole = WholeTime(line, timing);
        using SavedRun silent = new(line, timing);
        using SavedRun asked = new(line, timing);
        for (ulong stop = 1; stop < Stops; stop++)
        {
            // Not at equal parts of the run: a loop's period could hide what happens inside it.
            ulong time = (whole * stop / Stops) + (stop * 7);
            SavedRun.Told told = silent.Run(StopAt.Time(time));
            asked.Run(StopAt.Time(time)).ShouldBeLike(told, $"{line}, T = {time}");
            ShouldNotChange(asked.Kernel, $"{line}, T = {time}");
        }

        SavedRun.Told end = silent.Run();
        asked.Run().ShouldBeLike(end, $"{line}, the end");
        ShouldNotChange(asked.Kernel, $"{line}, the end");
    }

    [Theory]
    [InlineData(StopKind.Fault, "")]
    [InlineData(StopKind.Syscall, "vrange")]
    [InlineData(StopKind.Signal, "")]
    public void So_it_is_at_stops_before_something_happens(StopKind kind, string name)
    {
        using SavedRun silent = new("vrange-recover");
        using SavedRun asked = new("vrange-recover");
        StopAt stop = new(kind, 1, name);
        silent.Run(stop);
        asked.Run(stop);
        ShouldNotChange(asked.Kernel, $"{kind}");

        asked.Run().ShouldBeLike(silent.Run(), $"{kind}");
    }

    private static ulong WholeTime(string line, TimingMode timing)
    {
        using SavedRun run = new(line, timing);
        run.Run();
        return run.Kernel.Time;
    }

    private static void ShouldNotChange(MiniKernel kernel, string when)
    {
        byte[] ram = kernel.HashRam();
        ObjectGraph graph = ObjectGraph.Of(kernel, LeftOut.OfRun);

        EveryQuestion.Ask(kernel);

        graph.Differences().ShouldBeEmpty(when);
        kernel.HashRam().ShouldBe(ram, when);
    }
}
