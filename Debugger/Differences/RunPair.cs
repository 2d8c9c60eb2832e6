using MmuEmu.Debugger.Travel;

namespace MmuEmu.Debugger.Differences;

/// <summary>Looks for the first point at which two runs differ.</summary>
/// <remarks>
/// The moments that both recordings have a number for come first: the last number that is the same says from where on to look. From there both are played side by side,
/// each instruction with its registers and each event, up to the first T that differs. Where RAM differs by then, it was written before: the time since is halved until one
/// T is left. Last, the events and micro-steps of that T are compared.
/// </remarks>
/// <param name="a">One.</param>
/// <param name="b">The other.</param>
/// <param name="isUnwanted">True when nobody waits for the answer any more.</param>
internal sealed class RunPair(RunSide a, RunSide b, Func<bool> isUnwanted)
{
    private const uint MostSteps = 64;
    private bool _onlyRegisters;

    /// <summary>RAM differs when the runs begin, so that only registers and events can be compared.</summary>
    public bool RamDiffersAtBegin => _onlyRegisters;

    /// <summary>The first difference; null when there is none.</summary>
    public RunPoint? Find() => First() is { } point ? IsEndOfOne(point) ? point with { Kind = PointKind.End, Event = null } : point : null;

    private RunPoint? First()
    {
        if (IsSameByMoments())
        {
            return null;
        }

        RunState[] begin = At(0);
        _onlyRegisters = begin[0].Ram != begin[1].Ram && begin[0].HasSameRegisters(begin[1]);
        if (!IsSame(begin))
        {
            return new RunPoint(new Position(0, 0), PointKind.Begin, null);
        }

        (ulong same, ulong? differs) = _onlyRegisters ? (0, null) : Interval();
        if (FirstStep(same) is { } time)
        {
            return IsSame(At(time)) ? Pinpoint(time) : Pinpoint(_onlyRegisters ? time - 1 : Halve(same, time));
        }

        return isUnwanted() ? null : Behind(same, differs);
    }

    /// <summary>The first T at which instructions, registers or events differ, or at which one run is over and the other is not.</summary>
    private ulong? FirstStep(ulong from)
    {
        using IEnumerator<(ulong Time, ulong Digest)> ofA = a.Steps(from, isUnwanted).GetEnumerator();
        using IEnumerator<(ulong Time, ulong Digest)> ofB = b.Steps(from, isUnwanted).GetEnumerator();
        while (ofA.MoveNext() && ofB.MoveNext())
        {
            if (ofA.Current != ofB.Current)
            {
                return Math.Min(ofA.Current.Time, ofB.Current.Time);
            }
        }

        return null;
    }

    /// <summary>One run ends where only its leaving of user code is an event that the other does not have.</summary>
    private bool IsEndOfOne(RunPoint point) =>
        point is { Kind: PointKind.Event, Event: { } number }
        && Both.Count(side => side.Journey.End is not null && side.Journey.Explored == point.Where.Time) == 1
        && Both.All(side => side.Journey.At(point.Where.Time).Events.Skip(number).All(happened => EventWords.Silent.Has(happened.Kind)));

    /// <summary>What differs although both took the same way: RAM that nothing read, or how far they are known.</summary>
    private RunPoint? Behind(ulong same, ulong? differs)
    {
        ulong[] ends = [a.ExploreToEnd(), b.ExploreToEnd()];
        ulong last = Math.Min(ends[0], ends[1]);
        ulong end = differs is { } moment && moment <= last && !IsSame(At(moment)) ? moment : last;
        return end > same && !IsSame(At(end)) ? Pinpoint(Halve(same, end))
            : ends[0] != ends[1] ? new RunPoint(new Position(last, a.Journey.At(last).End), PointKind.End, null)
            : null;
    }

    /// <summary>The states of both where an instruction is about to run.</summary>
    public RunState[] At(ulong time) => [.. Both.Select(side =>
    {
        side.Journey.Seek(time);
        return side.Journey.Look(RunState.Of);
    })];

    private RunSide[] Both => [a, b];

    private bool IsSame(RunState[] states) => _onlyRegisters ? states[0].HasSameRegisters(states[1]) : states[0].IsSame(states[1]);

