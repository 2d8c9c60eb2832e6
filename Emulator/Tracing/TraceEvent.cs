using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Tracing;

/// <summary>One thing that happened, as a value. Each kind says which fields it fills; the others are zero.</summary>
/// <param name="Kind">What it was.</param>
public readonly record struct TraceEvent(TraceEventKind Kind)
{
    /// <summary>When and where; filled in on the way to the sink, so who tells leaves it alone.</summary>
    public TraceStamp Stamp { get; init; }

    /// <summary>The address space's number, or 0.</summary>
    public int Space { get; init; }

    /// <summary>The virtual address.</summary>
    public VirtAddr Address { get; init; }

    /// <summary>Where a page-table entry lies in RAM.</summary>
    public PhysAddr Slot { get; init; }

    /// <summary>The entry before.</summary>
    public Pte Old { get; init; }

    /// <summary>The entry after.</summary>
    public Pte New { get; init; }

    /// <summary>The frame.</summary>
    public Pfn Frame { get; init; }

    /// <summary>How many.</summary>
    public ulong Count { get; init; }

    /// <summary>Which one, of things that have numbers.</summary>
    public ulong Number { get; init; }

    /// <summary>One more number.</summary>
    public ulong Argument { get; init; }

    /// <summary>What more there is to tell; null for most kinds.</summary>
    public TraceDetail? Detail { get; init; }
}

/// <summary>What an event tells besides its fields; a type for each group of kinds. Never changed once told.</summary>
public abstract record TraceDetail;
