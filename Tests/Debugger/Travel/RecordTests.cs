using MmuEmu.Debugger.Recordings;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Debugger.Travel;

namespace MmuEmu.Tests.Debugger.Travel;

/// <summary>A run that is recorded, and played again from its file.</summary>
public sealed class RecordTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mmuemu-record").FullName;

    private string File => Path.Combine(_folder, "run.mmurec");

    [Theory]
    [InlineData("vrange-recover")]
    [InlineData("cow-fork")]
    [InlineData("swap-through")]
    [InlineData("--cpus 4 --seed 9 pthread-mix-glibc")]
    [InlineData("bad-null")]
    public void A_recording_is_the_run_that_it_is_of(string line)
    {
        CommandResult plain = CommandHarness.RunHere(["run", .. line.Split(' ')]);
        CommandResult recorded = CommandHarness.RunHere(["run", "--record", File, .. line.Split(' ')]);

        recorded.Status.ShouldBe(plain.Status);
        recorded.GuestOut.ShouldBe(plain.GuestOut);
        recorded.Error.ShouldBe(plain.Error);
        Recording recording = RecordingReader.Read(File);
        recording.IsCut.ShouldBeFalse();
        using TravelSession session = Open(recording);
        session.Journey.Edge(Direction.Forward).Reason.ShouldBe(StopReason.End);
        session.Trouble().ShouldBeNull();
        session.Journey.End!.Time.ShouldBe(recording.End!.Left.Time);
        Convert.ToHexStringLower(session.Journey.Look(kernel => kernel.HashRam())).ShouldBe(recording.End.Left.RamHash);
    }

    [Fact]
    public void Moments_keep_their_distance_however_long_the_run_is()
    {
        CommandHarness.RunHere("run", "--record", File, "--max-insns", "40000000", "sieve", "20000000").Status.ShouldBe(124);

        Recording recording = RecordingReader.Read(File);

        ulong[] times = [.. recording.Checkpoints.Select(moment => moment.Time)];
        times[0].ShouldBe(0UL);
        times.Zip(times.Skip(1), (one, next) => next - one).Max().ShouldBeLessThan((4UL << 20) + (2 * Timeline.SegmentLength));
        using TravelSession session = Open(recording);
        session.Journey.Edge(Direction.Forward).Where.Time.ShouldBe(40_000_000UL);
        session.Trouble().ShouldBeNull();
    }

    [Fact]
    public void A_recording_that_is_cut_is_played_as_far_as_it_goes_and_refused_where_nothing_is_left()
    {
        CommandHarness.RunHere("run", "--record", File, "--max-insns", "20000000", "sieve", "20000000");
        byte[] whole = System.IO.File.ReadAllBytes(File);
        System.IO.File.WriteAllBytes(File, whole[..(whole.Length * 3 / 4)]);

        Recording recording = RecordingReader.Read(File);

        recording.IsCut.ShouldBeTrue();
        using (TravelSession session = Open(recording))
        {
            session.Journey.Edge(Direction.Forward).Where.Time.ShouldBe(recording.Checkpoints[^1].Time);
            session.Trouble().ShouldBeNull();
        }

        System.IO.File.WriteAllBytes(File, whole[..1000]);
        Should.Throw<MmuEmu.Debugger.CommandException>(() => Open(RecordingReader.Read(File))).Message.ShouldContain("cut short");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static TravelSession Open(Recording recording)
    {
        RunFlags flags = new();
        System.CommandLine.Command command = new("debug");
        flags.AddTo(command);
        PlannedRun plan = RunPlan.Again(recording.Run.Record, command.Parse(["none"]), flags);
        return TravelSession.Open(recording, plan, null, new TimelineRules(), static _ => { });
    }
}
