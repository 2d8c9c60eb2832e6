using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Sessions;

/// <summary>A run that shows on the user's terminal that it is alive.</summary>
internal static class LongRun
{
    /// <summary>Runs to the end, with pauses to show how far it is.</summary>
    /// <param name="plan">Which says where the run ends, when it repeats another.</param>
    /// <param name="kernel">The run.</param>
    /// <param name="interruption">Who may end it before.</param>
    /// <param name="status">Where it is shown; null for nowhere.</param>
    public static RunResult Of(PlannedRun plan, MiniKernel kernel, Interruption interruption, StatusLine? status) =>
        Of(() => plan.RunOn(kernel), kernel, interruption, plan.Cut is null ? status : null);

    /// <summary>The same of a run that somebody else drives.</summary>
    /// <param name="runOn">Runs on until the end or a pause that was asked for.</param>
    /// <param name="kernel">The run.</param>
    /// <param name="interruption">Who may end it before.</param>
    /// <param name="status">Where it is shown; null for nowhere.</param>
    public static RunResult Of(Func<RunResult> runOn, MiniKernel kernel, Interruption interruption, StatusLine? status)
    {
        if (status is null || !OperatingSystem.IsLinux())
        {
            return runOn();
        }

        status.Begin();
        using Timer tick = new(_ => kernel.AskPause(), null, StatusLine.Silence, StatusLine.Interval);
        while (true)
        {
            RunResult result = runOn();
            if (result.Reason != EndReason.Interrupted || interruption.Cause != InterruptCause.None)
            {
                status.End();
                return result;
            }

            status.Show(result.Time);
        }
    }
}
