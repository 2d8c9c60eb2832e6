using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Syscalls;

namespace MmuEmu.Debugger.Rendering;

/// <summary>What led to a fault, in words.</summary>
internal static class HistoryText
{
    /// <summary>One clause for one earlier event; <paramref name="rules"/> are the run's pressure rules, in order.</summary>
    public static string Of(HistoryNote note, IReadOnlyList<PressureRule> rules) => note switch
    {
        RangeCallNote call =>
            $"{SyscallTable.NameOf(call.Number)}({call.Range.Start}, {call.Range.LengthBytes}, {call.How}) at T={call.Time} covers the address",
        PageNote { Change: PageChange.Purged } page => $"its frame {page.Frame} was purged at T={page.Time} by {Of(page.Cause, rules)}",
        PageNote page => $"it was read back from swap slot {page.Slot} at T={page.Time} by {Of(page.Cause, rules)}",
        _ => $"T={note.Time}",
    };

    /// <summary>Who asked memory management to work.</summary>
    public static string Of(WorkCause cause, IReadOnlyList<PressureRule> rules) => cause.Kind switch
    {
        WorkCauseKind.Rule => $"the pressure rule '{rules[(int)cause.Number]}'",
        WorkCauseKind.Syscall => $"the system call {SyscallTable.NameOf(cause.Number)}",
        WorkCauseKind.Debugger => "the debugger",
        WorkCauseKind.Allocation => "an allocation under pressure",
    };
}
