using System.CommandLine;
using MmuEmu.Debugger.Exports;
using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Recordings;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Debugger.Travel;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Commands;

/// <summary><c>mmuemu trace export</c>: a run in the file of another program.</summary>
internal static class TraceExportCommand
{
    private const string Try = "try: mmuemu trace export --format perfetto -o run.pftrace GUEST";

    /// <summary>The command.</summary>
    public static Command Make(Output output)
    {
        Words words = new();
        Command command = new("export", "Runs a guest, its output hidden, or plays a recording, and writes what happens for other programs; time is T, or cycles where they are counted.")
        {
            words.Format, words.File, words.Kinds, words.From, words.To, words.Cycles,
        };
        words.Flags.AddTo(command);
        command.SetAction(parsed => Export(parsed, words, output));
        return command;
    }

    private static int Export(ParseResult parsed, Words words, Output output)
    {
        ExportFormat format = FormatOf(parsed.GetValue(words.Format)!);
        TraceKinds kinds = KindsOf(parsed.GetValue(words.Kinds), format);
        (ulong from, ulong to) = (parsed.GetValue(words.From) ?? 0, parsed.GetValue(words.To) ?? ulong.MaxValue);
        if (from > to)
        {
            throw new CommandException(ExitCodes.Usage, $"--from {from} --to {to}: expected a T that is not before --from, found {to}", $"try: --from {to} --to {from}");
        }

        string? file = parsed.GetValue(words.File);
        if (format.IsBinary && file is null && output.Guest.Output.IsTerminal)
        {
            throw new CommandException(ExitCodes.Usage, $"--format {format.Name} is no text: expected -o FILE or a pipe, found a terminal", Try);
        }

        TimingMode timing = parsed.GetValue(words.Cycles) ? TimingMode.On : TimingMode.Off;
        GuestStreams streams = new(output.Guest.Input, new TailStream(), new TailStream());
        using TravelSession session = TravelTarget.Open(parsed, words.Flags, ExportRun.Rules, streams, output.Say, timing);
        bool hasCycles = session.Plan.Options.Timing == TimingMode.On;
        string source = parsed.GetValue(words.Flags.Guest)![0];
        if (timing == TimingMode.On && !hasCycles)
        {
            throw new CommandException(
                ExitCodes.Usage, $"--cycles: expected a run whose cycles are counted, found the recording '{source}' without", "try: mmuemu run --stats --record run.mmurec GUEST");
        }

        using ExportOutput target = file is null ? ExportOutput.To(new OwnStream(output.Guest.Output, "standard output")) : ExportOutput.To(file, source);
        ExportScene scene = new(session.Plan, new ExportWindow(from, to, hasCycles), kinds, target)
        {
            Program = session.IsRecording ? RecordingReader.Read(source).Program : null,
        };
        int status = Tell(session, format, scene, file is null ? null : output.Seat.Status, output);
        target.Flush();
        if (format.Remark(target.Written) is { } remark)
        {
            output.Say(remark);
        }

        return status;
    }

    /// <summary>Runs and writes; the status is that of a command which only tells of a run.</summary>
    private static int Tell(TravelSession session, ExportFormat format, ExportScene scene, StatusLine? line, Output output)
    {
        using IExport export = format.Make(scene);
        ExportRun run = new(session, scene.Window, export);
        using Interruption interruption = Interruption.Of(session.Kernel, session.Plan, output);
        RunResult result = LongRun.Of(() => run.Run(() => interruption.Cause != InterruptCause.None), session.Kernel, interruption, line);
        Verdict verdict = Verdict.Of(session.Plan, result, interruption);
        run.End(verdict);
        if (verdict.Cause != InterruptCause.None)
        {
            output.Say($"{SummaryText.CauseText(verdict)} at t={verdict.Result.Time}: the export ends there");
        }

        MissedText.Lines(verdict).ToList().ForEach(output.Say);
        if (session.Trouble() is { } trouble)
        {
            output.Say(trouble);
            return ExitCodes.Expectation;
        }

        return verdict.Told;
    }

    private static ExportFormat FormatOf(string name) =>
        ExportFormat.All.FirstOrDefault(format => format.Name == name)
        ?? throw new CommandException(ExitCodes.Usage, $"--format '{name}': expected {string.Join(", ", ExportFormat.All.Select(format => format.Name))}", Try);

    private static TraceKinds KindsOf(string? list, ExportFormat format)
    {
        if (list is null)
        {
            return format.Usual;
        }

        TraceKinds kinds = TraceKindText.Parse(list, "--kinds");
        if (list.Split(',', StringSplitOptions.TrimEntries).Contains(TraceKindText.All))
        {
            kinds &= format.Possible;
        }

        Word[] possible = [.. TraceKindText.WordsOf(format.Possible)];
        string? other = TraceKindText.WordsOf(kinds).Select(word => word.Text).FirstOrDefault(word => !possible.Any(known => known.Text == word));
        return other is null
            ? kinds
            : throw new CommandException(
                ExitCodes.Usage,
                $"--kinds '{other}' with --format {format.Name}: expected {string.Join(", ", possible.Select(word => word.Text))}",
                $"try: --format {format.Name} --kinds {possible[0].Text}");
    }

    /// <summary>What the command line is made of.</summary>
    private sealed class Words
    {
        public Option<string> Format { get; } = new("--format")
        {
            HelpName = "FORMAT",
            Description = "What to write: ndjson, perfetto, chrome, speedscope, strace or svg.",
            CompletionSources = { ValueWords.OneOf(() => ExportFormat.Words).Complete },
            DefaultValueFactory = _ => ExportFormat.All[0].Name,
        };

        public Option<string?> File { get; } = new("--output", "-o")
        {
            HelpName = "FILE",
            Description = "Where to; standard output without it.",
            CompletionSources = { ValueWords.File.Complete },
        };

        public Option<string?> Kinds { get; } = new("--kinds")
        {
            HelpName = "KINDS",
            Description = "Which events, as for run --trace: fault,walk,access,syscall,reclaim,signal,mark,task,rule or all; without it those that the format is for.",
            CompletionSources = { ValueWords.ListOf(() => [.. TraceKindText.WordsOf((TraceKinds)(-1) & ~TraceKinds.Boot), new Word(TraceKindText.All, "all that the format can tell")]).Complete },
        };

        public Option<ulong?> From { get; } = new("--from") { HelpName = "T", Description = "Leave out what happens before this T." };

        public Option<ulong?> To { get; } = new("--to") { HelpName = "T", Description = "Leave out what happens after this T, and do not run further." };

        public Option<bool> Cycles { get; } = new("--cycles") { Description = "Count a guest's cycles, and write them as time; a recording of run --stats has them anyway." };

        public RunFlags Flags { get; } = new()
        {
            Guest =
            {
                Description = "An x86-64 ELF file, static or dynamic, the name of a program that ships, or a recording; the guest's arguments follow.",
            },
        };
    }
}
