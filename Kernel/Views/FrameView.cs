using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Swap;

namespace MmuEmu.Kernel.Views;

/// <summary>A frame of RAM, 4 KiB.</summary>
/// <param name="Frame">Its number.</param>
/// <param name="Use">What it is used for; the other properties say something where that gives them a meaning.</param>
public sealed record FrameView(Pfn Frame, FrameUse Use)
{
    /// <summary>References held.</summary>
    public int RefCount { get; init; }

    /// <summary>Entries that hold it, over all address spaces; those of the zero page do not count.</summary>
    public int MapCount { get; init; }

    /// <summary>State bits.</summary>
    public PageFlags Flags { get; init; }

    /// <summary>Anonymous: the linear page index; of a file: which of its pages.</summary>
    public ulong Index { get; init; }

    /// <summary>The name of the file that it is a page of; null for none.</summary>
    public string? File { get; init; }

    /// <summary>True while it is lazily free.</summary>
    public bool IsLazyFree { get; init; }

    /// <summary>The swap slot that keeps a copy of it; null for none.</summary>
    public SwapEntry? Swap { get; init; }

    /// <summary>Free: the first frame of its block.</summary>
    public Pfn? Block { get; init; }

    /// <summary>Free: log2 of the frames in its block, 0 to 10.</summary>
    public int Order { get; init; }

    /// <summary>A paging structure: its level; null when no living space uses it.</summary>
    public PagingLevel? TableLevel { get; init; }

    /// <summary>A paging structure: the number of its space.</summary>
    public int? TableSpace { get; init; }

    /// <summary>A paging structure: the first address that it decides.</summary>
    public VirtAddr TableStart { get; init; }

    /// <summary>The list that it is on; null for none.</summary>
    public LruKind? List { get; init; }

    /// <summary>Its place on that list, from 1: the next victim.</summary>
    public int ListPlace { get; init; }

    /// <summary>How many are on that list.</summary>
    public int ListLength { get; init; }

    /// <summary>Every entry that holds it or names its swap slot, as the reverse map finds them; none for the zero page and paging structures.</summary>
    public IReadOnlyList<(int Space, VirtAddr Address, Pte Entry)> Sites { get; init; } = [];
}
