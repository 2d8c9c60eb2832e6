using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Sessions;

/// <summary>A run to be explained.</summary>
/// <param name="Plan">What was asked for.</param>
/// <param name="Verdict">How it ended.</param>
internal sealed record WhyReport(PlannedRun Plan, Verdict Verdict)
{
    /// <summary>The incident that was asked for, from 1; 0 for the end of the run.</summary>
    public ulong Nth { get; init; }

    /// <summary>The last lines that the guest wrote to its standard error.</summary>
    public IReadOnlyList<string> Said { get; init; } = [];

    /// <summary>Knows the last system call that failed.</summary>
    public required FailedCalls Calls { get; init; }

    /// <summary>The guest's argv[0].</summary>
    public string Guest => Plan.Options.Arguments[0];

    /// <summary>The run's result.</summary>
    public RunResult Result => Verdict.Result;

    /// <summary>The incident to explain: the one that was asked for, or else the one that the run ended in, or its last; null for none.</summary>
    public FaultRecord? Incident => Nth != 0 ? Result.Incident
        : Result.Reason is EndReason.Killed or EndReason.OutOfMemory or EndReason.UnsupportedInstruction ? Result.LastFault
        : Result.Incident;

    /// <summary>The incident alone is the answer, not how the run ended.</summary>
    public bool IsOfIncident => Nth != 0 || Result.Reason is EndReason.Killed or EndReason.UnsupportedInstruction or EndReason.OutOfMemory
        || (Result.Reason is EndReason.Exited && Result.ExitCode == 0 && Incident is not null);
}
