using MmuEmu.Debugger.Travel;

namespace MmuEmu.Debugger.Gdb;

/// <summary>What a move looks for: events, breakpoints, changes of watched memory.</summary>
/// <param name="session">The session.</param>
/// <param name="events">Which events are stops.</param>
internal sealed class RunGoals(GdbSession session, EventStops events)
{
    private readonly Dictionary<Goal, Watched> _ofGoal = new(ReferenceEqualityComparer.Instance);

    /// <summary>The goals of a move.</summary>
    /// <param name="direction">Which way.</param>
    /// <param name="besides">One more; null for none.</param>
    public List<Goal> Of(Direction direction, Goal? besides)
    {
        _ofGoal.Clear();
        List<Goal> goals = [new EventGoal("what the debugger waits for", events.Kinds) { IsMet = happened => events.Wants(happened, direction) }];
        if (besides is not null)
        {
            goals.Add(besides);
        }

        if (session.Stops.Addresses is { Count: > 0 } addresses)
        {
            goals.Add(new BreakGoal("a breakpoint", addresses));
        }

        foreach (Watched watched in session.Stops.Watches)
        {
            foreach (Goal goal in WatchLook.Goals(watched))
            {
                _ofGoal[goal] = watched;
                goals.Add(goal);
            }
        }

        return goals;
    }

    /// <summary>The watched memory for which a goal of the last move stands; null for other goals.</summary>
    public Watched? WatchedBy(Goal goal) => _ofGoal.GetValueOrDefault(goal);
}
