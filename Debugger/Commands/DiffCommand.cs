using System.CommandLine;
using System.CommandLine.Parsing;
using MmuEmu.Debugger.Differences;
using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Recordings;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Debugger.Travel;

namespace MmuEmu.Debugger.Commands;

/// <summary><c>mmuemu diff</c>: the first point at which two runs differ.</summary>
internal static class DiffCommand
{
    private const string Example = "--ram 8M page-touch 64";

    private static readonly TimelineRules Rules = new();

    /// <summary>The command.</summary>
    public static Command Make(Output output)
    {
        Argument<string> a = MakeSide("A");
        Argument<string> b = MakeSide("B");
        Command command = new("diff", "Plays two recordings, or runs guests without input, and tells the first point at which they differ: status 0 when there is none, 1 when there is one.") { a, b };
        command.SetAction(parsed => Compare(parsed.GetValue(a)!, parsed.GetValue(b)!, output));
        return command;
    }

    private static Argument<string> MakeSide(string name) => new(name)
    {
        HelpName = name,
        Description = "A recording, or a guest; in quotes with arguments behind it and options of a run before it, as '--ram 8M page-touch 64'.",
        CompletionSources = { ValueWords.FileOr(() => GuestChoice.Words).Complete },
    };

    private static int Compare(string wordOfA, string wordOfB, Output output)
    {
        using RunSide a = Open("A", wordOfA, output);
        using RunSide b = Open("B", wordOfB, output);
        using Interruption ofA = Interruption.Of(a.Session.Kernel, a.Session.Plan, output);
        using Interruption ofB = Interruption.Of(b.Session.Kernel, b.Session.Plan, output);
        string[] configuration = [.. PlanDifference.Lines(a, b), .. TapeDifference.Files(a.Recording, b.Recording)];
        if (configuration.Length > 0)
        {
            output.Out.WriteLine("asked for differently:");
            configuration.ToList().ForEach(line => output.Out.WriteLine($"  {line}"));
        }

        RunPair pair = new(a, b, () => ofA.Cause != InterruptCause.None || ofB.Cause != InterruptCause.None);
        RunPoint? point = pair.Find();
        if (point is null && ofA.Cause != InterruptCause.None)
        {
            output.Say("interrupted: no difference was found so far");
            return Verdict.StatusOf(ofA.Cause);
        }

        if (point is not null)
        {
            new DiffText(a, b, pair).Lines(point).ToList().ForEach(output.Out.WriteLine);
        }
        else
        {
            output.Out.WriteLine(pair.RamDiffersAtBegin ? "the same way: registers and events are equal to the end, and RAM differs from the begin" : "equal: registers, events and RAM to the end");
        }

        foreach (RunSide side in new[] { a, b })
        {
            if (side.Session.Trouble() is { } trouble)
            {
                output.Say($"{side.Name}: {trouble}");
                return ExitCodes.Expectation;
            }
        }

        return point is null && !pair.RamDiffersAtBegin ? ExitCodes.Ok : ExitCodes.Different;
    }

    private static RunSide Open(string name, string word, Output output)
    {
        RunFlags flags = new();
        Command command = new("diff");
        flags.AddTo(command);
        RootCommand root = new() { command };
        GuestStreams streams = new(new TailStream(), new TailStream(), new TailStream());
        ParseResult parsed = root.Parse(["diff", .. GuestSplit.Apply(["run", .. WordsOf(word)], command, 1).Skip(1)]);
        if (parsed.Errors.Count > 0)
        {
            throw new CommandException(ExitCodes.Usage, $"{name} '{OwnText.Printable(word)}': {parsed.Errors[0].Message}", $"try: mmuemu diff '{Example}' page-touch");
        }

        TravelSession session = TravelTarget.Open(parsed, flags, Rules, streams, output.Say);
        return new RunSide(name, word, session, session.IsRecording ? RecordingReader.Read(word) : null);
    }

    /// <summary>A file's name is one word, whatever is in it; all else is what stands behind mmuemu run.</summary>
    private static string[] WordsOf(string word)
    {
        string[] words = File.Exists(word) ? [word] : [.. CommandLineParser.SplitCommandLine(word)];
        return words.Length > 0 ? words : [word];
    }
}
