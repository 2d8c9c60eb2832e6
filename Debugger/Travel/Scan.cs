using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Travel;

/// <summary>Looks along a course for the first or the last of some goals.</summary>
/// <remarks>Pieces in which nothing of it can have happened are passed over; in the others the Ts of what is met are noted first, then looked at exactly.</remarks>
internal sealed class Scan
{
    private const int MostCandidates = 1024;
    private readonly Course _course;
    private readonly IReadOnlyList<Goal> _goals;
    private readonly EventGoal[] _events;
    private readonly TraceMask _kinds;
    private readonly bool _everywhere;
    private readonly Func<bool> _isUnwanted;
    private readonly SortedDictionary<ulong, List<Goal>> _candidates = [];

    /// <summary>A search for <paramref name="goals"/>, given up when <paramref name="isUnwanted"/> says so.</summary>
    public Scan(Course course, IReadOnlyList<Goal> goals, Func<bool> isUnwanted)
    {
        (_course, _goals, _isUnwanted) = (course, goals, isUnwanted);
        _events = [.. goals.OfType<EventGoal>()];
        _kinds = _events.Aggregate(TraceMask.None, (all, goal) => all | goal.Kinds);
        _everywhere = goals.Any(goal => goal is not EventGoal);
    }

    /// <summary>The first one behind <paramref name="from"/>.</summary>
    public Stop Forward(Position from)
    {
        for (int number = _course.LineOf(from.Time); number < _course.Lines.Count; number++)
        {
            Timeline line = _course.Lines[number];
            for (int piece = line.Segments.Count == 0 ? 0 : line.Find(from.Time); _course.LeftAt(number) > StartOf(line, piece); piece++)
            {
                if (_isUnwanted())
                {
                    return new Stop(Position.Max(from, new Position(StartOf(line, piece), 0)), StopReason.Interrupted);
                }

                if (!Run(line, piece, from.Time, _course.LeftAt(number), last: false))
                {
                    return new Stop(EndOf(line), StopReason.End);
                }

                if (Resolve(from, forward: true) is { } stop)
                {
                    return stop;
                }
            }
        }

        return new Stop(EndOf(_course.Newest), StopReason.End);
    }

    /// <summary>The last one before <paramref name="from"/>.</summary>
    public Stop Backward(Position from)
    {
        for (int number = _course.LineOf(from.Time); number >= 0; number--)
        {
            Timeline line = _course.Lines[number];
            ulong left = _course.LeftAt(number);
            int last = line.Segments.Count - 1;
            for (int piece = Math.Min(last, LastOf(line, Math.Min(from.Time, left - 1))); piece >= 0; piece--)
            {
                if (_isUnwanted())
                {
                    return new Stop(from, StopReason.Interrupted);
                }

                Run(line, piece, 0, Math.Min(from.Time + 1, left), last: true);
                if (Resolve(from, forward: false) is { } stop)
                {
                    return stop;
                }
            }
        }

        ulong begin = _course.Lines[0].Begin.Time;
        return new Stop(new Position(begin, _course.At(begin).Start), StopReason.Begin);
    }

    private Position EndOf(Timeline line) => new(line.Explored.Time, _course.At(line.Explored.Time).End);

    private static ulong StartOf(Timeline line, int piece) => piece < line.Segments.Count ? line.Segments[piece].Start.Time : line.Explored.Time;

    /// <summary>The last piece in which something may happen at <paramref name="time"/>.</summary>
    internal static int LastOf(Timeline line, ulong time)
    {
        int piece = line.Find(time);
        while (piece + 1 < line.Segments.Count && line.Segments[piece + 1].Start.Time <= time)
        {
            piece++;
        }

        return piece;
    }

