using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Gdb;

/// <summary>Goes on, forwards and backwards, to the next thing at which the debugger wants to stop.</summary>
/// <remarks>
/// gdb believes of a processor that a watchpoint stops behind the write, and of one that runs backwards that it stops before it; so it is told.
/// The run's end is first a stop at the last instruction, so that somebody can go back; going on from there tells how the process ended.
/// </remarks>
internal sealed class Runner
{
    private readonly GdbSession _session;
    private readonly StopRequest _request;
    private readonly EventStops _events;
    private readonly WatchStops _watches;
    private readonly RunGoals _goals;
    private readonly Ending _ending;

    /// <summary>Moves of <paramref name="session"/>, which <paramref name="request"/> can stop.</summary>
    public Runner(GdbSession session, StopRequest request)
    {
        (_session, _request) = (session, request);
        _events = new EventStops(session);
        _watches = new WatchStops(session);
        _goals = new RunGoals(session, _events);
        _ending = new Ending(session);
    }

    private Journey Journey => _session.Journey;

    /// <summary>Goes on to the next stop.</summary>
    /// <param name="direction">Which way.</param>
    /// <param name="besides">A goal of the caller's, at which a Trap is told; null for none.</param>
    public GdbStop Go(Direction direction, Goal? besides = null)
    {
        if (direction == Direction.Forward && _ending.Gone is { } gone)
        {
            return gone;
        }

        if (direction == Direction.Backward && _watches.ChangedJustBefore() is { } changed)
        {
            return changed;
        }

        if (direction == Direction.Backward && Journey.Latest is { Detail: TaskDetail, Stamp.Pid: var pid } executed && _events.Wants(executed, direction))
        {
            return _events.MakeBack(pid) ?? Told(GdbStopKind.Begin);
        }

        while (!_request.IsAsked)
        {
            Position from = Journey.Here;
            Stop stop = Journey.RunTo(_goals.Of(direction, besides), direction);
            if (Interpret(stop, from, direction, besides) is { } known)
            {
                return known;
            }
        }

        return Interrupted();
    }

    /// <summary>One instruction of a thread forwards, or to what stops it before.</summary>
    public GdbStop Step(int tid)
    {
        if (_ending.Gone is { } gone)
        {
            return gone;
        }

        while (!_request.IsAsked)
        {
            Position from = Journey.Here;
            Stop stop = Journey.StepInstruction(Direction.Forward);
            Position to = Journey.Here;
            if (EventBetween(from, to) is { } happened)
            {
                return happened;
            }

            if (stop.Reason != StopReason.Arrived)
            {
                return stop.Reason == StopReason.Interrupted ? Interrupted() : _ending.OfRun();
            }

            if (_watches.Between(from, to) is { } met)
            {
                return met;
            }

            if (TidHere == tid || tid <= 0)
            {
                return Told(GdbStopKind.Trap);
            }

            GdbStop other = Go(Direction.Forward, ThreadGoesOn(tid));
            if (other.Kind != GdbStopKind.Trap || TidHere == tid)
            {
                return other;
            }
        }

        return Interrupted();
    }

    /// <summary>Instructions of a thread until it leaves a range of code, or something stops it before.</summary>
    public GdbStop StepRange(int tid, ulong start, ulong end)
    {
        while (!_request.IsAsked)
        {
            GdbStop stop = Step(tid);
            if (stop.Kind != GdbStopKind.Trap || RipOf(stop.Tid) is not { } rip || rip < start || rip >= end)
            {
                return stop;
            }

            // The first step has told what is here; from now on one look along the run finds where the range is left.
            TrailPoint? left = Journey.Trail(Direction.Forward)
                .Where(point => point.Tid == tid && (point.Rip < start || point.Rip >= end))
                .Select(point => (TrailPoint?)point).FirstOrDefault();
            GdbStop gone = Go(Direction.Forward, left is { } behind ? new BreakGoal("the end of the range", new HashSet<ulong> { behind.Rip }) : null);
            if (gone.Kind != GdbStopKind.Trap || gone.Tid == tid)
            {
                return gone;
            }
        }

        return Interrupted();
    }

    /// <summary>One instruction of a thread backwards.</summary>
    public GdbStop StepBack(int tid)
    {
        Position from = Journey.Here;
        ulong? rip = RipOf(tid);
        Stop stop = Journey.StepInstruction(Direction.Backward);
        if (stop.Reason == StopReason.Arrived && Journey.Here.Time == from.Time && TidHere == tid && RipOf(tid) == rip)
        {
            // From inside of an instruction: its begin looks the same.
            stop = Journey.StepInstruction(Direction.Backward);
        }

        if (stop.Reason == StopReason.Begin)
        {
            return Told(GdbStopKind.Begin);
        }

        if (tid > 0 && TidHere != tid)
        {
            ulong last = Journey.Here.Time;
            foreach (TrailPoint point in Journey.Trail(Direction.Backward))
            {
                if (point.Tid == tid && point.Time <= last)
                {
                    Journey.GoTo(point);
                    break;
                }
            }
        }

        return ExecBehind(from) ?? _watches.Between(Journey.Here, from) ?? Told(GdbStopKind.Trap);
    }

