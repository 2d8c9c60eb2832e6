using MmuEmu.Emulator.Tlb;

namespace MmuEmu.Emulator.Translation;

/// <summary>Whether a walk that ends in a fault leaves A set in the entries above the one that ended it (P-042: both are legal).</summary>
public enum AccessedOnFault : byte
{
    /// <summary>A faulting access sets no A bit.</summary>
    LeaveUpper,

    /// <summary>The walk marks as it descends: upper entries keep A=1.</summary>
    MarkUpper,
}

/// <summary>What happens when cached rights refuse an access that the tables might allow by now.</summary>
public enum SpuriousFault : byte
{
    /// <summary>One fresh walk from CR3 decides.</summary>
    Recheck,

    /// <summary>The fault is delivered; the entry is dropped with it, so the next try succeeds.</summary>
    Deliver,
}

/// <summary>Whether translations are fetched that no instruction asked for (T-096).</summary>
public enum SpeculativeFill : byte
{
    /// <summary>Never.</summary>
    None,

    /// <summary>A walk for data brings the next page's translation too.</summary>
    NextPage,
}

/// <summary>The choices that the architecture leaves to an MMU.</summary>
public sealed record MmuOptions
{
    /// <summary>How much is cached.</summary>
    public TlbMode TlbMode { get; init; } = TlbMode.Preset;

    /// <summary>The arrays of <see cref="TlbMode.Preset"/>.</summary>
    public TlbGeometry Geometry { get; init; } = TlbGeometry.Default;

    /// <summary>A bits of walks that fault.</summary>
    public AccessedOnFault AccessedOnFault { get; init; } = AccessedOnFault.LeaveUpper;

    /// <summary>Stale rights that refuse.</summary>
    public SpuriousFault SpuriousFault { get; init; } = SpuriousFault.Recheck;

    /// <summary>Speculative translations.</summary>
    public SpeculativeFill SpeculativeFill { get; init; } = SpeculativeFill.None;
}
