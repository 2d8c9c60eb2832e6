using MmuEmu.Emulator.Tracing;

namespace MmuEmu.Kernel.Story;

/// <summary>The families of events.</summary>
[Flags]
public enum TraceKinds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Page faults, with the walk that ended in them.</summary>
    Fault = 1 << 0,

    /// <summary>Every walk of the page tables.</summary>
    Walk = 1 << 1,

    /// <summary>System calls, at entry and at return.</summary>
    Syscall = 1 << 2,

    /// <summary>What memory management does: reclaim, purge, swap, entries and flushes.</summary>
    Reclaim = 1 << 3,

    /// <summary>Signals as they are delivered.</summary>
    Signal = 1 << 4,

    /// <summary>Marks that the guest set.</summary>
    Mark = 1 << 5,

    /// <summary>Processes that begin, change their program or end.</summary>
    Task = 1 << 6,

    /// <summary>Pressure rules as they fire.</summary>
    Rule = 1 << 7,

    /// <summary>Data accesses, each.</summary>
    Access = 1 << 8,

    /// <summary>What is done before the first process runs, told event by event instead of summed up; it has no kinds of its own.</summary>
    Boot = 1 << 9,

    /// <summary>Copies between user memory and file pages at their points, and what went wrong with them; only a profile with windows has any.</summary>
    Copy = 1 << 10,
}

/// <summary>The kinds that belong to each family.</summary>
public static class TraceFamilies
{
    private static readonly (TraceKinds Family, TraceMask Kinds)[] Table =
    [
        (TraceKinds.Fault, TraceMask.Of(KernelEvent.FaultHandled, KernelEvent.FaultSignalled)),
        (TraceKinds.Walk, TraceMask.Of(
            TraceEventKind.Walk, TraceEventKind.EntryMarked, TraceEventKind.Fill, TraceEventKind.PageFault, TraceEventKind.Invalidated)),
        (TraceKinds.Syscall, TraceMask.Of(KernelEvent.SyscallEntry, KernelEvent.SyscallReturn)),
        (TraceKinds.Reclaim, TraceMask.Of(
            KernelEvent.FaultClassified, KernelEvent.EntryChanged, KernelEvent.FrameTaken, KernelEvent.FrameFreed, KernelEvent.Flush,
            KernelEvent.Scanned, KernelEvent.LazyFreed, KernelEvent.Purged, KernelEvent.SwappedOut, KernelEvent.SwappedIn, KernelEvent.OutOfMemory,
            KernelEvent.LazyMarked, KernelEvent.KeptDirty, KernelEvent.KeptUsed, KernelEvent.KeptMlocked, KernelEvent.KeptPinned,
            KernelEvent.KeptBusy, KernelEvent.KeptNoSwap, KernelEvent.KeptHomeless)),
        (TraceKinds.Signal, TraceMask.Of(KernelEvent.Signal)),
        (TraceKinds.Mark, TraceMask.Of(KernelEvent.Mark)),
        (TraceKinds.Task, TraceMask.Of(KernelEvent.Task)),
        (TraceKinds.Rule, TraceMask.Of(KernelEvent.RuleFired)),
        (TraceKinds.Access, TraceMask.Of(TraceEventKind.Access)),
        (TraceKinds.Copy, TraceMask.Of(
            KernelEvent.CopyPassed, KernelEvent.AtomicSleep, KernelEvent.AtomicFault, KernelEvent.AtomicRefused, KernelEvent.WindowOops,
            KernelEvent.WindowStolen, KernelEvent.LockCycle, KernelEvent.KillRefused)),
    ];

    /// <summary>All kinds of the families <paramref name="kinds"/>.</summary>
    public static TraceMask MaskOf(TraceKinds kinds)
    {
        TraceMask mask = TraceMask.None;
        foreach ((TraceKinds family, TraceMask members) in Table)
        {
            mask |= (kinds & family) != 0 ? members : TraceMask.None;
        }

        return mask;
    }

    /// <summary>The family that <paramref name="kind"/> belongs to; <see cref="TraceKinds.None"/> for kinds that are no part of a trace.</summary>
    public static TraceKinds Of(TraceEventKind kind)
    {
        foreach ((TraceKinds family, TraceMask members) in Table)
        {
            if (members.Has(kind))
            {
                return family;
            }
        }

        return TraceKinds.None;
    }
}
