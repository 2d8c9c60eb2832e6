using MmuEmu.Debugger.Recordings;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Debugger.Recordings;

/// <summary>A recording with something of each kind in it, the same whenever it is made.</summary>
internal sealed class SampleRecording
{
    public const string Name = "sample.mmurec";

    private const string Program = "/home/user/prog";
    private static readonly byte[] Elf = [0x7F, (byte)'E', (byte)'L', (byte)'F', .. Enumerable.Range(0, 300).Select(i => (byte)(i * i))];

    public SampleRecording()
    {
        Host = new ScriptedStreams("typed\n", "", "more\n") { IsTerminal = true };
        PretendedDisk disk = new();
        disk.Add(Program, Elf, 1_700_000_000_000_000_000);
        disk.Add("/home/user/notes", "changes often"u8.ToArray(), -5);
        disk.Add("/usr/lib/libc.so", new byte[5000], 7);
        Tapes = RunTapes.Of(Host.Host, disk);
        Talk();
        AskDisk();
        Signals.Add(new SentSignal(1000, 0, Signal.SIGINT));
        Signals.Add(new SentSignal(1000, 3, Signal.SIGWINCH));
    }

    public ScriptedStreams Host { get; }

    public RunTapes Tapes { get; }

    private InputTape Input => Tapes.Input;

    private DiskTape Disk => Tapes.Disk;

    private SignalTape Signals => Tapes.Signals;

    public static RecordedRun Run { get; } = new(
        "1.2.3",
        new RunRecord("./prog", ["-x", "\uDC80é", ""], Program, "/home/user",
        [
            new RecordedOption("--ram", OptionValues.One, ["64M"], OptionOrigin.Catalogue),
            new RecordedOption("--env", OptionValues.Many, ["A=1", "B=two words"], OptionOrigin.Typed),
            new RecordedOption("--stats", OptionValues.Switch, [RecordedOption.On], OptionOrigin.Typed),
            new RecordedOption("--root", OptionValues.One, ["/"], OptionOrigin.Default) { Written = ["."] },
        ]),
        Program,
        TapeFile.HashOf(Elf),
        new StreamKinds(true, true, true));

    public static RecordedMoment[] Checkpoints { get; } =
        [new RecordedMoment(0, 0, TapeFile.HashOf("begin"u8)), new RecordedMoment(1000, 3, TapeFile.HashOf("middle"u8)), new RecordedMoment(ulong.MaxValue, uint.MaxValue, TapeFile.HashOf("end"u8))];

    public static SegmentSummary[] Segments { get; } = [new SegmentSummary(1, [1, 2, 3]), new SegmentSummary(2, [])];

    public RecordedEnd End => new("Exited", 3, 0, new RunCut(InterruptCause.Timeout, TimeSpan.FromMilliseconds(1500), 123456), new RunTrack(123456, TapeFile.HashOf("ram"u8)))
    {
        Outputs = [.. Enumerable.Range(0, 3).Select(stream => new OutputTrack((ulong)Input.Shown(stream).Total, Input.HashOf(stream)))],
    };

    /// <summary>The file's bytes.</summary>
    public byte[] Bytes()
    {
        MemoryStream file = new();
        using RecordingWriter writer = new(file, Name);
        writer.Begin(Run);
        writer.Add(Checkpoints[0]);
        writer.Flush(Tapes);
        writer.Add(Checkpoints[1]);
        writer.Add(Checkpoints[2]);
        Array.ForEach(Segments, writer.Add);
        writer.Flush(Tapes);
        writer.End(End);
        return file.ToArray();
    }

    /// <summary>What is in <paramref name="recording"/>, as text.</summary>
    public static string Text(Recording recording)
    {
        List<string> lines = [Text(recording.Run)];
        for (int i = 0; i < recording.Notes.Length; i++)
        {
            TapeNote note = recording.Notes[i];
            byte[] data = new byte[note.DataLength];
            recording.Notes.CopyData(note, data);
            lines.Add($"{recording.Notes.StartOf(i)} {note with { DataAt = 0 }} {Convert.ToHexString(data)}");
        }

        lines.AddRange(recording.Disk.Select(Text));
        lines.AddRange(recording.Signals.Sent.Select(signal => $"{signal}"));
        lines.AddRange(recording.Checkpoints.Select(checkpoint => $"{checkpoint}"));
        lines.AddRange(recording.Segments.Select(segment => $"{segment.Version} {Convert.ToHexString(segment.Bytes)}"));
        lines.Add(recording.End is { } end ? $"{end with { Outputs = [] }} {string.Join(' ', end.Outputs)}" : "cut");
        return string.Join('\n', lines);
    }

    /// <summary>What has to be in a recording of this.</summary>
    public Recording Expected() => new(Name, Run)
    {
        Notes = Input.Notes,
        Disk = Disk.Answers,
        Signals = Signals,
        Checkpoints = Checkpoints,
        Segments = Segments,
        End = End,
        WholeBytes = 0,
        FileBytes = 0,
        Skipped = [],
    };

    private static string Text(RecordedRun run) =>
        $"{run.Version} {run.ProgramFile} {run.ProgramHash} {run.Kinds} {run.Record.Guest} {string.Join('|', run.Record.Arguments)} {run.Record.Program} {run.Record.Folder} "
        + string.Join(';', run.Record.Options.Select(option => $"{option.Name} {option.Takes} {string.Join(',', option.Values)} {option.By} {string.Join(',', option.Written ?? [])}"));

    /// <summary>Bytes below the system's folders are not in a file.</summary>
    private static string Text(DiskAnswer answer) =>
        $"{answer.Question} {answer.Path} {answer.Errno} {answer.Full} {answer.Entry} {string.Join(',', answer.Names)} {answer.File?.Track} "
        + (answer.File is { Content: { } content } && !SystemFolders.Have(answer.Path) ? Convert.ToHexString(content) : "");

    private void Talk()
    {
        byte[] bytes = new byte[64];
        byte[] modes = new byte[36];
        IHostStream input = Input.Streams.Input;
        _ = input.Size;
        input.ReadModes(modes);
        modes[12] = 2;
        input.WriteModes(modes, 1);
        input.HasInput(0);
        input.Read(bytes, out _);
        Input.Streams.Output.Write("asked\n"u8, out _);
        for (int i = 0; i < 5; i++)
        {
            input.HasInput(50);
        }

        input.Read(bytes, out _);
        input.Read(bytes, out _);
        Host.Refuses = Errno.EPIPE;
        Input.Streams.Error.Write("lost"u8, out _);
        Host.Refuses = Errno.None;
        Input.Streams.Error.Write(new byte[3000], out _);
    }

    private void AskDisk()
    {
        _ = Disk.FullPath("prog");
        foreach (string path in (string[])[Program, "/home/user/notes", "/usr/lib/libc.so", "/none"])
        {
            _ = Disk.Stat(path, out _);
            _ = Disk.Open(path, out _);
        }

        _ = Disk.List("/home/user", out _);
    }
}
