using System.Text.Json.Nodes;
using MmuEmu.Debugger.Recordings;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Debugger.Travel;

/// <summary><c>run --from</c> a recording, and <c>run --record</c> beside other wishes.</summary>
public sealed class PlayedRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mmuemu-played").FullName;

    private string Recorded => Path.Combine(_folder, "run.mmurec");

    [Theory]
    [InlineData("vrange-recover")]
    [InlineData("bad-null")]
    [InlineData("--max-insns 5000 hello")]
    [InlineData("--stats --strace hello a b")]
    [InlineData("--cpus 2 --seed 3 pthread-mix-musl")]
    public void A_recording_is_run_like_the_run_that_it_is_of(string line)
    {
        CommandResult plain = CommandHarness.RunHere(["run", .. line.Split(' ')]);
        CommandHarness.RunHere(["run", "--record", Recorded, .. line.Split(' ')]).ShouldBe(plain);

        CommandHarness.RunHere("run", "--from", Recorded).ShouldBe(plain);
    }

    [Theory]
    [InlineData("vrange-recover")]
    [InlineData("bad-null")]
    public void A_report_and_a_recording_are_of_one_run(string line)
    {
        CommandResult report = CommandHarness.RunHere(["run", "--json", .. line.Split(' ')]);

        CommandHarness.RunHere(["run", "--json", "--record", Recorded, .. line.Split(' ')]).ShouldBe(report);

        RecordingReader.Read(Recorded).IsCut.ShouldBeFalse();
        CommandHarness.RunHere("run", "--json", "--from", Recorded).ShouldBe(report);
    }

    [Fact]
    public void What_was_read_is_in_the_report_of_a_recording()
    {
        using AsmGuest guest = AskedSession.Repeater();
        CommandResult report = ReportedRun.Run(new ScriptedInput("abc", "defg", "hi"), "run", "--json", "--record", Recorded, guest.Path);

        CommandResult played = CommandHarness.RunHere("run", "--json", "--from", Recorded);

        played.ShouldBe(report);
        JsonNode.Parse(played.Out)!["stdin"]!["bytes"]!.GetValue<ulong>().ShouldBe(9UL);
    }

    [Fact]
    public void The_run_of_a_report_can_be_recorded()
    {
        string report = Path.Combine(_folder, "run.json");
        File.WriteAllText(report, CommandHarness.RunHere("run", "--json", "vrange-recover").Out);

        CommandResult repeated = CommandHarness.RunHere("run", "--from", report, "--record", Recorded);

        repeated.ShouldBe(CommandHarness.RunHere("run", "vrange-recover"));
        CommandHarness.RunHere("run", "--from", Recorded).ShouldBe(repeated);
    }

    [Fact]
    public void A_run_that_the_host_ended_is_ended_again_and_its_recording_too()
    {
        string report = Path.Combine(_folder, "run.json");
        CommandResult cut = CommandHarness.RunHere("run", "--json", "--timeout", "0.2", "--record", Recorded, "sieve", "200000000");
        File.WriteAllText(report, cut.Out);
        string again = Path.Combine(_folder, "again.mmurec");

        CommandResult played = CommandHarness.RunHere("run", "--from", Recorded);

        (cut.Status, played.Status).ShouldBe((124, 124));
        CommandHarness.RunHere("run", "--from", report).ShouldBe(played);
        CommandHarness.RunHere("run", "--from", report, "--record", again).ShouldBe(played);
        CommandHarness.RunHere("run", "--from", again).ShouldBe(played);
    }

    [Fact]
    public void A_recording_that_is_cut_is_run_as_far_as_it_goes_which_is_no_success()
    {
        CommandHarness.RunHere("run", "-q", "--record", Recorded, "--max-insns", "20000000", "sieve", "20000000");
        byte[] whole = File.ReadAllBytes(Recorded);
        File.WriteAllBytes(Recorded, whole[..(whole.Length * 3 / 4)]);

        CommandResult played = CommandHarness.RunHere("run", "--from", Recorded);

        played.Status.ShouldBe(120);
        played.Error.ShouldContain($"it was played to T {RecordingReader.Read(Recorded).Checkpoints[^1].Time}");
    }

    [Theory]
    [InlineData("--record again.mmurec", "expected a report or a GUEST to be recorded, found a recording")]
    [InlineData("--ram 8M", "--ram beside --from")]
    [InlineData("hello", "GUEST 'hello' beside --from")]
    public void What_would_make_it_another_run_is_refused(string wish, string message)
    {
        CommandHarness.RunHere("run", "-q", "--record", Recorded, "hello");

        CommandResult result = CommandHarness.RunHere(["run", "--from", Recorded, .. wish.Split(' ')]);

        result.Status.ShouldBe(2);
        result.Error.ShouldContain(message);
        result.Error.ShouldContain("try: ");
    }

    /// <summary>All that was read below it is in the recording.</summary>
    [Fact]
    public void The_root_folder_of_a_run_may_be_gone()
    {
        string root = Path.Combine(_folder, "root");
        Directory.CreateDirectory(root);
        using (AsmGuest guest = AskedSession.Repeater())
        {
            File.Copy(guest.Path, Path.Combine(root, "guest"));
        }

        CommandResult recorded = CommandHarness.RunHere("run", "--root", root, "--record", Recorded, "/guest");
        recorded.Status.ShouldBe(0);
        Directory.Delete(root, recursive: true);

        CommandHarness.RunHere("run", "--from", Recorded).ShouldBe(recorded);
        CommandHarness.RunHere("diff", Recorded, Recorded).Out.ShouldStartWith("equal");
        CommandHarness.RunHere("trace", "export", "--format", "strace", Recorded).GuestOut.ShouldContain("exit_group(0)");
        string script = Path.Combine(_folder, "script");
        File.WriteAllText(script, "run to syscall read\nwhere\n");
        CommandResult shown = CommandHarness.RunHere("debug", "-x", script, Recorded);
        (shown.Status, shown.Error).ShouldBe((0, ""));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
