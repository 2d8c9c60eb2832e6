using MmuEmu.Guests;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Guests;

namespace MmuEmu.Tests.Kernel.Run;

/// <summary>Every program that ships does under the mini-kernel what its catalogue entry says.</summary>
public sealed class ShippedGuestTests
{
    public static TheoryData<string> Plain => GuestFiles.Names(program => program.Kind != GuestKind.Speed && program.RunOptions.Count == 0);

    [Theory]
    [MemberData(nameof(Plain))]
    public void It_prints_what_is_expected_and_ends_as_it_should(string name)
    {
        GuestProgram program = GuestFiles.Find(name);

        GuestRun run = GuestRun.Of(GuestFiles.BuiltFileOf(program));

        (run.Result.ExitCode, run.Output.Text).ShouldBe((program.ExitCode, GuestFiles.ExpectedOutputOf(program)), run.Result.Message);
    }

    [Fact]
    public void Memory_that_runs_out_kills_the_program_that_took_it()
    {
        GuestProgram program = GuestFiles.Find("oom");

        GuestRun run = GuestRun.Of(GuestRun.Options(GuestFiles.BuiltFileOf(program)) with { RamBytes = 8 << 20 });

        (run.Result.Reason, run.Result.ExitCode).ShouldBe((EndReason.OutOfMemory, 137));
        run.Output.Text.ShouldBe(GuestFiles.ExpectedOutputOf(program));
    }

    [Fact]
    [Spec("V-084")]
    public void A_handler_that_repairs_nothing_gets_the_same_signal_for_ever()
    {
        GuestProgram program = GuestFiles.Find("bad-sigbus-loop");

        GuestRun run = GuestRun.Of(GuestRun.Options(GuestFiles.BuiltFileOf(program)) with { MaxInstructions = 1_000_000 });

        (run.Result.Reason, run.Result.ExitCode, run.Result.Time).ShouldBe((EndReason.LimitReached, 124, 1_000_000UL));
        run.Trace!.Signals.Count.ShouldBeGreaterThan(1000);
        run.Trace.Signals.Select(signal => signal.Info).Distinct().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData("vrange-recover")]
    [InlineData("cow-fork")]
    [InlineData("bad-orphan")]
    public void Two_runs_tell_the_same_story_to_the_cycle(string name)
    {
        KernelOptions options = GuestRun.Options(GuestFiles.BuiltFileOf(GuestFiles.Find(name))) with { Timing = TimingMode.On };

        List<string> first = Story(options);
        List<string> second = Story(options);

        second.ShouldBe(first);
        first.Count.ShouldBeGreaterThan(20);
    }

    private static List<string> Story(KernelOptions options) =>
        GuestRun.Of(options with { Trace = new TraceRecorder((TraceKinds)0xFF) }).Trace!.All;
}
