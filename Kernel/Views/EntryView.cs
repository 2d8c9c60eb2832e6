using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Swap;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Kernel.Views;

/// <summary>The entry that decides for one address, and the way to it from the root.</summary>
/// <param name="Space">The number of the space.</param>
/// <param name="Address">The address that was asked for.</param>
/// <param name="Path">The entries on the way, the root's first, each with its slot; empty for an address that is not canonical.</param>
/// <param name="Kind">What the last one means to the kernel.</param>
/// <param name="State">What there is to say about the page.</param>
public sealed record EntryView(int Space, VirtAddr Address, WalkPath Path, SoftPteKind Kind, PageState State)
{
    /// <summary>The entry itself: the last of the way; none for an address that is not canonical.</summary>
    public Pte Entry => Path.Count == 0 ? Pte.None : Path.Last.Entry;

    /// <summary>The size of the page; null when the entry is no leaf.</summary>
    public PageSize? Size { get; init; }

    /// <summary>The rights of all levels together; null when the entry is no leaf that the hardware uses.</summary>
    public Rights? Rights { get; init; }

    /// <summary>The frame of RAM that holds the address, or is named by an entry of a page that is moved or has failed; null for none.</summary>
    public Pfn? Frame { get; init; }

    /// <summary>The swap slot that the entry names; null for none.</summary>
    public SwapEntry? Swap { get; init; }
}
