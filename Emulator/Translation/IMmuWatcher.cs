using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Translation;

/// <summary>What an <see cref="MmuEvent"/> reports.</summary>
public enum MmuEventKind : byte
{
    /// <summary>A walk has read its entries; A and D are not yet set.</summary>
    Walk,

    /// <summary>A translation has been put into the TLB; A and D are set.</summary>
    Fill,

    /// <summary>A page fault is about to be reported.</summary>
    Fault,

    /// <summary>An invalidation has been carried out.</summary>
    Invalidate,
}

/// <summary>One thing the MMU did off its fast path.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="Access">The access it was done for; for an invalidation only the address.</param>
/// <param name="Path">The entries read; empty for an invalidation.</param>
/// <param name="Fault">The fault; for <see cref="MmuEventKind.Fault"/> only.</param>
/// <param name="Invalidation">What left; for <see cref="MmuEventKind.Invalidate"/> only.</param>
public readonly record struct MmuEvent(
    MmuEventKind Kind, Access Access, WalkPath Path, PageFault Fault, TlbInvalidation Invalidation);

/// <summary>Sees what the MMU does on its slow path: a trace, a debugger, a test.</summary>
public interface IMmuWatcher
{
    /// <summary>Takes one event; RAM written here is seen by the MMU's next step, as if another core had written it.</summary>
    void Observe(in MmuEvent what);
}
