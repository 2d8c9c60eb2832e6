using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Run;

/// <summary>Makes results: how the run ended, and with which exit code.</summary>
internal sealed class RunEnd(TaskSystem system, RunStatistics statistics, FaultDesk faults, RunHistory history, Process first)
{
    private const int ExpectationCode = 120;
    private const int DeadlockCode = 123;
    private const int LimitCode = 124;
    private const int UnsupportedCode = 126;
    private const int SignalBase = 128;

    /// <summary>The first process has ended, and no other lives.</summary>
    public RunResult OfFirst()
    {
        WaitStatus status = first.Status;
        if (system.BrokenExpectation is { } broken)
        {
            return Of(EndReason.ExpectationFailed, broken);
        }

        if (status.Signal == Signal.None)
        {
            return Of(EndReason.Exited, "") with { ExitCode = status.ExitCode };
        }

        EndReason reason = first.KilledForMemory ? EndReason.OutOfMemory
            : status.Signal == Signal.SIGILL && faults.Unsupported is not null ? EndReason.UnsupportedInstruction
            : EndReason.Killed;
        string message = reason switch
        {
            EndReason.OutOfMemory => "killed because memory was out",
            EndReason.UnsupportedInstruction => $"killed by SIGILL at an instruction that this machine does not have: {faults.Unsupported}",
            _ => $"killed by {status.Signal}",
        };
        int code = reason == EndReason.UnsupportedInstruction ? UnsupportedCode : SignalBase + (int)status.Signal;
        return Of(reason, message) with { ExitCode = code, Signal = status.Signal };
    }

    /// <summary>A result with the exit code that belongs to <paramref name="reason"/>.</summary>
    public RunResult Of(EndReason reason, string message)
    {
        int code = reason switch
        {
            EndReason.ExpectationFailed => ExpectationCode,
            EndReason.Deadlock => DeadlockCode,
            EndReason.LimitReached => LimitCode,
            EndReason.UnsupportedInstruction => UnsupportedCode,
            EndReason.Paused or EndReason.Exited or EndReason.Killed or EndReason.OutOfMemory => 0,
        };
        statistics.Instructions = system.Processors.Cores.Retired;
        return new RunResult(reason, code)
        {
            Message = message,
            Time = system.Processors.Cores.Retired,
            Statistics = statistics,
            LastFault = history.Last,
            Shortage = system.Shortages.Told,
        };
    }

    /// <summary>Every process with what it waits for.</summary>
    public string WhoWaits()
    {
        List<string> waits = [];
        foreach (Process process in system.Processes.All)
        {
            foreach (UserThread thread in process.Threads)
            {
                if (thread.State == RunState.Dead && process.LiveThreads > 0)
                {
                    continue;
                }

                string why = process.State == ProcessState.Stopped ? "SIGCONT" : thread.Wait is null ? "its parent's wait" : WaitText.Of(thread);
                waits.Add($"{thread} waits for {why}");
            }
        }

        return $"nothing can happen any more: {string.Join("; ", waits)}";
    }
}
