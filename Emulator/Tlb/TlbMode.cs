namespace MmuEmu.Emulator.Tlb;

/// <summary>How much the modelled processor remembers of earlier walks; each value is legal for an x86-64 processor.</summary>
/// <remarks>Source: [SDM3 Paging, "Caching Translation Information"]; spec rows T-001 to T-096.</remarks>
public enum TlbMode : byte
{
    /// <summary>Nothing is cached: every access walks, so no translation is ever stale.</summary>
    NoCache,

    /// <summary>The arrays of <see cref="TlbGeometry"/>, with their replacement.</summary>
    Preset,

    /// <summary>Arrays without end that drop only what the manual obliges, so that every missing flush shows.</summary>
    MaxStale,
}
