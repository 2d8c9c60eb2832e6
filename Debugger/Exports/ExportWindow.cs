using MmuEmu.Emulator.Tracing;

namespace MmuEmu.Debugger.Exports;

/// <summary>Which part of a run is told, and in which time.</summary>
/// <param name="From">The first T.</param>
/// <param name="To">The last T.</param>
/// <param name="InCycles">Time is the cycle clock of the processor, not T.</param>
internal readonly record struct ExportWindow(ulong From, ulong To, bool InCycles)
{
    /// <summary>All of it.</summary>
    public static ExportWindow All => new(0, ulong.MaxValue, false);

    /// <summary>The time of an event as it is written: T, or cycles.</summary>
    public ulong At(in TraceStamp stamp) => InCycles ? stamp.Cycles.Count : stamp.Time;

    /// <summary>What the unit of that time is called.</summary>
    public string Unit => InCycles ? "cycles" : "instructions";
}
