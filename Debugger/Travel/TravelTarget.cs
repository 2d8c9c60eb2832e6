using System.CommandLine;
using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Recordings;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Travel;

/// <summary>Opens what a command line names: a guest, with the options of a run, or a recording.</summary>
internal static class TravelTarget
{
    private const string Stats = "--stats";

    /// <summary>The session, of which nothing is run yet; what a user should know of it is said.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="flags">Its options and GUEST.</param>
    /// <param name="rules">What travelling may cost.</param>
    /// <param name="streams">The guest's streams; of a recording only outputs are used.</param>
    /// <param name="say">Takes lines for the user.</param>
    /// <param name="timing">Whether a guest's cycles are counted; a recording says that itself.</param>
    /// <exception cref="CommandException">There is no such guest or recording, or it is refused.</exception>
    public static TravelSession Open(ParseResult parsed, RunFlags flags, TimelineRules rules, GuestStreams streams, Action<string> say, TimingMode timing = TimingMode.Off)
    {
        string[] words = parsed.GetValue(flags.Guest) ?? [];
        if (!RecordingFile.IsRecording(words[0]))
        {
            PlannedRun plan = RunPlan.Of(parsed, flags);
            plan = plan with { Options = plan.Options with { Timing = timing } };
            plan.Notes.ToList().ForEach(say);
            return TravelSession.Start(plan, plan.StreamsOf(streams), rules, new NoticeTeller(plan.Options.Cpu, say).Take);
        }

        Recording recording = RecordingReader.Read(words[0]);
        DemandAlone(words, parsed, flags);
        recording.Remarks().ToList().ForEach(say);

        // What was to be told of the run then is no option of every command.
        RunRecord known = recording.Run.Record with { Options = [.. recording.Run.Record.Options.Where(option => flags.Recorded.Any(one => one.Name == option.Name))] };
        PlannedRun recorded = RunPlan.OnTape(known, parsed, flags);
        recorded = recorded with
        {
            Options = recorded.Options with { Timing = recording.Run.Record.Has(Stats) ? TimingMode.On : TimingMode.Off },
        };
        return TravelSession.Open(recording, recorded, streams, rules, new NoticeTeller(recorded.Options.Cpu, say).Take);
    }

    /// <summary>A recording says itself what runs and how.</summary>
    private static void DemandAlone(string[] words, ParseResult parsed, RunFlags flags)
    {
        string? other = words.Length > 1 ? $"'{words[1]}'" : flags.TypedOfMachine(parsed).FirstOrDefault();
        if (other is not null)
        {
            throw new CommandException(
                ExitCodes.Usage, $"{other} beside the recording '{words[0]}': expected nothing, a recording says what runs and how", $"try: {CommandPath.Of(parsed.CommandResult)} {words[0]}");
        }
    }
}
