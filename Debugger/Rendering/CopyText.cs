using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Rendering;

/// <summary>Copies through windows: their points and mishaps, a name for programs and a line for people.</summary>
internal static class CopyText
{
    /// <summary>The event in words and numbers.</summary>
    public static string Of(in TraceEvent what) => what.Kind switch
    {
        KernelEvent.CopyPassed => $"copy#{what.Number} {RunStatistics.CopyPointName(what.Argument)}{(what.Count == 0 ? "" : $", {what.Count} bytes")} ({what.Address})",
        KernelEvent.AtomicSleep => $"copy#{what.Number} sleeps in an atomic state ({what.Address})",
        KernelEvent.AtomicFault => $"copy#{what.Number} faults in an atomic state, and the fault is served ({what.Address})",
        KernelEvent.AtomicRefused => $"copy#{what.Number} faults in an atomic state, and the fault is refused: {what.Count} bytes are copied ({what.Address})",
        KernelEvent.WindowOops => $"copy#{what.Number} goes through a window that leads nowhere: oops ({what.Address})",
        KernelEvent.WindowStolen => $"copy#{what.Number} goes through a window that leads to frame {what.Frame}, and was opened on frame {what.Count:x} ({what.Address})",
        KernelEvent.LockCycle => $"{what.Count} {(what.Count == 1 ? "task waits" : "tasks wait")} for one another's locks in a circle",
        KernelEvent.KillRefused => $"the killer kills nobody: {what.Count} swap slots are free",
        _ => what.Kind.ToString(),
    };

    /// <summary>The kind by name.</summary>
    public static string KindName(TraceEventKind kind) => kind switch
    {
        KernelEvent.CopyPassed => nameof(KernelEvent.CopyPassed),
        KernelEvent.AtomicSleep => nameof(KernelEvent.AtomicSleep),
        KernelEvent.AtomicFault => nameof(KernelEvent.AtomicFault),
        KernelEvent.AtomicRefused => nameof(KernelEvent.AtomicRefused),
        KernelEvent.WindowOops => nameof(KernelEvent.WindowOops),
        KernelEvent.WindowStolen => nameof(KernelEvent.WindowStolen),
        KernelEvent.LockCycle => nameof(KernelEvent.LockCycle),
        KernelEvent.KillRefused => nameof(KernelEvent.KillRefused),
        _ => kind.ToString(),
    };
}