    private int TidHere => _session.Seen.Tasks.FirstOrDefault(task => task.IsAtWork)?.Tid ?? 0;

    private ulong? RipOf(int tid) => _session.Seen.RegistersOf(tid)?.User.Rip;

    /// <summary>What a move's end is to the debugger; null when it is nothing to it.</summary>
    private GdbStop? Interpret(Stop stop, Position from, Direction direction, Goal? besides)
    {
        switch (stop.Reason)
        {
            case StopReason.Interrupted:
                return Interrupted();
            case StopReason.Begin:
                return Told(GdbStopKind.Begin);
            case StopReason.End:
                return _ending.OfRun();
            default:
                break;
        }

        if (_goals.WatchedBy(stop.Met!) is { } watched)
        {
            return _watches.Met(watched, stop.Met!, from, direction);
        }

        if (stop.Met == besides)
        {
            return Told(IsBreak() ? GdbStopKind.Break : GdbStopKind.Trap);
        }

        return stop.Met is BreakGoal ? (IsBreak() ? Told(GdbStopKind.Break) : null)
            : direction == Direction.Backward && Journey.Latest is { Detail: TaskDetail, Stamp.Pid: var pid } ? _events.MakeBack(pid) ?? Told(GdbStopKind.Begin)
            : OfEvent(Journey.Latest, from);
    }

    private GdbStop? OfEvent(TraceEvent? happened, Position from)
    {
        if (happened is { Detail: SignalDetail signal } && HasBreakWhereNothingRuns(signal, from))
        {
            Journey.Seek(Journey.Here.Time);
            return Told(GdbStopKind.Break);
        }

        GdbStop? stop = happened is { } known ? _events.Make(known) : null;
        return stop is { IsGone: true } ? _ending.OfProcess(stop) : stop;
    }

    /// <summary>
    /// True when a signal came because the instruction at a breakpoint cannot be fetched, and the run has not stood before it yet: so gdb calls
    /// functions, which return to a breakpoint on the stack.
    /// </summary>
    private bool HasBreakWhereNothingRuns(SignalDetail signal, Position from) =>
        Journey.Here.Step > Journey.Now.Start
        && new Position(Journey.Here.Time, Journey.Now.Start) > from
        && _session.Seen.Tasks.Any(task => task.IsAtWork && _session.Stops.Has(task.Pid, signal.Rip.Raw));

    private bool IsBreak() => _session.Seen.Tasks.FirstOrDefault(task => task.IsAtWork) is { } task
        && _session.IsAttached(task.Pid) && _session.Stops.Has(task.Pid, task.Rip.Raw);

    /// <summary>The first event at which the debugger stops, behind <paramref name="from"/> and not behind <paramref name="to"/>.</summary>
    private GdbStop? EventBetween(Position from, Position to)
    {
        for (ulong time = from.Time; time <= to.Time; time++)
        {
            Happenings what = Journey.At(time);
            for (int i = 0; i < what.Events.Count; i++)
            {
                Position where = new(time, what.After(i));
                if (where > from && where <= to && _events.Kinds.Has(what.Events[i].Kind) && _events.Wants(what.Events[i], Direction.Forward))
                {
                    Journey.Seek(where.Time, where.Step);
                    return OfEvent(what.Events[i], from);
                }
            }
        }

        return null;
    }

    /// <summary>The stop before an execve that a step back has come over.</summary>
    private GdbStop? ExecBehind(Position from)
    {
        Position here = Journey.Here;
        Happenings what = Journey.At(from.Time);
        int number = what.Events.ToList().FindIndex(happened => happened.Detail is TaskDetail && _events.Wants(happened, Direction.Backward));
        if (number < 0 || new Position(from.Time, what.After(number)) is var exec && (exec <= here || exec > from))
        {
            return null;
        }

        Journey.Seek(exec.Time, exec.Step);
        return _events.MakeBack(what.Events[number].Stamp.Pid);
    }

    private static EventGoal ThreadGoesOn(int tid) => new("the thread goes on", TraceMask.Of(KernelEvent.UserEntry))
    {
        IsMet = happened => happened.Stamp.Tid == tid,
    };

    private GdbStop Interrupted()
    {
        if (!Journey.IsAtInstruction)
        {
            Journey.Seek(Journey.Here.Time);
        }

        return Told(GdbStopKind.Interrupt);
    }

    private GdbStop Told(GdbStopKind kind) => StopHere.Told(_session, kind);
}
