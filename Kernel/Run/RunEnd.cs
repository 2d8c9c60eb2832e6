using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;
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

    /// <summary>Knows which pressure rules never acted.</summary>
    public required PressureSchedule Pressure { get; init; }

    /// <summary>Knows what there was to stop at.</summary>
    public required StopWatch Stops { get; init; }

    /// <summary>The first process has ended, and no other lives.</summary>
    public RunResult OfFirst()
    {
        WaitStatus status = first.Status;
        if (system.BrokenExpectation is { } broken)
        {
            return Of(EndReason.ExpectationFailed) with { Broken = broken };
        }

        if (status.Signal == Signal.None)
        {
            return Of(EndReason.Exited) with { ExitCode = status.ExitCode };
        }

        EndReason reason = first.KilledForMemory ? EndReason.OutOfMemory
            : status.Signal == Signal.SIGILL && faults.Unsupported is not null ? EndReason.UnsupportedInstruction
            : EndReason.Killed;
        int code = reason == EndReason.UnsupportedInstruction ? UnsupportedCode : SignalBase + (int)status.Signal;
        CodeBytes? unsupported = reason == EndReason.UnsupportedInstruction ? faults.Unsupported : null;
        return Of(reason) with { ExitCode = code, Signal = status.Signal, Unsupported = unsupported };
    }

    /// <summary>A result with the exit code that belongs to <paramref name="reason"/>.</summary>
    public RunResult Of(EndReason reason)
    {
        int code = reason switch
        {
            EndReason.ExpectationFailed => ExpectationCode,
            EndReason.Deadlock => DeadlockCode,
            EndReason.LimitReached => LimitCode,
            EndReason.UnsupportedInstruction => UnsupportedCode,
            EndReason.Paused or EndReason.Interrupted or EndReason.Exited or EndReason.Killed or EndReason.OutOfMemory => 0,
        };
        statistics.Instructions = system.Processors.Cores.Retired;
        return new RunResult(reason, code)
        {
            Time = system.Processors.Cores.Retired,
            Statistics = statistics,
            LastFault = history.Last,
            Incident = history.Incident,
            Incidents = history.Incidents,
            Threads = reason is EndReason.Interrupted or EndReason.LimitReached or EndReason.Deadlock ? WaiterList.Of(system) : [],
            Shortage = system.Shortages.Told,
            Unfired = reason == EndReason.Paused ? [] : Pressure.Unfired(),
            Occurrences = reason == EndReason.Paused ? [] : Stops.Seen(),
        };
    }
}
