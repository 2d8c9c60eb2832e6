using System.CommandLine;
using MmuEmu.Debugger.Recordings;
using MmuEmu.Debugger.Sessions;

namespace MmuEmu.Debugger.Travel;

/// <summary>Makes of a recording the run that it tells of, to be run like any other.</summary>
internal static class RecordedRepetition
{
    /// <summary>The run, with nothing of it begun.</summary>
    /// <param name="recording">What was recorded.</param>
    /// <param name="parsed">The command line of now; what it says of what is told comes first.</param>
    /// <param name="flags">The options.</param>
    /// <exception cref="CommandException">An option would make it another run, or nothing of it was recorded.</exception>
    public static PlannedRun Of(Recording recording, ParseResult parsed, RunFlags flags)
    {
        Repetition.DemandNothingElse(recording.File, "recording", parsed, flags);
        RecordingFile.DemandRun(recording);
        RunRecord record = Repetition.Told(recording.Run.Record, parsed, flags);
        PlannedRun plan = RunPlan.OnTape(record, parsed, flags);
        RunCut? cut = recording.End is { } end ? end.Cut : new RunCut(InterruptCause.Signal, null, recording.Checkpoints[^1].Time);
        return plan with
        {
            Options = plan.Options with { Program = recording.Run.ProgramFile },
            Notes = [.. plan.Notes, .. recording.Remarks()],
            Past = new PastRun(recording.File, recording.Run.Version, record, new RecordedInput(0, "", null), recording.Run.ProgramHash, [], cut, recording.End?.Left),
        };
    }
}
