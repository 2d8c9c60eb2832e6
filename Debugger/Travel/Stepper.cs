namespace MmuEmu.Debugger.Travel;

/// <summary>Steps of one thread by instructions, lines and functions, in both directions.</summary>
/// <param name="journey">The journey.</param>
/// <param name="lineOf">Where in the source an address lies; null where there is none.</param>
internal sealed class Stepper(Journey journey, Func<ulong, LinePoint?> lineOf)
{
    private readonly Flow _flow = new(journey);

    /// <summary>One step of the thread at work here.</summary>
    public Stop Step(StepKind kind, Direction direction)
    {
        if (direction == Direction.Backward && LastBefore() is { } point)
        {
            Stop there = journey.GoTo(point);
            if (kind is StepKind.Instruction or StepKind.InstructionOver)
            {
                return there;
            }
        }

        ulong rip = journey.Look(kernel => kernel.Core.Vcpu.Rip);
        return direction == Direction.Forward ? Forward(kind, rip) : Backward(kind, rip);
    }

    private Stop Forward(StepKind kind, ulong rip)
    {
        CallStack calls = new(_flow);
        TrailPoint? last = null;
        LinePoint? from = lineOf(rip);
        TrailPoint start = default;
        foreach (TrailPoint point in journey.Trail(Direction.Forward))
        {
            if (last is not { } before)
            {
                last = IsHere(point, rip) ? point : null;
                start = point;
                continue;
            }

            if (point.Tid != start.Tid)
            {
                continue;
            }

            bool returned = calls.Depth == 0 && _flow.Returns(before.Rip);
            calls.Forward(before, point);
            last = point;
            if (Ends(kind, calls.Depth, returned, lineOf(point.Rip), from))
            {
                return journey.GoTo(point);
            }
        }

        return journey.Edge(Direction.Forward);
    }

    private static bool Ends(StepKind kind, int depth, bool returned, LinePoint? now, LinePoint? from) => kind switch
    {
        StepKind.Instruction => true,
        StepKind.InstructionOver => depth == 0,
        StepKind.Out => returned,
        StepKind.Line => Differs(now, from) && now!.Value.IsStart,
        StepKind.LineOver => depth == 0 && ((Differs(now, from) && now!.Value.IsStart) || (returned && from is null)),
    };

    private static bool Differs(LinePoint? now, LinePoint? from) => now is { } line && line.Line != from?.Line;

    private Stop Backward(StepKind kind, ulong rip)
    {
        CallStack calls = new(_flow);
        TrailPoint? last = null;
        TrailPoint? best = null;
        long? wanted = null;
        TrailPoint start = default;
        foreach (TrailPoint point in journey.Trail(Direction.Backward))
        {
            if (last is not { } later)
            {
                last = IsHere(point, rip) ? point : null;
                start = point;
                continue;
            }

            if (point.Tid != start.Tid)
            {
                continue;
            }

            bool called = calls.Depth == 0 && (_flow.Calls(point.Rip) || CallStack.IsHandler(point, later));
            calls.Backward(later, point);
            last = point;
            if (kind is StepKind.Instruction || (kind is StepKind.InstructionOver && calls.Depth == 0) || (kind is StepKind.Out && called))
            {
                return journey.GoTo(point);
            }

            if (kind is StepKind.Line or StepKind.LineOver && (kind is StepKind.Line || calls.Depth == 0) && lineOf(point.Rip) is { } line)
            {
                if (wanted is not null && line.Line != wanted)
                {
                    break;
                }

                wanted = line.Line;
                best = line.IsStart || best is null ? point : best;
            }
        }

        return best is { } found ? journey.GoTo(found) : journey.Edge(Direction.Backward);
    }

    /// <summary>The last instruction before here, where none begins at this T, as at the end of the run; null where one does.</summary>
    private TrailPoint? LastBefore()
    {
        foreach (TrailPoint point in journey.Trail(Direction.Backward))
        {
            return point.Time < journey.Here.Time ? point : null;
        }

        return null;
    }

    private bool IsHere(TrailPoint point, ulong rip) => point.Time == journey.Here.Time && point.Rip == rip;
}
