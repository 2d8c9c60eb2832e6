using MmuEmu.Debugger.Travel;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Gdb;

/// <summary>The end of a run or of the last process that is the debugger's: first a stop from which somebody can go back, then how it ended.</summary>
/// <param name="session">The session.</param>
internal sealed class Ending(GdbSession session)
{
    private (Position Where, Timeline Line, GdbStop Gone)? _told;

    /// <summary>How the process ended, when its end was told here; null anywhere else.</summary>
    public GdbStop? Gone => _told is { } told && told.Where == session.Journey.Here && told.Line == session.Journey.Course.Newest ? told.Gone : null;

    /// <summary>A process has just ended.</summary>
    public GdbStop OfProcess(GdbStop gone)
    {
        Journey journey = session.Journey;
        if (session.Tasks.Any(task => task.Pid != gone.Pid))
        {
            return gone;
        }

        // The process is gone with its memory: the last instruction before is where there is something to see.
        Stop last = journey.StepInstruction(Direction.Backward);
        while (last.Reason == StopReason.Arrived && !session.Tasks.Any(task => task.Pid == gone.Pid))
        {
            last = journey.StepInstruction(Direction.Backward);
        }

        _told = (journey.Here, journey.Course.Newest, gone);
        session.Console.Say(gone.Kind == GdbStopKind.Exited
            ? $"the guest ends here with status {gone.Number}; go back with reverse-continue, or continue to be told so"
            : $"the guest ends here by {gone.Signal}; go back with reverse-continue, or continue to be told so");
        return new GdbStop(GdbStopKind.End, gone.Pid, session.Current?.Tid ?? gone.Tid);
    }

    /// <summary>The run has ended, and no process with it.</summary>
    public GdbStop OfRun()
    {
        session.Last = null;
        session.Console.Say($"the run ends here: {Words(session.Journey.End?.Reason)}");
        return new GdbStop(GdbStopKind.End, session.Current?.Pid ?? 0, session.Current?.Tid ?? 0);
    }

    private static string Words(EndReason? reason) => reason switch
    {
        EndReason.LimitReached => "its instructions are spent (--max-insns)",
        EndReason.Deadlock => "every thread waits for something that cannot come",
        EndReason.OutOfMemory => "memory is out",
        EndReason.UnsupportedInstruction => "an instruction is not implemented",
        EndReason.ExpectationFailed => "what the guest claimed of a fault did not hold",
        _ => "nothing is left to run",
    };
}
