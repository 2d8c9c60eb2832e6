using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Syscalls;

namespace MmuEmu.Debugger.Rendering;

/// <summary>Why a run ended as it did, or what its n-th incident was: the answer first, each thing once.</summary>
internal static class WhyText
{
    /// <summary>The lines.</summary>
    public static IEnumerable<string> Lines(WhyReport report, WhyStyle style)
    {
        if (report.Nth != 0 && report.Incident is null)
        {
            yield return $"{report.Guest}: there is no incident {report.Nth}: the run had {report.Result.Incidents}";
            yield break;
        }

        bool killed = report.Nth == 0 && report.Result.Reason == EndReason.OutOfMemory && report.Result.Shortage is { IsKill: true };
        IEnumerable<string> answer = killed ? KillLines(report, style)
            : report.IsOfIncident && report.Incident is { } record ? IncidentText.Lines(report.Guest, record, style)
            : EndLines(report, style);
        foreach (string line in answer)
        {
            yield return line;
        }

        foreach (string line in After(report, style))
        {
            yield return line;
        }

        yield return $"  next  {Next(report, killed)}";
    }

    /// <summary>What goes with every answer: the guest's own words, what came before the end, how many incidents there are.</summary>
    private static IEnumerable<string> After(WhyReport report, WhyStyle style)
    {
        if (report.Result.ExitCode != 0 && report.Nth == 0)
        {
            foreach (string line in report.Said)
            {
                yield return $"  said  {line}";
            }
        }

        if (!report.IsOfIncident && report.Incident is { } before)
        {
            foreach (string line in IncidentText.LinesOfEarlier(before, style))
            {
                yield return line;
            }
        }

        foreach (string line in Counted(report))
        {
            yield return line;
        }
    }

    private static IEnumerable<string> EndLines(WhyReport report, WhyStyle style)
    {
        RunResult result = report.Result;
        yield return style.Paint.Strong($"{report.Guest}: {EndAnswer(report)}");
        foreach (Waiter thread in result.Threads)
        {
            yield return $"  who   {EndText.Of(thread)}{(thread.Call is { } call ? $" (in {SyscallTable.NameOf(call)})" : "")}";
        }

        if (result.Reason == EndReason.Deadlock)
        {
            yield return "  why   Every thread waits, nothing that they wait for has a deadline, and nobody is left who could bring it.";
        }

        if (result.Reason == EndReason.Exited && result.ExitCode != 0)
        {
            yield return $"  why   The program called exit with {result.ExitCode}: what that means is its own affair.";
        }

        if (result.ExitCode != 0 && result.Reason == EndReason.Exited && report.Calls.Last is { } failed && !IsTold(report))
        {
            yield return $"  call  the last system call that failed: {failed.Name}({failed.Arguments}) = {SyscallText.Result(failed)} at t={report.Calls.LastTime}";
        }
    }

    /// <summary>The call is the incident that is told of below.</summary>
    private static bool IsTold(WhyReport report) => report.Incident is { Call: not null } told && told.Stamp.Time == report.Calls.LastTime;

    private static string EndAnswer(WhyReport report)
    {
        RunResult result = report.Result;
        return result.Reason switch
        {
            EndReason.Exited when result.Incidents == 0 => $"no signal and no unhandled fault in {result.Time} instructions; it ended with status {result.ExitCode}",
            EndReason.Exited => $"it ended with status {result.ExitCode} at t={result.Time}; no signal ended it",
            EndReason.Interrupted => $"{SummaryText.CauseText(report.Verdict)} at t={result.Time}; it had not ended",
            EndReason.LimitReached => $"stopped at t={result.Time}: {EndText.Of(result)} (--max-insns); it had not ended",
            EndReason.Deadlock => $"deadlock at t={result.Time}: every process waits for something that cannot come",
            EndReason.ExpectationFailed => $"{EndText.Of(result)}, by t={result.Time}",
            EndReason.Paused => $"paused at t={result.Time}",
            EndReason.Killed or EndReason.OutOfMemory or EndReason.UnsupportedInstruction => $"{EndText.Of(result)} at t={result.Time}",
        };
    }

