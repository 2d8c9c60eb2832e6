using System.Globalization;
using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Rendering;

/// <summary>What a user should be told when a run is over: how it ended, and what happened to its memory.</summary>
internal static class SummaryText
{
    private const int PagesShown = 8;

    /// <summary>Lines without the program's name; none when nothing was out of the ordinary.</summary>
    public static IEnumerable<string> Lines(TypedRun typed, KernelOptions options, Verdict verdict, NotableSignals signals)
    {
        RunResult result = verdict.Result;
        MmCounters memory = result.Statistics.Memory;
        ulong purged = memory[MmCounter.PgDiscardDirect] + memory[MmCounter.PgDiscardKswapd];
        if (purged > 0)
        {
            yield return $"{Count(purged, "volatile page")} purged under memory pressure";
        }

        if (signals.Pages > 0)
        {
            yield return $"SIGBUS on {Count((ulong)signals.Pages, "page")}, {signals.Repaired} repaired: {signals.PagesText(PagesShown)}";
        }

        if (memory[MmCounter.PgLazyFreed] > 0)
        {
            yield return $"{Count(memory[MmCounter.PgLazyFreed], "page")} marked with MADV_FREE discarded";
        }

        if (memory[MmCounter.PswpOut] > 0)
        {
            yield return $"{Count(memory[MmCounter.PswpOut], "page")} swapped out, {memory[MmCounter.PswpIn]} read back";
        }

        if (result.Shortage is { } shortage)
        {
            yield return ShortageLine(shortage, options.RamBytes);
        }

        if (Ending(typed, verdict) is { } ending)
        {
            yield return ending;
        }

        foreach (Waiter waiter in result.Waiters)
        {
            yield return $"  {EndText.Of(waiter)}";
        }
    }

    private static string ShortageLine(MemoryShortage shortage, ulong ramBytes)
    {
        string what = shortage.IsKill
            ? $"the out-of-memory killer ended {shortage.Process}"
            : $"{shortage.Call} of {shortage.Process} was refused {ByteCount.Show(shortage.WantedBytes)}{(shortage.Errno == Errno.None ? "" : $" with {shortage.Errno}")}";
        string more = shortage.Times > 1 ? $", the first of {shortage.Times} such" : "";
        string hint = shortage.NextRamBytes(ramBytes) is { } next ? $"try: --ram {ByteCount.Show(next)}" : "try: --swap 16G";
        return $"RAM of {ByteCount.Show(ramBytes)} was too small: {what} at t={shortage.Time}{more}; {hint}";
    }

    private static string? Ending(TypedRun typed, Verdict verdict) => Ending(typed, typed.Guest, verdict, verdict.Result);

    private static string? Ending(TypedRun typed, string guest, Verdict verdict, RunResult result) => result.Reason switch
    {
        EndReason.Interrupted => $"{guest}: {CauseText(verdict)} at t={result.Time}",
        EndReason.Paused => $"paused at t={result.Time}",
        EndReason.Exited => null,
        EndReason.Killed => $"{guest}: killed by {result.Signal} at t={result.Time}{Why(result)}{Hint(typed, result.Signal)}",
        EndReason.OutOfMemory => $"{guest}: out of memory at t={result.Time}: killed by the out-of-memory killer",
        EndReason.LimitReached => $"{guest}: the limit of --max-insns is reached at t={result.Time}",
        EndReason.Deadlock => $"{guest}: deadlock at t={result.Time}: every process waits for something that cannot come",
        EndReason.UnsupportedInstruction => $"{guest}: {EndText.Of(result)}",
        EndReason.ExpectationFailed => $"{guest}: {EndText.Of(result)}",
    };

    /// <summary>What of the host ended the run.</summary>
    public static string CauseText(Verdict verdict) => verdict.Cause == InterruptCause.Timeout
        ? string.Create(CultureInfo.InvariantCulture, $"stopped by --timeout {verdict.Timeout!.Value.TotalSeconds}")
        : "interrupted";

    /// <summary>What a user typed needs no explanation.</summary>
    private static string Hint(TypedRun typed, Signal signal) => signal is Signal.SIGINT or Signal.SIGQUIT ? "" : $"; explained by: {typed.Why()}";

    private static string Why(RunResult result) =>
        result.LastFault is { Signal.Info: var info } && SignalText.HasAddress(info) ? $" ({SignalText.CodeName(info)} at {info.Address})" : "";

    private static string Count(ulong number, string thing) => number == 1 ? $"1 {thing}" : $"{number} {thing}s";
}
