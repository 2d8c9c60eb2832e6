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
    public static RunResult Of(PlannedRun plan, MiniKernel kernel, Interruption interruption, StatusLine? status)
    {
        if (status is null || plan.Cut is not null || !OperatingSystem.IsLinux())
        {
            return plan.RunOn(kernel);
        }

        status.Begin();
        using Timer tick = new(_ => kernel.AskPause(), null, StatusLine.Silence, StatusLine.Interval);
        while (true)
        {
            RunResult result = plan.RunOn(kernel);
            if (result.Reason != EndReason.Interrupted || interruption.Cause != InterruptCause.None)
            {
                status.End();
                return result;
            }

            status.Show(result.Time);
        }
    }
}
