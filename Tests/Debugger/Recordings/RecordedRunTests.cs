using System.CommandLine;
using MmuEmu.Debugger;
using MmuEmu.Debugger.Recordings;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Run;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Debugger.Recordings;

/// <summary>Whole runs on tapes: gone back in, and played again from their recording.</summary>
public sealed class RecordedRunTests : IDisposable
{
    private const string Busybox = "/bin/busybox";
    private const string Script = "read a; echo got $a; cat notes; read b; echo and $b; ls /; cat notes; read c; echo end $c >&2; exit 3";

    private readonly string _folder = Directory.CreateTempSubdirectory("mmuemu-test").FullName;

    [Fact]
    public void A_run_that_is_restored_goes_on_as_it_did_though_the_host_is_another()
    {
        ScriptedStreams host = new("one\n", "two\n");
        PlannedRun plan = Plan();
        RunTapes tapes = RunTapes.Of(host.Host, plan.Options.Disk);
        using MiniKernel kernel = GuestSession.Start(tapes.On(plan.Options));
        kernel.Run(StopAt.Time(1000));
        using RunImage early = kernel.Save();
        int position = tapes.Input.Position;
        string first = End(kernel);
        (int asked, string output) = (host.Asked, host.Out.Text);
        output.ShouldStartWith("got one\nfirst notes\nand two\n");
        File.WriteAllText(Path.Combine(_folder, "notes"), "other notes, and longer");

        kernel.Restore(early);
        tapes.Input.Position = position;

        End(kernel).ShouldBe(first);
        (host.Asked, host.Out.Text).ShouldBe((asked, output));
        ShouldBeRight(tapes);
    }

    /// <summary>The guest is static, so that a host without any file can play its recording.</summary>
    [Fact]
    public void A_recording_plays_without_the_host_that_it_was_made_on()
    {
        byte[] file = Record(new ScriptedStreams("one\n", "two\n"), out string first);
        Directory.Delete(_folder, recursive: true);
        Directory.CreateDirectory(_folder);
        Recording recording = RecordingReader.Read(new MemoryStream(file), "run.mmurec");
        ScriptedStreams screen = new();

        RunTapes tapes = recording.Tapes(screen.Host, new PretendedDisk());
        using MiniKernel kernel = GuestSession.Start(recording.Run.On(Again(recording).Options, tapes));

        End(kernel).ShouldBe(first);
        screen.Out.Text.ShouldStartWith("got one\nfirst notes\nand two\n");
        screen.Err.Text.ShouldBe("end\n");
        ShouldBeRight(tapes);
        (tapes.Input.HashOf(1), tapes.Input.HashOf(2)).ShouldBe((recording.End!.Outputs[1].Hash, recording.End.Outputs[2].Hash));
        recording.End.Left.ShouldBe(new RunTrack(kernel.Time, Convert.ToHexStringLower(kernel.HashRam())));
        recording.Remarks().ShouldBeEmpty();
    }

    [Fact]
    public void A_recording_cut_short_plays_as_far_as_it_goes_and_says_that_it_is_over()
    {
        byte[] file = Record(new ScriptedStreams("one\n", "two\n"), out _);
        Recording whole = RecordingReader.Read(new MemoryStream(file), "run.mmurec");
        TapeNotes half = new();
        for (int i = 0; i < whole.Notes.Length / 2; i++)
        {
            byte[] data = new byte[whole.Notes[i].DataLength];
            whole.Notes.CopyData(whole.Notes[i], data);
            half.Add(whole.Notes[i], data);
        }

        InputTape input = InputTape.Again(half, whole.Run.Kinds, null);
        using MiniKernel kernel = GuestSession.Start(whole.Run.On(Again(whole).Options, whole.Tapes(null, new PretendedDisk()) with { Input = input }));
        kernel.Run();

        input.Over.ShouldNotBeNull().Position.ShouldBe(half.Count);
        input.Departed.ShouldBeNull();
    }

