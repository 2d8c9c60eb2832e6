using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Gdb;

/// <summary>Which events of a run are stops for the debugger, and which stops.</summary>
/// <param name="session">The session.</param>
internal sealed class EventStops(GdbSession session)
{
    private const int OutsideTheMachine = 1;

    /// <summary>Processes that borrow their parents' memory, and those parents.</summary>
    private readonly Dictionary<int, int> _borrowers = [];

    /// <summary>Kinds that may be stops.</summary>
    public TraceMask Kinds => TraceMask.Of(KernelEvent.Signal, KernelEvent.Task)
        | (session.Wishes.Calls is null ? TraceMask.None : TraceMask.Of(KernelEvent.SyscallEntry, KernelEvent.SyscallReturn));

    /// <summary>True when an event is a stop on the way.</summary>
    public bool Wants(in TraceEvent happened, Direction direction) => happened.Detail switch
    {
        SignalDetail signal when happened.Kind == KernelEvent.Signal => session.IsAttached(happened.Stamp.Pid)
            && signal.Info.Signal != Signal.SIGKILL
            && !session.Wishes.Passed.Contains(signal.Info.Signal),
        SyscallDetail when happened.Kind is KernelEvent.SyscallEntry or KernelEvent.SyscallReturn =>
            session.IsAttached(happened.Stamp.Pid) && session.Wishes.WantsCall(happened.Number),
        TaskDetail task => direction == Direction.Forward
            ? WantsTask(happened.Stamp.Pid, task)
            : task.Change == TaskChange.Executed && session.IsAttached(happened.Stamp.Pid) && session.Wishes.Execs,
        _ => false,
    };

    /// <summary>The stop at an event that is wanted, behind which the journey stands.</summary>
    public GdbStop Make(in TraceEvent happened)
    {
        (int pid, int tid) = (happened.Stamp.Pid, happened.Stamp.Tid);
        return happened.Detail switch
        {
            SignalDetail signal => new GdbStop(GdbStopKind.Signal, pid, tid) { Signal = signal.Info.Signal },
            SyscallDetail => new GdbStop(happened.Kind == KernelEvent.SyscallEntry ? GdbStopKind.CallEntry : GdbStopKind.CallReturn, pid, tid) { Number = happened.Number },
            TaskDetail task => OfTask(pid, tid, task),
            _ => new GdbStop(GdbStopKind.Trap, pid, tid),
        };
    }

    /// <summary>The stop before an execve on the way back: the process runs the program that it ran before; null when it ran none.</summary>
    public GdbStop? MakeBack(int pid)
    {
        Stop before = session.Journey.StepInstruction(Direction.Backward);
        return before.Reason == StopReason.Arrived && session.Seen.Processes.FirstOrDefault(process => process.Pid == pid) is { } old
            ? new GdbStop(GdbStopKind.Exec, pid, ThreadOf(pid)) { Path = old.Location }
            : null;
    }

    private bool WantsTask(int pid, TaskDetail task) => task.Change switch
    {
        TaskChange.Began => task.Parent > OutsideTheMachine && session.IsAttached(task.Parent) && (session.Wishes.Forks || session.Wishes.VForks),
        TaskChange.Executed => _borrowers.ContainsKey(pid) || (session.IsAttached(pid) && session.Wishes.Execs),
        TaskChange.Ended => _borrowers.ContainsKey(pid) || session.IsAttached(pid),
        _ => false,
    };

    private GdbStop OfTask(int pid, int tid, TaskDetail task)
    {
        if (task.Change == TaskChange.Began)
        {
            return Begun(pid, task.Parent);
        }

        if (_borrowers.Remove(pid, out int parent) && !session.IsAttached(pid))
        {
            return new GdbStop(GdbStopKind.VForkDone, parent, ThreadOf(parent));
        }

        return task.Change == TaskChange.Executed
            ? new GdbStop(GdbStopKind.Exec, pid, tid) { Path = task.Text }
            : Gone(pid, task.Status);
    }

    private GdbStop Begun(int child, int parent)
    {
        session.Attach(child);
        bool borrows = session.Wishes.VForks && session.SpaceOf(child) == session.SpaceOf(parent);
        if (borrows)
        {
            _borrowers[child] = parent;
        }

        return new GdbStop(borrows ? GdbStopKind.VFork : GdbStopKind.Fork, parent, ThreadOf(parent)) { Number = (ulong)child };
    }

    /// <summary>The end of a process by its wait status.</summary>
    private static GdbStop Gone(int pid, int status)
    {
        int signal = status & 0x7F;
        return signal == 0
            ? new GdbStop(GdbStopKind.Exited, pid, pid) { Number = (ulong)(status >> 8 & 0xFF) }
            : new GdbStop(GdbStopKind.Killed, pid, pid) { Signal = (Signal)signal };
    }

    /// <summary>The thread of a process that is at work, else its first.</summary>
    private int ThreadOf(int pid) =>
        session.Seen.Tasks.FirstOrDefault(task => task.Pid == pid && task.IsAtWork)?.Tid ?? pid;
}
