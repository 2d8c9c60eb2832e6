using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Kernel.Run;

/// <summary>How a run ended, or where it paused.</summary>
/// <param name="Reason">Why.</param>
/// <param name="ExitCode">What the command should return: the guest's own code, 128 + signal, or 120, 123, 124, 126.</param>
public sealed record RunResult(EndReason Reason, int ExitCode)
{
    /// <summary>The signal that killed the first process, if one did.</summary>
    public Signal Signal { get; init; }

    /// <summary>T when it stopped.</summary>
    public ulong Time { get; init; }

    /// <summary>Who waits for what when nothing can happen any more; empty with every other reason.</summary>
    public IReadOnlyList<Waiter> Waiters { get; init; } = [];

    /// <summary>The claim that did not hold; null when all did.</summary>
    public BrokenExpectation? Broken { get; init; }

    /// <summary>The instruction that is not implemented and that the first process died of; null when it did not.</summary>
    public CodeBytes? Unsupported { get; init; }

    /// <summary>The instructions that the run was allowed, when they are spent; otherwise 0.</summary>
    public ulong Limit { get; init; }

    /// <summary>What RAM could not give; null when it was enough.</summary>
    public MemoryShortage? Shortage { get; init; }

    /// <summary>The pressure rules that never acted, in their order; empty where the run only paused.</summary>
    public IReadOnlyList<PressureRule> Unfired { get; init; } = [];

    /// <summary>The last call and mark of each name, in the order of their first, the last fault and the last signal; empty where the run only paused.</summary>
    public IReadOnlyList<StopAt> Occurrences { get; init; } = [];

    /// <summary>What was counted.</summary>
    public required RunStatistics Statistics { get; init; }

    /// <summary>The last fault or fault signal; null when there was none.</summary>
    public FaultRecord? LastFault { get; init; }

    /// <summary>The incident that was asked for (<see cref="KernelOptions.Incident"/>); null when there was none.</summary>
    public FaultRecord? Incident { get; init; }

    /// <summary>Incidents so far: signals that faults and exceptions raised or that ended their process, and answers EFAULT.</summary>
    public ulong Incidents { get; init; }

    /// <summary>What each thread does where the run was ended from outside, or can do nothing more; empty otherwise.</summary>
    public IReadOnlyList<Waiter> Threads { get; init; } = [];
}
