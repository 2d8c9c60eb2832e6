using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Travel;

/// <summary>Where exactly bytes of RAM change, whoever writes them: not every write of the kernel is an event, and RAM is compared at each.</summary>
/// <remarks>The processor's marks of A and D are events at the T of the instruction that needs them, and belong to that T alone.</remarks>
/// <param name="course">The run.</param>
/// <param name="goal">The bytes.</param>
internal sealed class RamChanges(Course course, WatchGoal goal)
{
    /// <summary>Micro-steps behind which the bytes are not what they were one before; the begin of the instruction where the one before it has stored them.</summary>
    /// <param name="time">T, explored.</param>
    public List<uint> At(ulong time)
    {
        Happenings what = course.At(time);
        (byte[]? first, List<uint> changes) = Inside(what);
        byte[]? now = first ?? Look(new Position(time, what.Start));
        if (now is not null && Before(time) is { } before && !now.AsSpan().SequenceEqual(before))
        {
            changes.Insert(0, what.Events.Count > 0 && IsOwn(what.Events[0]) ? what.After(0) : what.Start);
        }

        return changes;
    }

    /// <summary>What they are when the instruction before <paramref name="time"/> has done all but store its results.</summary>
    private byte[]? Before(ulong time)
    {
        if (time == course.Lines[0].Begin.Time)
        {
            return null;
        }

        // A repeated instruction stores between two events: only where the events themselves tell of changes is their end the better place to look.
        Happenings what = course.At(time - 1);
        uint begins = course.PreviousInstruction(new Position(time, 0)).Where.Step;
        uint last = Inside(what).Changes.Exists(step => step > begins) ? what.End : begins;
        return Look(new Position(time - 1, last));
    }

    /// <summary>The bytes at the first event of a T, and the steps of events behind which they differ from those at the event before.</summary>
    private (byte[]? First, List<uint> Changes) Inside(Happenings what)
    {
        List<uint> changes = [];
        byte[]? first = null;
        byte[]? before = null;
        int number = 0;
        EventTaker take = (in TraceEvent happened) =>
        {
            if (happened.Stamp.Time != what.Time)
            {
                return;
            }

            byte[]? now = Bytes(course.Stage.Kernel);
            if (before is not null && now is not null && !now.AsSpan().SequenceEqual(before))
            {
                changes.Add(what.After(number));
            }

            (before, first, number) = (now, number == 0 ? now : first, number + 1);
        };
        Course.Again(course.Lines[course.LineOf(what.Time)], what.Time, () => true, take);
        return (first, changes);
    }

    private bool IsOwn(in TraceEvent happened) => happened.Kind is TraceEventKind.EntryMarked or KernelEvent.EntryChanged
        && goal.Bytes(course.Stage.Kernel) is { } start
        && happened.Slot.Raw + sizeof(ulong) > start.Raw && happened.Slot.Raw < start.Raw + (ulong)goal.Length;

    private byte[]? Look(Position where) => course.Look(where, Bytes);

    private byte[]? Bytes(MiniKernel kernel) => goal.Bytes(kernel) is { } start ? kernel.Ram.Slice(start, goal.Length).ToArray() : null;
}
