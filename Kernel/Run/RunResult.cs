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

    /// <summary>One sentence for a person, when the reason does not say all; otherwise empty.</summary>
    public string Message { get; init; } = "";

    /// <summary>What RAM could not give; null when it was enough.</summary>
    public MemoryShortage? Shortage { get; init; }

    /// <summary>What was counted.</summary>
    public required RunStatistics Statistics { get; init; }

    /// <summary>The last fault or fault signal; null when there was none.</summary>
    public FaultRecord? LastFault { get; init; }
}
