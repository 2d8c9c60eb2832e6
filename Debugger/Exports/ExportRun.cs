using MmuEmu.Debugger.Sessions;
using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Exports;

/// <summary>Runs a guest or a recording once, from its begin to the window's end, and tells a writer what happens.</summary>
/// <param name="session">The run, of which nothing has run yet.</param>
/// <param name="window">What is told of it.</param>
/// <param name="export">The writer.</param>
internal sealed class ExportRun(TravelSession session, ExportWindow window, IExport export)
{
    private bool _isOpen;

    /// <summary>What travelling may cost here: nobody goes back, so nothing is kept.</summary>
    public static TimelineRules Rules => new() { Spacing = ulong.MaxValue >> 1, MostBytes = 0, Near = 0 };

    private Timeline Line => session.Journey.Course.Newest;

    /// <summary>True when the window is over, whether the run is or not.</summary>
    private bool IsBehind => Line.Explored.Time > window.To;

    /// <summary>Runs on until the run or the window ends, or somebody wants a pause.</summary>
    /// <param name="isEnded">True when the run was ended from outside.</param>
    public RunResult Run(Func<bool> isEnded)
    {
        if (!_isOpen)
        {
            _isOpen = true;
            export.Begin(session.Kernel);
            foreach (TraceEvent happened in session.Boot.Where(happened => export.Wanted.Has(happened.Kind)))
            {
                Tell(happened);
            }
        }

        Watcher watcher = new(export.Wanted, Tell, export.Probe);
        while (!IsBehind && Line.Extend(watcher) is not null)
        {
            if (Line.End is null && Line.Last!.Reason == EndReason.Interrupted && (!Line.IsFull || isEnded()))
            {
                return Line.Last;
            }
        }

        return Line.End ?? Line.Last!;
    }

    /// <summary>Writes the end.</summary>
    public void End(Verdict verdict)
    {
        bool isOver = Line.End is not null && verdict.Result.Time <= window.To;
        bool isCut = verdict.Cause != InterruptCause.None;
        string reason = isOver || isCut ? verdict.Reason : "Window";
        export.End(new ExportEnd(Math.Min(verdict.Result.Time, window.To), reason, isOver && !isCut ? verdict.Result.ExitCode : null));
    }

    private void Tell(in TraceEvent happened)
    {
        if (happened.Stamp.Time <= window.To && (happened.Stamp.Time >= window.From || export.WantsPast))
        {
            export.Take(happened);
        }
    }
}
