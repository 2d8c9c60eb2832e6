using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Sessions;

/// <summary>What the command makes of a run that is over.</summary>
/// <param name="Result">How it ended.</param>
/// <param name="Cause">What of the host ended it.</param>
/// <param name="Timeout">The time it was given, if any.</param>
/// <param name="Rules">How many pressure rules are the user's.</param>
/// <param name="Unfired">Those of them that never acted.</param>
/// <param name="Complains">They are to be told, and are no success.</param>
internal sealed record Verdict(RunResult Result, InterruptCause Cause, TimeSpan? Timeout, int Rules, IReadOnlyList<PressureRule> Unfired, bool Complains)
{
    /// <summary>What of the host ended this run, if anything did, and not the one that it repeats.</summary>
    public bool IsOwnInterruption { get; private init; }

    /// <summary>The exit status.</summary>
    public int Status => Cause != InterruptCause.None ? StatusOf(Cause)
        : Result.ExitCode == ExitCodes.Ok && Complains && Unfired.Count > 0 ? ExitCodes.Expectation
        : Result.ExitCode;

    /// <summary>The exit status of a command that only tells of the run, whatever the guest's own.</summary>
    public int Told => Cause != InterruptCause.None ? StatusOf(Cause)
        : Complains && Unfired.Count > 0 ? ExitCodes.Expectation
        : ExitCodes.Ok;

    /// <summary>Why the run ended, as one word.</summary>
    public string Reason => Cause == InterruptCause.Timeout ? "TimedOut" : Result.Reason.ToString();

    /// <summary>The verdict on <paramref name="result"/>; an interruption that came too late is none, and later ones end the command.</summary>
    public static Verdict Of(PlannedRun plan, RunResult result, Interruption interruption)
    {
        interruption.Dispose();
        RunCut? cut = result.Reason == EndReason.Interrupted && interruption.Cause == InterruptCause.None ? plan.Cut : null;
        return new Verdict(
            result,
            result.Reason == EndReason.Interrupted ? cut?.Cause ?? interruption.Cause : InterruptCause.None,
            cut is null ? plan.Timeout : cut.Timeout,
            plan.RulesAreTyped ? plan.Options.Pressure.Count : 0,
            plan.RulesAreTyped ? result.Unfired : [],
            !plan.AllowUnfired)
        {
            IsOwnInterruption = cut is null,
        };
    }

    /// <summary>The exit status of a run that was interrupted.</summary>
    public static int StatusOf(InterruptCause cause) => cause switch
    {
        InterruptCause.None => ExitCodes.Ok,
        InterruptCause.Timeout => ExitCodes.Limit,
        InterruptCause.Signal => ExitCodes.SignalBase + InterruptSignal,
    };

    private const int InterruptSignal = 2;
}