    /// <summary>Notes what may be met in a piece, at T <paramref name="first"/> or later and before <paramref name="end"/>; explores it if need be.</summary>
    /// <remarks>An access is met behind its instruction on the way forwards, so at the next T.</remarks>
    /// <returns>False when there is no such piece.</returns>
    private bool Run(Timeline line, int piece, ulong first, ulong end, bool last)
    {
        _candidates.Clear();
        HitProbe probe = new(_goals, _course.Stage, (time, goal) => Note(time, goal, first, end, last));
        EventTaker take = (in TraceEvent happened) =>
        {
            if (happened.Kind == KernelEvent.UserEntry)
            {
                probe.Locate();
            }

            foreach (EventGoal goal in _events)
            {
                if (goal.Kinds.Has(happened.Kind) && goal.IsMet(happened))
                {
                    Note(happened.Stamp.Time, goal, first, end, last);
                }
            }
        };
        Watcher watcher = WatcherOf(probe, take);
        if (piece >= line.Segments.Count)
        {
            return line.Extend(watcher) is not null;
        }

        if (MayHold(line.Segments[piece]))
        {
            line.Replay(piece, watcher);
        }

        return true;
    }

    private Watcher WatcherOf(HitProbe probe, EventTaker take) => !probe.IsNeeded
        ? new Watcher(_kinds, take)
        : new Watcher(_kinds | TraceMask.Of(KernelEvent.UserEntry), take, probe)
        {
            Begin = () =>
            {
                probe.Locate();
                probe.Compare(null);
            },
            End = () => probe.Compare(_course.Stage.Kernel.Time),
        };

    private bool MayHold(Segment segment) => _everywhere
        || _events.Any(goal => segment.MayHold(goal.Kinds) && (goal.Key is not { } key || segment.Keys.MayHold(key)));

    private void Note(ulong time, Goal goal, ulong first, ulong end, bool last)
    {
        if (time < first || time >= end)
        {
            return;
        }

        time = goal is AccessGoal && !last ? time + 1 : time;
        if (!_candidates.TryGetValue(time, out List<Goal>? goals))
        {
            if (_candidates.Count >= MostCandidates)
            {
                if (!last)
                {
                    return;
                }

                _candidates.Remove(_candidates.First().Key);
            }

            _candidates.Add(time, goals = []);
        }

        if (!goals.Contains(goal))
        {
            goals.Add(goal);
        }
    }

    private Stop? Resolve(Position from, bool forward)
    {
        IEnumerable<ulong> times = forward ? _candidates.Keys : _candidates.Keys.Reverse();
        foreach (ulong time in times.ToList())
        {
            List<(Position Where, Goal Met)> met = [.. Exactly(time, _candidates[time], forward)
                .Where(hit => forward ? hit.Where > from : hit.Where < from)
                .OrderBy(hit => hit.Where)];
            if (met.Count > 0)
            {
                (Position where, Goal goal) = forward ? met[0] : met[^1];
                return new Stop(where, StopReason.Met, goal);
            }
        }

        return null;
    }

    private IEnumerable<(Position Where, Goal Met)> Exactly(ulong time, List<Goal> goals, bool forward)
    {
        _course.Reach(time, _isUnwanted);
        Happenings what = _course.At(time);
        return goals.SelectMany(goal => StepsOf(goal, what, forward).Select(step => (new Position(time, step), goal)));
    }

    /// <summary>Where a goal is met at one T.</summary>
    private IEnumerable<uint> StepsOf(Goal goal, Happenings what, bool forward) => goal switch
    {
        EventGoal wanted => Enumerable.Range(0, what.Events.Count)
            .Where(i => wanted.Kinds.Has(what.Events[i].Kind) && wanted.IsMet(what.Events[i])).Select(what.After),
        BreakGoal at => Instructions(what).Where(step => at.Addresses.Contains(RipAt(new Position(what.Time, step)))),
        AccessGoal => [forward ? what.Start : Instructions(what).Last()],
        WatchGoal { IsExact: true } watched => new RamChanges(_course, watched).At(what.Time),
        _ => Instructions(what),
    };

    private static IEnumerable<uint> Instructions(Happenings what)
    {
        for (uint step = what.Start; step <= what.End; step++)
        {
            if (what.IsInstruction(step))
            {
                yield return step;
            }
        }
    }

    private ulong RipAt(Position where) => _course.Look(where, kernel => kernel.Core.Vcpu.Rip);
}
