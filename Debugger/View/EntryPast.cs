using MmuEmu.Debugger.Monitor;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.View;

/// <summary>When an entry changed last, and what it was until then.</summary>
/// <param name="context">The session.</param>
internal sealed class EntryPast(MonitorContext context)
{
    private static readonly TraceMask Losses = TraceMask.Of(KernelEvent.Purged, KernelEvent.SwappedOut, KernelEvent.LazyFreed);

    /// <summary>The last change before where the journey is; null when there is none.</summary>
    /// <param name="rung">The entry.</param>
    /// <param name="isKnown">Out: false when somebody did not want to wait.</param>
    public (Position Where, string Text)? Of(Rung rung, out bool isKnown)
    {
        Stop found = context.Journey.Last([EventGoal.Entry(rung.Slot)]);
        isKnown = found.Reason != StopReason.Interrupted;
        if (found.Reason != StopReason.Met)
        {
            return null;
        }

        Happenings what = context.Journey.At(found.Where.Time);
        int step = (int)found.Where.Step - 1;
        Pte old = Before(what, what.Steps[step].Event);
        string was = old == Pte.None ? "empty" : old.Present ? $"{old.Raw:x16} {BitLetters.Of(old, rung.Level)}" : EntryText.Of(old, rung.Level, context.Style.Format);
        return (found.Where, $"was {was} until T {context.Journey.Show(found.Where)}: {Reason(what, step)}");
    }

    /// <summary>The kernel clears an entry first and flushes before it writes a note there: what it was before all of it counts.</summary>
    private static Pte Before(Happenings what, int changed)
    {
        TraceEvent change = what.Events[changed];
        Pte old = change.Old;
        for (int i = changed; i >= 0 && change.Kind == KernelEvent.EntryChanged; i--)
        {
            if (what.Events[i].Kind == KernelEvent.EntryChanged && what.Events[i].Slot == change.Slot)
            {
                old = what.Events[i].Old;
            }
        }

        return old;
    }

    private string Reason(Happenings what, int step)
    {
        int chosen = what.Steps[step].Event;
        if (what.Events[chosen].Kind == TraceEventKind.EntryMarked)
        {
            return $"the processor set {EntryText.Changes(what.Events[chosen].Old, what.Events[chosen].New)}";
        }

        foreach ((int other, _) in EntryHistory.ReasonsAround(what, step))
        {
            chosen = Losses.Has(what.Events[what.Steps[other].Event].Kind) ? what.Steps[other].Event : chosen;
        }

        return new KernelStory(context.Style).Short(what.Events[chosen]);
    }
}
