using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;

namespace MmuEmu.Kernel.PageCopy;

/// <summary>References to pages of user memory that a copy has pinned; a page of hugetlb is held as a whole.</summary>
/// <remarks>Source: [Linux mm/gup.c, try_grab_folio].</remarks>
internal static class PageHold
{
    /// <summary>Keeps the page's frame from being freed.</summary>
    public static void Take(MemorySystem mem, PageFrame page) => mem.Frames.HeadOf(page.Pfn).RefCount++;

    /// <summary>Lets it go.</summary>
    public static void Release(MemorySystem mem, PageFrame page) => mem.Source.Release(mem.Frames.HeadOf(page.Pfn));
}
