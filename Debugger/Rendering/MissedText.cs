using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Syscalls;

namespace MmuEmu.Debugger.Rendering;

/// <summary>What was asked for and did not come, with what came instead.</summary>
internal static class MissedText
{
    private const int NamesShown = 12;

    /// <summary>One line for each rule that never acted; none when that is allowed.</summary>
    public static IEnumerable<string> Lines(Verdict verdict) => verdict.Complains
        ? verdict.Unfired.Select(rule => $"--pressure {ShellQuote.PosixAlways(rule.ToString())} never acted: {Why(rule, verdict.Result)}")
        : [];

    /// <summary>One line for a run that is not the one of its report; null when it is, when there is no report, and when it was ended before its time.</summary>
    public static string? Difference(PlannedRun plan, Verdict verdict, Func<byte[]> hashRam)
    {
        if (plan.Past is not { Left: { } left } past || (verdict.Cause != InterruptCause.None && verdict.IsOwnInterruption))
        {
            return null;
        }

        RunTrack found = new(verdict.Result.Time, Convert.ToHexStringLower(hashRam()));
        return found == left
            ? null
            : $"this is not the run of '{past.File}': expected t={left.Time} and RAM of SHA-256 {left.RamHash} at its end, found t={found.Time} and {found.RamHash}";
    }

    /// <summary>One line for a point that was never reached.</summary>
    public static string Of(string typed, StopAt stop, RunResult result) =>
        $"--at {ShellQuote.PosixBytes(typed)} was never reached: {Why(stop.Kind, stop.Name, stop.Count, result)}; shown is the end of the run";

    private static string Why(in PressureRule rule, RunResult result) => rule.Trigger switch
    {
        PressureTrigger.Instruction or PressureTrigger.EveryInstructions => Why(StopKind.Time, "", rule.Count, result),
        PressureTrigger.SyscallEntry or PressureTrigger.SyscallReturn => Why(StopKind.Syscall, rule.Name, Math.Max(1, rule.Count), result),
        PressureTrigger.Mark => Why(StopKind.Mark, rule.Name, Math.Max(1, rule.Count), result),
        PressureTrigger.Copy when result.Statistics.Copies == 0 => "no copy went through windows (try: --profile copy=c7)",
        PressureTrigger.Copy when rule.Count > result.Statistics.Copies => $"there were {result.Statistics.Copies} page copies",
        PressureTrigger.Copy when rule.Action == PressureAction.Hold => "no such copy came there, or only in an atomic state, in which no task can be held",
        PressureTrigger.Copy => "no such copy came there",
    };

    private static string Why(StopKind kind, string name, ulong count, RunResult result)
    {
        ulong seen = result.Occurrences.FirstOrDefault(one => one.Kind == kind && one.Name == name).Count;
        return kind switch
        {
            StopKind.End or StopKind.Time or StopKind.Between => $"the run ended at t={result.Time}",
            StopKind.Fault => $"there were {Times(seen, "page fault")}",
            StopKind.Signal => $"there were {Times(seen, "signal")}",
            StopKind.Syscall when seen >= count => "the call began and never returned",
            StopKind.Syscall when seen > 0 => $"the program called {name} {Times(seen, "time")}",
            StopKind.Syscall when !SyscallTable.Has(name) => $"no system call is called {name}; {Made(kind, result, "the program made")}",
            StopKind.Syscall => $"the program made no call of that name; {Made(kind, result, "it made")}",
            StopKind.Mark when seen > 0 => $"the program set that mark {Times(seen, "time")}",
            StopKind.Mark => $"the program set no mark of that name; {Made(kind, result, "it set")}",
        };
    }

    private static string Made(StopKind kind, RunResult result, string verb)
    {
        string[] names = [.. result.Occurrences.Where(one => one.Kind == kind).Select(one => one.Name)];
        string shown = names.Length == 0 ? "none" : string.Join(", ", names.Take(NamesShown));
        return $"{verb}: {shown}{(names.Length > NamesShown ? $" and {names.Length - NamesShown} more" : "")}";
    }

    private static string Times(ulong count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
