using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Debugger;

namespace MmuEmu.Tests.Guests;

/// <summary>Programs with threads on several processors: one seed is one run, every seed is a right one.</summary>
public sealed class ThreadedGuestTests
{
    private const string StressOutput = "sum 2460 of 2460\n";

    public static TheoryData<string, int, int, string> Tours()
    {
        TheoryData<string, int, int, string> rows = [];
        foreach (string guest in (string[])["pthread-mix-musl", "pthread-mix-glibc", "thread-calls"])
        {
            rows.Add(guest, 4, 10_000, "");
            rows.Add(guest, 3, 500, "5");
            rows.Add(guest, 64, 10_000, "9");
        }

        return rows;
    }

    [Theory]
    [InlineData("7", "10000")]
    [InlineData("8", "100")]
    public void Two_runs_with_one_seed_write_the_same_trace_byte_for_byte(string seed, string quantum)
    {
        CommandResult first = Json(seed, quantum);
        CommandResult second = Json(seed, quantum);

        first.Status.ShouldBe(0, first.Error);
        first.Out.ShouldContain("\"cpu\": 3");
        second.Out.ShouldBe(first.Out);
    }

    [Fact]
    public void Another_seed_tells_another_story() => Json("8", "100").Out.ShouldNotBe(Json("9", "100").Out);

    [Fact]
    public void A_hundred_seeds_give_a_hundred_runs_and_one_right_result()
    {
        HashSet<ulong> lengths = [];
        for (ulong seed = 1; seed <= 100; seed++)
        {
            GuestRun run = GuestRun.Of(Seeded("pthread-stress", seed, 200));
            (run.Result.ExitCode, run.Output.Text).ShouldBe((0, StressOutput), $"seed {seed}: {run.Result.Message}");
            lengths.Add(run.Result.Time);
        }

        lengths.Count.ShouldBeGreaterThan(80);
    }

    [Fact]
    public void A_race_loses_other_updates_with_another_seed_and_the_same_with_the_same()
    {
        string[] first = [.. Enumerable.Range(1, 6).Select(Lost)];
        string[] second = [.. Enumerable.Range(1, 6).Select(Lost)];

        second.ShouldBe(first);
        first.Distinct().Count().ShouldBeGreaterThan(3);
        first.ShouldAllBe(line => !line.EndsWith(" 0 lost\n", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Tours))]
    public void A_tour_through_threads_is_the_same_on_any_number_of_processors(string guest, int cpus, int quantum, string seed)
    {
        KernelOptions options = Options(guest) with { Cpus = cpus, Quantum = (ulong)quantum };
        options = seed.Length == 0 ? options : options with { Seed = ulong.Parse(seed, System.Globalization.CultureInfo.InvariantCulture), Interleaving = Interleaving.Seeded };

        GuestRun run = GuestRun.Of(options);

        run.Output.Text.ShouldBe(GuestFiles.ExpectedOutputOf(GuestFiles.Find(guest)), run.Result.Message);
    }

    [Theory]
    [InlineData("--cpus", "0")]
    [InlineData("--cpus", "65")]
    [InlineData("--quantum", "0")]
    [InlineData("--quantum", "4294967296")]
    public void A_number_out_of_range_is_refused_with_the_range(string option, string value)
    {
        CommandResult result = CommandHarness.Run("run", option, value, "hello");

        result.Status.ShouldBe(2);
        result.Error.ShouldContain("expected 1 to ");
    }

    [Fact]
    public void Statistics_of_several_processors_are_shown_one_by_one_and_summed()
    {
        CommandResult result = CommandHarness.Run("run", "--stats", "--cpus", "3", GuestFiles.BuiltFileOf(GuestFiles.Find("pthread-stress")));

        result.Error.ShouldContain("Each processor:");
        result.Error.ShouldContain("cpu 2");
    }

    private static string Lost(int seed) => GuestRun.Of(Seeded("lost-update", (ulong)seed, 100)).Output.Text;

    private static CommandResult Json(string seed, string quantum) => CommandHarness.Run(
        "run", "--json", "--trace", "fault,syscall,signal,task", "--cpus", "4", "--seed", seed, "--quantum", quantum,
        GuestFiles.BuiltFileOf(GuestFiles.Find("pthread-stress")));

    private static KernelOptions Seeded(string guest, ulong seed, ulong quantum) =>
        Options(guest) with { Cpus = 4, Quantum = quantum, Seed = seed, Interleaving = Interleaving.Seeded };

    private static KernelOptions Options(string guest) => GuestRun.Options(GuestFiles.BuiltFileOf(GuestFiles.Find(guest))) with { Trace = null };
}
