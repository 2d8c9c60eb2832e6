using MmuEmu.Debugger.Travel;

namespace MmuEmu.Debugger.Gdb;

/// <summary>Stops at watched memory: behind what changes or touches it on the way forwards, before it on the way back.</summary>
/// <param name="session">The session.</param>
internal sealed class WatchStops(GdbSession session)
{
    private readonly WatchLook _look = new(session.Journey);

    private Journey Journey => session.Journey;

    /// <summary>The stop for a step from one position to another, in either order of going; null when no watched memory is concerned.</summary>
    /// <param name="one">The earlier one.</param>
    /// <param name="other">The later one.</param>
    public GdbStop? Between(Position one, Position other) =>
        session.Stops.Watches.FirstOrDefault(watched => _look.IsMet(watched, one, other)) is { } met ? Told(met) : null;

    /// <summary>The stop where a move has met a goal of watched memory; null when it is none to the debugger, which has seen the memory so before.</summary>
    public GdbStop? Met(Watched watched, Goal met, Position from, Direction direction)
    {
        if (met is AccessGoal)
        {
            return Told(watched);
        }

        if (direction == Direction.Forward)
        {
            return _look.Differs(watched, from, Journey.Here) ? Told(watched) : null;
        }

        Stop before = Journey.Course.PreviousInstruction(Journey.Here);
        return before.Reason != StopReason.Arrived || _look.Differs(watched, before.Where, Journey.Here) ? Undo(watched) : null;
    }

    /// <summary>Goes back at once when the instruction just behind has changed watched memory; null when it has not.</summary>
    public GdbStop? ChangedJustBefore()
    {
        if (session.Stops.Watches.Count == 0)
        {
            return null;
        }

        Stop before = Journey.Course.PreviousInstruction(Journey.Here);
        return before.Reason == StopReason.Arrived
            && session.Stops.Watches.FirstOrDefault(watched => watched.Kind != WatchKind.Read && _look.Differs(watched, before.Where, Journey.Here)) is { } changed
            ? Undo(changed)
            : null;
    }

    /// <summary>To where the memory still is what it was: before the instruction, or before the micro-step that wrote it.</summary>
    private GdbStop Undo(Watched watched)
    {
        Position before = Journey.Course.PreviousInstruction(Journey.Here).Where;
        Position where = _look.BeforeChange(watched, before, Journey.Here) ?? before;
        Journey.Seek(where.Time, where.Step);
        return Told(watched);
    }

    private GdbStop Told(Watched watched) => StopHere.Told(session, watched.Kind switch
    {
        WatchKind.Read => GdbStopKind.ReadWatch,
        WatchKind.Access => GdbStopKind.AccessWatch,
        _ => GdbStopKind.Watch,
    }) with
    {
        Number = watched.Address,
    };
}
