using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Timing;

/// <summary>Which TLB level answered a look-up.</summary>
public enum TlbLevel : byte
{
    /// <summary>None did: the tables were walked.</summary>
    Miss = 0,

    /// <summary>The first level: the data or the instruction TLB.</summary>
    L1 = 1,

    /// <summary>The second level, shared by data and fetches on most processors.</summary>
    L2 = 2,
}

/// <summary>What one translation did: the record that the cycle model prices, and that the debugger and the tests read.</summary>
/// <remarks>
/// A TLB hit with a path of one entry or more means that the tables were read all the same: the cached rights refused the
/// access and were checked again, or a first write had to set D. The MMU keeps one of these and overwrites it, so that a hit
/// touches a few bytes only; <see cref="Path"/> counts only when <see cref="WalkPath.Count"/> is above zero.
/// </remarks>
public struct TranslationOutcome
{
    /// <summary>What was asked for: read, write or fetch.</summary>
    public AccessKind Kind { readonly get; set; }

    /// <summary>The TLB level that answered.</summary>
    public TlbLevel Hit { readonly get; set; }

    /// <summary>Size of the mapped page; without meaning after a fault.</summary>
    public PageSize Size { readonly get; set; }

    /// <summary>True when the translation ended in a page fault.</summary>
    public bool Faulted { readonly get; set; }

    /// <summary>Entries whose A or D bit was set; above zero the processor took one assist, however many entries it was.</summary>
    public int EntryUpdates { readonly get; set; }

    /// <summary>The entries read, highest first; empty when the TLB answered alone.</summary>
    public WalkPath Path;
}
