using MmuEmu.Debugger.Monitor;
using MmuEmu.Debugger.Travel;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.View;

/// <summary>The moves that keys make: a small letter forward, with Shift backward.</summary>
/// <param name="context">The session.</param>
internal sealed class ViewMoves(MonitorContext context)
{
    private static readonly (string Key, Func<ViewMoves, Direction, Stop> Go)[] All =
    [
        ("u", (moves, way) => moves.Journey.StepMicro(way)),
        ("k", (moves, way) => moves.RunTo(MoveCommands.Phase, way)),
        ("s", (moves, way) => moves.Step(StepKind.Instruction, way)),
        ("n", (moves, way) => moves.Step(StepKind.LineOver, way)),
        ("o", (moves, way) => moves.Step(StepKind.Out, way)),
        ("f", (moves, way) => moves.RunTo(EventGoal.Fault, way)),
        ("c", (moves, way) => moves.RunTo(EventGoal.Syscall(null), way)),
        ("r", (moves, way) => moves.RunTo(EventGoal.Reclaim, way)),
        ("g", (moves, way) => moves.RunTo(EventGoal.OfSignal(Signal.None), way)),
    ];

    private Journey Journey => context.Journey;

    /// <summary>The move that a typed key makes; null for another's key.</summary>
    public Func<Stop>? Of(string key)
    {
        foreach ((string name, Func<ViewMoves, Direction, Stop> go) in All)
        {
            if (name == key)
            {
                return () => go(this, Direction.Forward);
            }

            if (char.ToUpperInvariant(name[0]) == key[0] && key.Length == 1)
            {
                return () => go(this, Direction.Backward);
            }
        }

        return null;
    }

    /// <summary>To the change of an entry before here, or to the next one.</summary>
    public Stop Changed(Rung rung, Direction way)
    {
        Goal[] goals = [EventGoal.Entry(rung.Slot) with { Name = $"change of the {rung.Level.ToString().ToUpperInvariant()} entry @{rung.Slot}" }];
        if (way == Direction.Forward)
        {
            return Journey.RunTo(goals, way);
        }

        Stop found = Journey.Last(goals);
        return found.Reason == StopReason.Met ? Journey.Seek(found.Where.Time, found.Where.Step) with { Reason = StopReason.Met, Met = goals[0] } : found with { Where = Journey.Here };
    }

    /// <summary>To the begin, or to the furthest that anybody has been.</summary>
    public Stop Edge(Direction way) => way == Direction.Backward ? Journey.Seek(0) : Journey.Seek(Math.Min(Journey.Furthest, Journey.Explored), Journey.Furthest >= Journey.Explored ? uint.MaxValue : null);

    private Stop RunTo(EventGoal goal, Direction way)
    {
        Position from = Journey.Here;
        Stop stop = Journey.RunTo([goal], way);
        // A key that finds nothing leaves the user where he was, and not at the end of everything.
        return stop.Reason is StopReason.End or StopReason.Begin ? Return(from, stop, goal) : stop;
    }

    private Stop Return(Position from, Stop stop, Goal goal)
    {
        Journey.Seek(from.Time, from.Step);
        return stop with { Met = goal };
    }

    private Stop Step(StepKind kind, Direction way)
    {
        StepKind possible = MoveCommands.Possible(context, kind);
        context.Source.Look();
        return new Stepper(Journey, context.Source.PointAt).Step(possible, way);
    }
}
