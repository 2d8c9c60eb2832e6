using MmuEmu.Emulator.Paging;

namespace MmuEmu.Emulator.Translation;

/// <summary>What the MMU did for one access: the record that is priced, drawn and tested.</summary>
/// <remarks>After a hit only <see cref="TlbLevel"/> and <see cref="Walks"/> = 0 speak; the rest is of the last walk.</remarks>
public struct MmuOutcome
{
    /// <summary>1 or 2 when that TLB level held the translation (even one that was then refused), 0 when none did.</summary>
    public byte TlbLevel { get; internal set; }

    /// <summary>Walks made: 0 after a plain hit, 1 as a rule, more when an entry changed meanwhile or stale rights were checked.</summary>
    public byte Walks { get; internal set; }

    /// <summary>Entries read by walks before the last one.</summary>
    public ushort EarlierReferences { get; internal set; }

    /// <summary>Entries in which A or D was set; one microcode assist however many.</summary>
    public byte EntriesMarked { get; internal set; }

    /// <summary>The access ended in a page fault.</summary>
    public bool Faulted { get; internal set; }

    /// <summary>The level of the first table that the last walk read; below the root when a paging-structure cache answered.</summary>
    public PagingLevel StartLevel { get; internal set; }

    /// <summary>The entries that the last walk read.</summary>
    public WalkPath Path { get; internal set; }
}
