using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Timing;

/// <summary>What the MMU did for one access: the record that is priced, drawn and tested.</summary>
/// <remarks>
/// The MMU keeps one of these and overwrites it, so that a hit writes a few bytes only: after a plain hit
/// <see cref="TlbLevel"/>, <see cref="Size"/> and <see cref="Walks"/> = 0 speak, and the rest is of the last walk.
/// </remarks>
public struct MmuOutcome
{
    /// <summary>1 or 2 when that TLB level held the translation (even one that was then refused), 0 when none did.</summary>
    public byte TlbLevel { readonly get; internal set; }

    /// <summary>Walks made: 0 after a plain hit, 1 as a rule, more when an entry changed meanwhile or stale rights were checked.</summary>
    public byte Walks { readonly get; internal set; }

    /// <summary>Entries read by walks before the last one.</summary>
    public ushort EarlierReferences { readonly get; internal set; }

    /// <summary>Entries in which A or D was set; one microcode assist however many.</summary>
    public byte EntriesMarked { readonly get; internal set; }

    /// <summary>The access ended in a page fault.</summary>
    public bool Faulted { readonly get; internal set; }

    /// <summary>Size of the page as the TLB holds it; without meaning after a fault.</summary>
    public PageSize Size { readonly get; internal set; }

    /// <summary>The level of the first table that the last walk read; below the root when a paging-structure cache answered.</summary>
    public PagingLevel StartLevel { readonly get; internal set; }

    /// <summary>The entries that the last walk read, highest first.</summary>
    public WalkPath Path { readonly get => LastPath; internal set => LastPath = value; }

    /// <summary>The same path, for the MMU to fill in place.</summary>
    internal WalkPath LastPath;

    /// <summary>One entry of the last walk, without a copy of the whole path.</summary>
    internal readonly WalkStep StepAt(int index) => LastPath[index];

    /// <summary>Number of entries that the last walk read.</summary>
    internal readonly int StepCount => LastPath.Count;
}
