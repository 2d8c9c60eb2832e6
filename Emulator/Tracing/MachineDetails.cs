using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Tracing;

/// <summary>A data access.</summary>
/// <param name="Access">What was asked for.</param>
/// <param name="Where">The physical address of its first byte.</param>
public sealed record AccessDetail(Access Access, PhysAddr Where) : TraceDetail;

/// <summary>A walk of the tables.</summary>
/// <param name="Access">The access it was made for.</param>
/// <param name="Path">The entries it read, as they were.</param>
/// <param name="Fault">The fault; for a page fault only.</param>
public sealed record WalkDetail(Access Access, WalkPath Path, PageFault Fault) : TraceDetail
{
    /// <summary>What the tables hold above <see cref="Path"/>: entries that were not read, because a paging-structure cache served them.</summary>
    public WalkPath Above { get; init; }
}

/// <summary>What left the TLBs.</summary>
/// <param name="What">How much of them.</param>
public sealed record InvalidationDetail(TlbInvalidation What) : TraceDetail;
