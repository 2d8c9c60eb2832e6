using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Monitor;

/// <summary>Finds the fault or signal that is meant at a position: the one that is at work there, or else the last one before.</summary>
/// <param name="journey">The journey.</param>
internal sealed class FaultFinder(Journey journey)
{
    private static readonly TraceMask Kinds = TraceMask.Of(
        KernelEvent.FaultHandled, KernelEvent.FaultSignalled, KernelEvent.Signal, KernelEvent.CopyRefused);

    private static readonly EventGoal Any = new("fault", Kinds) { IsMet = happened => IsIncident(happened) };

    /// <summary>All that happens at the T of that fault or signal, and which event it is; null when there is none.</summary>
    public (Happenings What, int Event)? Find()
    {
        Happenings now = journey.Now;
        int current = now.EventAt(journey.Here.Step) ?? -1;
        if (journey.Here.Step > now.Start || journey.Here.Step == now.End)
        {
            int found = LastBefore(now, current) ?? FirstFrom(now, current) ?? -1;
            if (found >= 0)
            {
                return (now, found);
            }
        }

        if (journey.Last([Any]) is not { Reason: StopReason.Met, Where: var where })
        {
            return null;
        }

        Happenings what = journey.At(where.Time);
        return (what, what.EventAt(where.Step)!.Value);
    }

    /// <summary>True for faults of user code, signals that stop a program or that an instruction raised, and answers EFAULT.</summary>
    public static bool IsIncident(in TraceEvent happened) => Kinds.Has(happened.Kind)
        && (happened.Detail is not SignalDetail signal || signal.Fate == SignalFate.Fatal || SynchronousSignals.Contains(signal.Info.Signal));

    private static readonly HashSet<Signal> SynchronousSignals = [Signal.SIGSEGV, Signal.SIGBUS, Signal.SIGILL, Signal.SIGFPE, Signal.SIGTRAP];

    private static int? LastBefore(Happenings what, int current)
    {
        for (int i = current; i >= 0; i--)
        {
            if (IsIncident(what.Events[i]))
            {
                return i;
            }
        }

        return null;
    }

    /// <summary>In the middle of a fault its end is still ahead.</summary>
    private static int? FirstFrom(Happenings what, int current)
    {
        for (int i = current + 1; i < what.Events.Count; i++)
        {
            if (what.Events[i].Detail is FaultDetail)
            {
                return i;
            }
        }

        return null;
    }
}
