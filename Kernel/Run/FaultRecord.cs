using MmuEmu.Kernel.Story;

namespace MmuEmu.Kernel.Run;

/// <summary>The last page fault or signal of a run that is worth explaining.</summary>
/// <param name="Signal">When, which signal, where the program was.</param>
/// <param name="Reasons">What led there, one sentence each, earliest first.</param>
public sealed record FaultRecord(SignalEvent Signal, IReadOnlyList<string> Reasons)
{
    /// <summary>The fault with its walk; null when the signal came from something else.</summary>
    public FaultEvent? Fault { get; init; }
}