    /// <summary>Libraries of the system are named by their digest: they have to be the same on the host that plays.</summary>
    [Fact]
    public void A_dynamic_guest_plays_with_the_libraries_that_it_had_and_tells_of_others()
    {
        const string Guest = "/bin/ls";
        Assert.SkipUnless(File.Exists(Guest) && File.Exists("/lib64/ld-linux-x86-64.so.2"), $"{Guest} with its libraries is not there");
        byte[] file = Record(new ScriptedStreams(), out string first, Guest, "-a", "/proc/self/fd");
        Recording recording = RecordingReader.Read(new MemoryStream(file), "run.mmurec");

        RunTapes same = recording.Tapes(null, Plan(Guest).Options.Disk);
        using (MiniKernel kernel = GuestSession.Start(recording.Run.On(Again(recording).Options, same)))
        {
            End(kernel).ShouldBe(first);
            ShouldBeRight(same);
        }

        RunTapes gone = recording.Tapes(null, new PretendedDisk());
        Should.Throw<CommandException>(() => GuestSession.Start(recording.Run.On(Again(recording).Options, gone)));
        gone.Disk.Changed.ShouldNotBeNull().Found.ShouldBeNull();
    }

    [Fact]
    public void A_terminal_that_somebody_types_at_is_played_without_waiting()
    {
        ScriptedStreams person = new("", "", "", "one\n", "", "two\n") { IsTerminal = true };
        byte[] file = Record(person, out string first);
        Recording recording = RecordingReader.Read(new MemoryStream(file), "run.mmurec");
        ScriptedStreams screen = new();

        RunTapes tapes = recording.Tapes(screen.Host, new PretendedDisk());
        using MiniKernel kernel = GuestSession.Start(recording.Run.On(Again(recording).Options, tapes));

        End(kernel).ShouldBe(first);
        ShouldBeRight(tapes);
        recording.Run.Kinds.ShouldBe(new StreamKinds(true, true, true));
        screen.Out.Text.ShouldBe(person.Out.Text);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string End(MiniKernel kernel)
    {
        RunResult result = kernel.Run();
        return $"{result.Reason} {result.ExitCode} T={result.Time} {Convert.ToHexString(kernel.HashRam())}";
    }

    private static void ShouldBeRight(RunTapes tapes) =>
        (tapes.Input.Departed, tapes.Input.Over, tapes.Disk.Changed, tapes.Disk.Missing).ShouldBe((null, null, null, null));

    private static PlannedRun Again(Recording recording)
    {
        (ParseResult parsed, RunFlags flags) = Parse("x");
        return RunPlan.Again(recording.Run.Record, parsed, flags);
    }

    private static (ParseResult Parsed, RunFlags Flags) Parse(params string[] words)
    {
        RunFlags flags = new();
        Command command = new("run");
        flags.AddTo(command);
        return (command.Parse(words), flags);
    }

    private byte[] Record(ScriptedStreams host, out string first, params string[] guest)
    {
        PlannedRun plan = Plan(guest);
        RunTapes tapes = RunTapes.Of(host.Host, plan.Options.Disk);
        MemoryStream file = new();
        using RecordingWriter writer = new(file, "run.mmurec");
        writer.Begin(RecordedRun.Of(plan, tapes.Input.Kinds));
        using MiniKernel kernel = GuestSession.Start(tapes.On(plan.Options));
        for (ulong time = 10_000; kernel.Run(StopAt.Time(time)).Reason == EndReason.Paused; time += 10_000)
        {
            writer.Flush(tapes);
        }

        first = End(kernel);
        RunResult result = kernel.Run();
        writer.Flush(tapes);
        writer.End(new RecordedEnd($"{result.Reason}", result.ExitCode, 0, null, new RunTrack(result.Time, Convert.ToHexStringLower(kernel.HashRam())))
        {
            Outputs = [.. Enumerable.Range(0, 3).Select(stream => new OutputTrack((ulong)tapes.Input.Shown(stream).Total, tapes.Input.HashOf(stream)))],
        });
        return file.ToArray();
    }

    private PlannedRun Plan(params string[] guest)
    {
        if (guest.Length == 0)
        {
            Assert.SkipUnless(File.Exists(Busybox), $"{Busybox} is not there (Debian: busybox-static)");
            File.WriteAllText(Path.Combine(_folder, "notes"), "first notes\n");
            guest = [Busybox, "sh", "-c", Script];
        }

        (ParseResult parsed, RunFlags flags) = Parse(["--ram", "64M", .. guest]);
        PlannedRun plan = RunPlan.Of(parsed, flags);
        return plan with
        {
            Options = plan.Options with { WorkingDirectory = _folder },
            Record = plan.Record with { Folder = _folder },
        };
    }
}