    private static IEnumerable<string> KillLines(WhyReport report, WhyStyle style)
    {
        MemoryShortage kill = report.Result.Shortage!;
        string ram = ByteCount.Show(report.Plan.Options.RamBytes);
        yield return style.Paint.Strong($"{report.Guest}: killed by the out-of-memory killer: RAM of {ram} was too small");
        yield return $"  when  t={kill.Time}";
        string by = kill.AskedBy is { } number ? $"in the system call {SyscallTable.NameOf(number)}" : "by touching a page";
        yield return $"  what  {kill.Asker?.ToString() ?? kill.Process} asked for {kill.WantedBytes} bytes {by}, and no frame could be had";
        yield return $"  left  reclaim had freed all it could: {Pages(kill.FreePages)} free (the reserve below the watermark min), {Pages((ulong)kill.AnonymousPages)} without a file ({SwapText(report.Plan.Options.SwapBytes, kill.FreeSlots)}), "
            + $"{Pages((ulong)kill.FilePages)} of files, {Pages((ulong)kill.UnevictablePages)} locked";
        yield return $"  who   {kill.Process} was chosen of {kill.Candidates}: it held most, {Pages((ulong)kill.Resident)} in RAM, {kill.Swapped} in swap, {kill.Tables} of page tables";
        yield return "  why   When reclaim frees nothing, Linux kills the process whose pages, swap and page tables add up to most (oom_badness), with SIGKILL.";
    }

    private static string SwapText(ulong swapBytes, long freeSlots) =>
        swapBytes == 0 ? "there is no swap" : freeSlots == 0 ? "swap is full" : $"swap has {freeSlots} free slots";

    private static IEnumerable<string> Counted(WhyReport report)
    {
        ulong count = report.Result.Incidents;
        if (report.Nth != 0)
        {
            yield return $"  count incident {report.Nth} of {count}";
        }
        else if (count > 1)
        {
            yield return $"  count {count} incidents in the run (signals of faults, fatal signals, EFAULT): --nth 1 to --nth {count} explain each";
        }
    }

    private static string Next(WhyReport report, bool killed)
    {
        TypedRun typed = report.Plan.Typed;
        RunResult result = report.Result;
        if (killed)
        {
            string larger = result.Shortage!.NextRamBytes(report.Plan.Options.RamBytes) is { } next
                ? (typed with { Options = Without("--ram", typed.Options) }).Run($"--ram {ByteCount.Show(next)} ")
                : (typed with { Options = Without("--swap", typed.Options) }).Run("--swap 16G ");
            return $"{larger}   |   {typed.Run("--trace reclaim ")}";
        }

        bool earlier = report.Result.Reason is EndReason.Exited && report.Result.ExitCode != 0;
        if ((report.IsOfIncident || earlier) && report.Incident is { } record)
        {
            return IncidentText.Next(record, typed);
        }

        Waiter? runs = result.Threads.FirstOrDefault(thread => thread.Kind == WaitKind.Nothing);
        return result.Reason switch
        {
            EndReason.LimitReached or EndReason.Interrupted when runs is not null =>
                $"{typed.Walk(runs.Address, result.Time)}   |   {typed.Run("--strace ")}",
            EndReason.Exited when result.ExitCode == 0 => typed.Run("--trace all "),
            _ => typed.Run("--strace "),
        };
    }

    /// <summary>Typed options without <paramref name="name"/> and its value, which is one word.</summary>
    private static string Without(string name, string options)
    {
        int at = $" {options}".IndexOf($" {name} ", StringComparison.Ordinal);
        return at < 0 ? options : options[..at] + options[(options.IndexOf(' ', at + name.Length + 1) + 1)..];
    }

    private static string Pages(ulong count) => count == 1 ? "1 page" : $"{count} pages";
}
