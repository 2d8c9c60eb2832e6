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

    /// <summary>The last <paramref name="most"/> changes of an entry before a position, latest first.</summary>
    public IEnumerable<string> Lines((PhysAddr Slot, PagingLevel Level) entry, Position before, int most)
    {
        Scan scan = new(context.Journey.Course, [EventGoal.Entry(entry.Slot)], static () => false);
        Stop found = scan.Backward(before);
        for (int i = 0; i < most && found.Reason == StopReason.Met; i++)
        {
            // The kernel clears an entry first and flushes before it writes a note there: one change, of which the first part counts.
            Position where = found.Where;
            found = scan.Backward(where);
            while (found.Reason == StopReason.Met && found.Where.Time == where.Time)
            {
                where = found.Where;
                found = scan.Backward(where);
            }

            Happenings what = context.Journey.At(where.Time);
            TraceEvent change = what.Events[what.EventAt(where.Step)!.Value];
            string was = change.Old == Pte.None ? "empty" : $"{change.Old} ({EntryText.Of(change.Old, entry.Level, context.Style.Format)})";
            string t = context.Journey.Show(where);
            yield return $"was {was} until T {t}: {Reason(what, where)}; seek {t} goes there";
        }
    }

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
        return reasons.Count == 0 ? story.Short(change) : story.Short(reasons[Math.Max(best, 0)]);
    }
}
