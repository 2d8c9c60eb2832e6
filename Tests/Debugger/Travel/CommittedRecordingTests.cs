using System.CommandLine;
using MmuEmu.Debugger;
using MmuEmu.Debugger.Recordings;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Debugger.Travel;
using MmuEmu.Kernel.Run;
using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Debugger.Travel;

/// <summary>Recordings that lie in the repository, one of each maker's model, are the same runs on every host and in every later version.</summary>
/// <remarks>
/// Where a change of the machine is meant, they are made again: <c>mmuemu run --record Tests/Data/recordings/amd.mmurec --cpu v3,vendor=amd vrange-recover</c>,
/// and likewise for the other maker. That they can be read is <c>RecordingFileTests</c>'s matter.
/// </remarks>
public sealed class CommittedRecordingTests
{
    [Theory]
    [InlineData("run")]
    [InlineData("why")]
    [InlineData("walk", "0x401000")]
    public void Commands_that_run_programs_say_what_a_recording_is_for(string command, params string[] more)
    {
        string file = Path.Combine(SourceTree.Root, "Tests", "Data", "recordings", "amd.mmurec");

        CommandResult result = CommandHarness.Run([command, file, .. more]);

        result.Status.ShouldBe(ExitCodes.NoGuest);
        result.Error.ShouldContain("is a recording");
        result.Error.ShouldContain($"try: mmuemu debug {file}");
    }

    [Theory]
    [InlineData("amd", "1341806 d0c0d1a256974bd942b24aa38227eae171ae50116b6bb960ab50c8899f73f13c")]
    [InlineData("intel", "1341806 a56bcb238455d5f3491cb2088c02bb3f4706f5c6a895f6ca5aa6316f09f2dd7f")]
    public void A_committed_recording_is_played_to_its_end(string name, string end)
    {
        Recording recording = RecordingReader.Read(Path.Combine(SourceTree.Root, "Tests", "Data", "recordings", $"{name}.mmurec"));
        RunFlags flags = new();
        Command command = new("debug");
        flags.AddTo(command);
        PlannedRun plan = RunPlan.Again(recording.Run.Record, command.Parse(["none"]), flags);
        using TravelSession session = TravelSession.Open(recording, plan, null, new TimelineRules(), static _ => { });

        session.Journey.Edge(Direction.Forward).Reason.ShouldBe(StopReason.End);

        session.Trouble().ShouldBeNull();
        session.Journey.End!.Reason.ShouldBe(EndReason.Exited);
        session.Journey.End.Time.ShouldBe(recording.End!.Left.Time);
        string hash = Convert.ToHexStringLower(session.Journey.Look(kernel => kernel.HashRam()));
        hash.ShouldBe(recording.End.Left.RamHash);
        $"{session.Journey.End.Time} {hash}".ShouldBe(end);
    }
}
