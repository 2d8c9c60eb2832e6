using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Monitor;

/// <summary>What a page-table entry was before, and why it is not so any more.</summary>
/// <param name="context">The session.</param>
internal sealed class EntryHistory(MonitorContext context)
{
    private static readonly TraceMask Reasons = TraceMask.Of(
        KernelEvent.Purged, KernelEvent.SwappedOut, KernelEvent.SwappedIn, KernelEvent.LazyFreed, KernelEvent.RuleFired,
        KernelEvent.SyscallEntry, KernelEvent.FaultClassified, KernelEvent.SpaceCopied);

    /// <summary>The last <paramref name="most"/> changes of what decided for a page before a position, latest first.</summary>
    /// <param name="entry">The entry at which a walk for an address of the page ended.</param>
    /// <param name="address">The address.</param>
    /// <param name="before">The position.</param>
    /// <param name="most">How many.</param>
    public IEnumerable<string> Lines(WalkStep entry, VirtAddr address, Position before, int most)
    {
        Scan scan = new(context.Journey.Course, [ChangesOf(entry, address, before)], static () => false);
        Stop found = scan.Backward(before);
        int lines = 0;
        for (; lines < most && found.Reason == StopReason.Met; lines++)
        {
            // The kernel clears an entry first and flushes before it writes a note there: one change, of which the first part counts.
            Position where = found.Where;
            found = scan.Backward(where);
            while (found.Reason == StopReason.Met && found.Where.Time == where.Time)
            {
                where = found.Where;
                found = scan.Backward(where);
            }

            yield return Line(where);
        }

        if (lines == 0)
        {
            yield return "PTE   none was written for this page before";
        }
    }

    /// <summary>By its place in RAM; where no page table is left, by the page, of whichever table it was.</summary>
    private EventGoal ChangesOf(WalkStep entry, VirtAddr address, Position before)
    {
        if (entry.Level == PagingLevel.Pt)
        {
            EventGoal slot = EventGoal.Entry(entry.Slot);
            return slot with { IsMet = happened => slot.IsMet(happened) && happened.Address.PageNumber == address.PageNumber };
        }

        int? space = context.Journey.Course.Look(before, MonitorContext.SpaceOf);
        return new EventGoal("entry", TraceMask.Of(KernelEvent.EntryChanged))
        {
            IsMet = happened => happened.Space == space && happened.Address.PageNumber == address.PageNumber && happened.Old != happened.New,
        };
    }

    private string Line(Position where)
    {
        Happenings what = context.Journey.At(where.Time);
        TraceEvent change = what.Events[what.EventAt(where.Step)!.Value];
        string was = change.Old == Pte.None ? "empty" : $"{change.Old} ({EntryText.Of(change.Old, PagingLevel.Pt, context.Style.Format)})";
        string t = context.Journey.Show(where);
        return $"PTE   was {was} until T {t}{Place(where)}: {Reason(what, where)}; seek {t} goes there";
    }

    private string Place(Position where) => context.Source.PlaceOf(where) is { Name.Length: > 0 } place ? $", {place.Name}" : "";

    /// <summary>Steps of the same piece of work that say why a step happened: the index of each, and what it is to it.</summary>
    public static IEnumerable<(int Step, string Word)> ReasonsAround(Happenings what, int step)
    {
        TraceEvent change = what.Events[what.Steps[step].Event];
        for (int other = 0; other < what.Steps.Count; other++)
        {
            TraceEvent happened = what.Events[what.Steps[other].Event];
            if (other != step && Reasons.Has(happened.Kind) && (happened.Kind is KernelEvent.RuleFired or KernelEvent.SyscallEntry ? other < step : SamePage(happened, change)))
            {
                yield return (other, other < step ? "after" : "then");
            }
        }
    }

    private static bool SamePage(in TraceEvent one, in TraceEvent other) =>
        (one.Address.PageNumber == other.Address.PageNumber && one.Address.Raw != 0) || (one.Frame.Raw != 0 && (one.Frame == other.Old.Frame || one.Frame == other.Frame));

    private string Reason(Happenings what, Position where)
    {
        int step = (int)where.Step - 1;
        TraceEvent change = what.Events[what.Steps[step].Event];
        if (change.Kind == TraceEventKind.EntryMarked)
        {
            return $"the processor set {EntryText.Changes(change.Old, change.New)}";
        }

        KernelStory story = new(context.Style);
        List<TraceEvent> reasons = [.. ReasonsAround(what, step).Select(reason => what.Events[what.Steps[reason.Step].Event])];
        int best = reasons.FindIndex(happened => happened.Kind is not (KernelEvent.SyscallEntry or KernelEvent.RuleFired));
        return reasons.Count == 0 ? story.Short(change)
            : best < 0 && reasons[0].Detail is SyscallDetail call ? $"in {call.Name}({call.Arguments})"
            : story.Short(reasons[Math.Max(best, 0)]);
    }
}
