using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Swap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Views;

/// <summary>Puts what mapping, entry and frame say about a page into one value.</summary>
internal static class PageStates
{
    /// <summary>The state of a page.</summary>
    /// <param name="mem">Memory management.</param>
    /// <param name="vma">The mapping that covers it; null for none.</param>
    /// <param name="page">Its first byte.</param>
    /// <param name="at">The entry that decides for it.</param>
    public static PageState Of(MemorySystem mem, Vma? vma, VirtAddr page, in TableEntry at)
    {
        PageState state = vma is null ? PageState.None : PageState.Mapped;
        if (vma is not null && VmaVolatility.IsVolatile(vma, page))
        {
            state |= PageState.Volatile;
        }

        return state | mem.SoftPtes.KindOf(at.Entry) switch
        {
            SoftPteKind.None => vma is null ? PageState.None : OfHole(vma, page),
            SoftPteKind.Present => PageState.Present | OfFrame(mem, vma, FrameOf(at, page), at.Entry),
            SoftPteKind.ProtNone => PageState.ProtNone | OfFrame(mem, vma, at.Entry.Frame, at.Entry),
            SoftPteKind.Swap => PageState.Swapped | OfSlot(mem, SoftPteFormat.SwapOf(at.Entry)),
            SoftPteKind.Purged => PageState.Purged,
            SoftPteKind.MigrationRead or SoftPteKind.MigrationWrite => PageState.Migration,
            SoftPteKind.HwPoison => PageState.HwPoison,
            SoftPteKind.NonlinearFile => PageState.File,
            SoftPteKind.Unknown => PageState.None,
        };
    }

    /// <summary>The frame of a leaf of any size that holds <paramref name="address"/>.</summary>
    public static Pfn FrameOf(in TableEntry at, VirtAddr address) => new Leaf(at.Size, at.Entry, default).FrameOf(address);

    private static PageState OfHole(Vma vma, VirtAddr page)
    {
        if (vma.Backing is not { } file)
        {
            return vma.Has(VmFlags.UserFault) ? PageState.UserFault : PageState.None;
        }

        ulong index = vma.IndexOf(page);
        return PageState.File
            | (file.FindPage(index) is null ? PageState.None : PageState.Cached)
            | (file.SlotOf(index) is null ? PageState.None : PageState.Swapped);
    }

    private static PageState OfFrame(MemorySystem mem, Vma? vma, Pfn pfn, Pte entry)
    {
        PageState state = (entry.Has(PteBits.A) ? PageState.Accessed : PageState.None)
            | (entry.Has(PteBits.D) ? PageState.Dirty : PageState.None)
            | (entry.Has(PteBits.P | PteBits.RW) ? PageState.Writable : PageState.None);
        if (SoftPteFormat.IsSpecial(entry))
        {
            return state | (vma?.Backing is null ? PageState.Zero : PageState.File);
        }

        if (mem.Frames.PeekHead(pfn) is not { } frame)
        {
            return state;
        }

        return state
            | (frame.Mapping.IsFile ? PageState.File : PageState.None)
            | (frame.Mapping.IsLazyFree ? PageState.LazyFree : PageState.None)
            | (frame.MapCount > 1 ? PageState.Shared : PageState.None)
            | (frame.Has(PageFlags.Unevictable) ? PageState.Unevictable : PageState.None);
    }

    private static PageState OfSlot(MemorySystem mem, SwapEntry slot) =>
        (mem.Swap.CountOf(slot) > 1 ? PageState.Shared : PageState.None)
        | (mem.Swap.FindCached(slot) is null ? PageState.None : PageState.Cached);
}
