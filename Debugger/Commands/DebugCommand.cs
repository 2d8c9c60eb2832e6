using System.CommandLine;
using MmuEmu.Debugger.Monitor;
using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Screens;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Debugger.Travel;
using MmuEmu.Debugger.View;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Debugger.Commands;

/// <summary><c>mmuemu debug</c>: the terminal view of a guest or a recording, or a script of its commands.</summary>
internal static class DebugCommand
{
    private const int BytesShown = 4096;
    private const ulong LeastMemory = 16 << 20;

    /// <summary>The command.</summary>
    public static Command Make(Output output)
    {
        Option<string?> script = new("-x")
        {
            HelpName = "SCRIPT",
            Description = "Do the commands of a file, - for standard input, and show each with its answer, without a terminal; one that cannot be done ends with status 2.",
            CompletionSources = { ValueWords.File.Complete },
        };
        Option<string?> at = new("--at") { HelpName = "POSITION", Description = "Begin at T, micro-step k, or at end." };
        Option<string?> wanted = new("--break")
        {
            HelpName = "WHAT",
            Description = "Begin at the first fault, badfault, signal, reclaim, rule, syscall:NAME, mark:NAME, or where the entry of an address is written: pte:ADDR.",
            CompletionSources = { ValueWords.OneOf(() => StartPlace.Words).Complete },
        };
        Option<string> memory = new("--memory")
        {
            HelpName = "SIZE",
            Description = "How much memory may be kept of the past, at least 16M; less makes steps back slower.",
            DefaultValueFactory = _ => "256M",
        };
        Command command = new("debug", "Shows a guest or a recording from inside, forwards and backwards in time: walks, entries, faults, frames, code. Options end at GUEST: what follows is the guest's.") { script, at, wanted, memory };
        RunFlags flags = new();
        flags.AddTo(command);
        flags.Guest.HelpName = "GUEST|RECORDING";
        flags.Guest.Description = "An x86-64 ELF file, static or dynamic, or the name of a program that ships, with the guest's arguments; or a recording that run --record wrote.";
        command.SetAction(parsed =>
        {
            Wishes wishes = new(parsed.GetValue(script), parsed.GetValue(at), parsed.GetValue(wanted), RulesOf(parsed.GetValue(memory)!));
            return wishes.Script is null ? ShowView(parsed, flags, wishes, output) : RunScript(parsed, flags, wishes, output);
        });
        return command;
    }

    private static TimelineRules RulesOf(string memory) => ByteCount.TryParse(memory, out ulong bytes) && bytes >= LeastMemory
        ? new TimelineRules { MostBytes = (long)Math.Min(bytes, long.MaxValue) }
        : throw new CommandException(ExitCodes.Usage, $"--memory {memory}: expected a size of at least {ByteCount.Show(LeastMemory)}", "try: --memory 256M");

    private static int ShowView(ParseResult parsed, RunFlags flags, Wishes wishes, Output output)
    {
        bool hasInput = !output.Guest.Input.IsTerminal;
        byte[] input = hasInput && output.Guest.Output.IsTerminal ? SilentStream.AllOf(output.Guest.Input) : [];
        if (!output.Guest.Output.IsTerminal || (hasInput && !(OperatingSystem.IsLinux() && HostDescriptor.TakeTerminalAsInput())))
        {
            throw new CommandException(
                ExitCodes.Usage,
                $"expected a terminal to show the view at; standard {(output.Guest.Output.IsTerminal ? "input" : "output")} is a file or a pipe",
                "try: mmuemu debug -x SCRIPT GUEST, which needs none; - reads the commands from standard input");
        }

        if (parsed.GetValue(flags.Timeout) is not null)
        {
            throw new CommandException(ExitCodes.Usage, $"{flags.Timeout.Name} with the view: expected it with a run or a script, which end; the view ends when you leave it", "try: mmuemu debug -x SCRIPT --timeout 60 GUEST");
        }

        List<string> said = [];
        GuestStreams streams = new(new SilentStream(input), new SilentStream(), new SilentStream());
        using TravelSession session = TravelTarget.Open(parsed, flags, wishes.Rules, streams, said.Add);
        using MonitorSession monitor = MonitorOf(session);
        Begin(monitor, wishes);
        said.ForEach(output.Say);
        string hint = session.IsRecording || hasInput ? "" : "   The guest's standard input is empty here: < FILE gives it one, :type TEXT a line.";
        SceneMaker maker = new(NameOf(session), monitor, () => session.Tape.Tapes.Input.Console.LastAt(session.Tape.Position, BytesShown), session.Trouble);
        BorderGlyphs glyphs = ProcessTerminal.ShowsUnicode ? BorderGlyphs.Lines : BorderGlyphs.Ascii;
        using TerminalScreen screen = new(ProcessTerminal.Take(output), new FrameWriter(output.OutPaint.IsOn), glyphs);
        using ScreenSignals signals = ScreenSignals.Of(screen);
        ViewSession view = new(monitor, maker, $"? explains the screen and the keys.{hint}");
        new ViewLoop(screen, view, session.Journey).Run();
        return ExitCodes.Ok;
    }

    private static int RunScript(ParseResult parsed, RunFlags flags, Wishes wishes, Output output)
    {
        bool isInput = wishes.Script == "-";
        using TextReader lines = isInput ? new StreamLines(output.Guest.Input) : Open(wishes.Script!);
        GuestStreams streams = new(isInput ? new SilentStream() : output.Guest.Input, new SilentStream(), new SilentStream());
        using TravelSession session = TravelTarget.Open(parsed, flags, wishes.Rules, streams, output.Say);
        using MonitorSession monitor = MonitorOf(session);
        Begin(monitor, wishes);
        return BatchScript.Run(monitor, isInput ? "standard input" : wishes.Script!, lines, session.Trouble, session.Plan.Timeout, output);
    }

    private static StreamReader Open(string file)
    {
        try
        {
            return new StreamReader(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCodes.Usage, $"-x {file}: expected a file with commands, found none that can be read", "try: -x -, which reads them from standard input");
        }
    }

    private static MonitorSession MonitorOf(TravelSession session) =>
        new(session.Journey, new WhyStyle(new SoftPteFormat(session.Plan.Options.Profile), Paint.None, session.Plan.Options.Pressure, session.Plan.Options.Cpu));

    private static void Begin(MonitorSession monitor, Wishes wishes)
    {
        if (wishes.At is { } time)
        {
            StartPlace.GoTo(monitor, time);
        }

        if (wishes.Break is { } what)
        {
            StartPlace.RunTo(monitor, what);
        }
    }

    private static string NameOf(TravelSession session)
    {
        string name = session.Plan.Options.Arguments[0];
        return name[(name.LastIndexOf('/') + 1)..];
    }

    private sealed record Wishes(string? Script, string? At, string? Break, TimelineRules Rules);
}
