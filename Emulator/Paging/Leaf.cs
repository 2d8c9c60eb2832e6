using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Paging;

/// <summary>Where a walk ended well: the entry that maps the page, and what all levels allow together.</summary>
/// <param name="Size">Size of the mapped page.</param>
/// <param name="Entry">The leaf entry as read.</param>
/// <param name="Rights">Rights of all levels together.</param>
public readonly record struct Leaf(PageSize Size, Pte Entry, Rights Rights)
{
    /// <summary>The 4 KiB frame within the page that holds <paramref name="address"/>.</summary>
    public Pfn FrameOf(VirtAddr address)
    {
        ulong inPage = (address.Raw & (Size.Bytes() - 1)) >> 12;
        return new Pfn(Entry.LeafFrame(Size).Raw + inPage);
    }
}

/// <summary>From where a walk starts: the root, or what a paging-structure cache remembers.</summary>
/// <param name="Level">The table to read first.</param>
/// <param name="Table">Its frame.</param>
/// <param name="Rights">Rights of the levels above it together.</param>
public readonly record struct WalkStart(PagingLevel Level, Pfn Table, Rights Rights)
{
    /// <summary>From the root that CR3 names.</summary>
    public static WalkStart AtRoot(in PagingMode mode) => new(mode.RootLevel, mode.Root, Rights.All);
}
