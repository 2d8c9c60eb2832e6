using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Kernel.Run;

/// <summary>The last page fault or signal of a run that is worth explaining.</summary>
/// <param name="Stamp">When and where the signal was delivered.</param>
/// <param name="Signal">Which signal, where the program was.</param>
/// <param name="Fault">The fault with its walk; null when the signal came from something else.</param>
/// <param name="History">What led to the fault, earliest first; empty without one.</param>
public sealed record FaultRecord(TraceStamp Stamp, SignalDetail Signal, FaultDetail? Fault, IReadOnlyList<HistoryNote> History)
{
    /// <summary>The system call that answered EFAULT, in place of a signal, whose number is then None; null for a signal.</summary>
    public SyscallDetail? Call { get; init; }
}
