namespace MmuEmu.Debugger.Travel;

/// <summary>The nearest positions around one.</summary>
internal static class Steps
{
    /// <summary>One micro-step on.</summary>
    public static Stop NextMicro(this Course course, Position at, Func<bool> isUnwanted)
    {
        course.Reach(at.Time, isUnwanted);
        if (at.Step < course.At(at.Time).End)
        {
            return new Stop(at with { Step = at.Step + 1 }, StopReason.Arrived);
        }

        return course.Next(at, isUnwanted, what => Math.Min(what.Start, 1));
    }

    /// <summary>One micro-step back.</summary>
    public static Stop PreviousMicro(this Course course, Position at)
    {
        uint first = Math.Min(course.At(at.Time).Start, 1);
        if (at.Step > first)
        {
            return new Stop(at with { Step = at.Step - 1 }, StopReason.Arrived);
        }

        return course.Previous(at, what => what.End);
    }

    /// <summary>To the next instruction.</summary>
    public static Stop NextInstruction(this Course course, Position at, Func<bool> isUnwanted)
    {
        course.Reach(at.Time, isUnwanted);
        Happenings here = course.At(at.Time);
        for (uint step = at.Step + 1; step <= here.End; step++)
        {
            if (here.IsInstruction(step))
            {
                return new Stop(at with { Step = step }, StopReason.Arrived);
            }
        }

        return course.Next(at, isUnwanted, what => what.Start);
    }

    /// <summary>To the instruction before.</summary>
    public static Stop PreviousInstruction(this Course course, Position at)
    {
        if (LastInstruction(course.At(at.Time), at.Step) is { } step)
        {
            return new Stop(at with { Step = step }, StopReason.Arrived);
        }

        return course.Previous(at, what => LastInstruction(what, what.End + 1) ?? what.Start);
    }

    private static uint? LastInstruction(Happenings what, uint before)
    {
        for (uint step = Math.Min(before, what.End + 1); step-- > what.Start;)
        {
            if (what.IsInstruction(step))
            {
                return step;
            }
        }

        return null;
    }

    private static Stop Next(this Course course, Position at, Func<bool> isUnwanted, Func<Happenings, uint> step)
    {
        if (!course.Reach(at.Time + 1, isUnwanted))
        {
            return new Stop(at, StopReason.Interrupted);
        }

        if (course.Newest.Explored.Time <= at.Time)
        {
            return new Stop(at with { Step = course.At(at.Time).End }, StopReason.End);
        }

        Happenings next = course.At(at.Time + 1);
        return new Stop(new Position(next.Time, step(next)), StopReason.Arrived);
    }

    private static Stop Previous(this Course course, Position at, Func<Happenings, uint> step)
    {
        if (at.Time == course.Lines[0].Begin.Time)
        {
            return new Stop(at with { Step = Math.Min(at.Step, course.At(at.Time).Start) }, StopReason.Begin);
        }

        Happenings before = course.At(at.Time - 1);
        return new Stop(new Position(before.Time, step(before)), StopReason.Arrived);
    }
}
