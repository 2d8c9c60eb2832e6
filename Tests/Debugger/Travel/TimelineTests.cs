using MmuEmu.Debugger.Travel;
using MmuEmu.Guests;
using MmuEmu.Kernel.Run;
using MmuEmu.Tests.Kernel.State;

namespace MmuEmu.Tests.Debugger.Travel;

/// <summary>A run that is looked at from all sides is the run that nobody looks at.</summary>
public sealed class TimelineTests
{
    public static TheoryData<string> Catalogue => [.. GuestCatalogue.Programs.Select(program => program.Name)];

    public static TheoryData<string, TimingMode> Others => SnapshotTests.Others;

    [Theory]
    [MemberData(nameof(Catalogue))]
    public void Exploring_disturbs_no_program_that_ships(string name) => EndsAlike(name, TimingMode.Off);

    [Theory]
    [MemberData(nameof(Others))]
    public void Nor_one_on_another_machine(string line, TimingMode timing) => EndsAlike(line, timing);

    [Theory]
    [InlineData("vrange-recover", TimingMode.Off)]
    [InlineData("cow-fork", TimingMode.On)]
    [InlineData("--cpus 4 --seed 7 pthread-mix-glibc", TimingMode.Off)]
    [InlineData("--ram 8M --swap 16M page-touch", TimingMode.Off)]
    [InlineData("--tlb nocache hello-glibc", TimingMode.Off)]
    public void Wherever_somebody_goes_it_is_what_it_was_there(string line, TimingMode timing)
    {
        using TravelledRun run = new(line, timing);
        Random random = new(11);
        run.Journey.Seek(ulong.MaxValue);
        ulong end = run.Journey.Explored;
        Dictionary<Position, string> seen = [];
        for (int i = 0; i < 60; i++)
        {
            Stop stop = (i % 4) switch
            {
                0 => run.Journey.Seek((ulong)random.NextInt64((long)end)),
                1 => run.Journey.StepMicro(Direction.Forward),
                2 => run.Journey.StepInstruction(Direction.Backward),
                _ => seen.Count == 0 ? run.Journey.Seek(0) : SeekTo(run.Journey, seen.Keys.ElementAt(random.Next(seen.Count))),
            };
            string here = run.Here();
            seen.TryAdd(stop.Where, here);
            here.ShouldBe(seen[stop.Where], stop.Where.ToString());
        }

        run.Journey.Seek(ulong.MaxValue);
        SavedRun.LeftBy(run.Kernel, run.Journey.End!).ShouldBe(TravelledRun.PlainEnd(line, timing));
    }

    [Fact]
    public void Little_memory_makes_it_slower_and_nothing_else()
    {
        const string line = "--ram 8M --swap 16M page-touch";
        using TravelledRun run = new(line, rules: new TimelineRules { Spacing = 1 << 16, MostBytes = 600 << 12, Near = 2 });
        run.Journey.Seek(ulong.MaxValue);
        ulong end = run.Journey.Explored;

        for (ulong time = 0; time < end; time += (end / 23) + 1)
        {
            run.Journey.Seek(time).Where.Time.ShouldBe(time);
            run.Kernel.Ram.PagesHeld.ShouldBeLessThan(600 + 4096);
        }
    }

    private static Stop SeekTo(Journey journey, Position position) => journey.Seek(position.Time, position.Step);

    private static void EndsAlike(string line, TimingMode timing)
    {
        using TravelledRun run = new(line, timing);
        Random random = new(5);
        while (run.Course.Newest.Extend(Watcher.None) is { } piece)
        {
            if (random.Next(3) == 0)
            {
                run.Journey.Seek((ulong)random.NextInt64((long)piece.End.Time + 1));
                _ = run.Here();
            }
        }

        run.Journey.Seek(ulong.MaxValue);
        SavedRun.LeftBy(run.Kernel, run.Journey.End!).ShouldBe(TravelledRun.PlainEnd(line, timing));
    }
}
