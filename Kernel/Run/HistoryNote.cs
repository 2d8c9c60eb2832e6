using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Kernel.Run;

/// <summary>Something earlier that bears on a fault.</summary>
/// <param name="Time">T when it happened.</param>
public abstract record HistoryNote(ulong Time);

/// <summary>A system call that named a range which covers the address.</summary>
/// <param name="Time">T when it was made.</param>
/// <param name="Number">The call's number, with bit 40 set for a proposal's meaning of it.</param>
/// <param name="Range">Its first two arguments.</param>
/// <param name="How">Its third argument.</param>
public sealed record RangeCallNote(ulong Time, ulong Number, VirtRange Range, ulong How) : HistoryNote(Time);

/// <summary>What happened to a page behind its program's back.</summary>
public enum PageChange
{
    /// <summary>Its frame was purged.</summary>
    Purged,

    /// <summary>It was read back from swap.</summary>
    SwappedIn,
}

/// <summary>What happened to the page last.</summary>
/// <param name="Time">T when it happened.</param>
/// <param name="Change">Which.</param>
/// <param name="Frame">The frame it lost or got.</param>
public sealed record PageNote(ulong Time, PageChange Change, Pfn Frame) : HistoryNote(Time)
{
    /// <summary>The swap slot; 0 when it was purged.</summary>
    public ulong Slot { get; init; }

    /// <summary>What asked for it.</summary>
    public WorkCause Cause { get; init; }
}