    /// <summary>Two recordings that both reach the ends of their runs, of the same program with the same options and input, and with the same numbers all along.</summary>
    private bool IsSameByMoments() =>
        a.Recording is { End: { } endOfA } ofA && b.Recording is { End: { } endOfB } ofB && ofA.Run.Version == ofB.Run.Version && ofA.Checkpoints.SequenceEqual(ofB.Checkpoints)
        && (endOfA.Reason, endOfA.Status, endOfA.Signal, endOfA.Left) == (endOfB.Reason, endOfB.Status, endOfB.Signal, endOfB.Left)
        && endOfA.Outputs.SequenceEqual(endOfB.Outputs) && !PlanDifference.Lines(a, b).Any() && TapeDifference.IsNone(ofA, ofB);

    /// <summary>T of the last moment that both have with the same number, and of the first that both have and whose numbers differ, if there is one.</summary>
    private (ulong Same, ulong? Differs) Interval()
    {
        int i = 0;
        while (i < Math.Min(a.Moments.Count, b.Moments.Count) && a.Moments[i] == b.Moments[i])
        {
            i++;
        }

        ulong same = i == 0 ? 0 : a.Moments[i - 1].Time;
        bool isShared = i < Math.Min(a.Moments.Count, b.Moments.Count)
            && (a.Moments[i].Time, a.Moments[i].Step) == (b.Moments[i].Time, b.Moments[i].Step);
        return (same, isShared && a.Moments[i].Time > same ? a.Moments[i].Time : null);
    }

    /// <summary>The last T at which the states are the same, when they are not at <paramref name="differs"/>.</summary>
    private ulong Halve(ulong same, ulong differs)
    {
        while (differs - same > 1)
        {
            ulong middle = same + ((differs - same) / 2);
            (same, differs) = IsSame(At(middle)) ? (middle, differs) : (same, middle);
        }

        return same;
    }

    /// <summary>What differs first, when the states are the same before the instruction of a T and not before the next one.</summary>
    private RunPoint Pinpoint(ulong time) => Within(time) ?? BeforeStart(time + 1) ?? new RunPoint(new Position(time, a.Journey.At(time).End), PointKind.Result, null);

    /// <summary>What differs of the kernel's work between an instruction and the one of <paramref name="time"/>.</summary>
    private RunPoint? BeforeStart(ulong time)
    {
        // Step 0 cannot be looked at: what differs at the first one that can is what the instruction before has left.
        uint start = Math.Max(a.Journey.At(time).Start, b.Journey.At(time).Start);
        return Within(time, 1) is { } point && point.Where.Step <= start && point is not { Kind: PointKind.Step, Where.Step: 1 } ? point : null;
    }

    /// <summary>The first event or micro-step of a T that differs; null when none does.</summary>
    /// <param name="time">T.</param>
    /// <param name="from">The first micro-step to look at; null for the one in which the instruction is about to run.</param>
    private RunPoint? Within(ulong time, uint? from = null)
    {
        Happenings[] what = [a.Journey.At(time), b.Journey.At(time)];
        int common = Math.Min(what[0].Events.Count, what[1].Events.Count);
        int same = 0;
        while (same < common && EventWords.Of(what[0].Events[same]) == EventWords.Of(what[1].Events[same]))
        {
            same++;
        }

        uint step = same == 0 ? 0 : what[0].After(same - 1);
        bool isEvent = same < Math.Max(what[0].Events.Count, what[1].Events.Count);
        return FirstOf(time, from ?? what[0].Start, step) ?? (isEvent ? new RunPoint(new Position(time, step), PointKind.Event, same) : null);
    }

    /// <summary>The first micro-step in a range after which the states differ.</summary>
    private RunPoint? FirstOf(ulong time, uint first, uint last)
    {
        if (last > MostSteps)
        {
            return null;
        }

        for (uint step = first; step <= last; step++)
        {
            Position where = new(time, step);
            if (!IsSame([a.Journey.Course.Look(where, RunState.Of), b.Journey.Course.Look(where, RunState.Of)]))
            {
                return new RunPoint(where, PointKind.Step, null);
            }
        }

        return null;
    }
}

/// <summary>What the first difference is.</summary>
internal enum PointKind
{
    /// <summary>The runs differ before their first instruction.</summary>
    Begin,

    /// <summary>An event happens in one of them and not in the other, or differs in what it tells.</summary>
    Event,

    /// <summary>The same event leaves another state.</summary>
    Step,

    /// <summary>The same instruction, with the same events, leaves another state.</summary>
    Result,

    /// <summary>One of them is over.</summary>
    End,
}

/// <summary>The first point at which two runs differ.</summary>
/// <param name="Where">T and micro-step: before it they are the same.</param>
/// <param name="Kind">What differs.</param>
/// <param name="Event">The number of the event at that T; null when it is no event.</param>
internal sealed record RunPoint(Position Where, PointKind Kind, int? Event);
