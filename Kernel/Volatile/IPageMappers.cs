using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Rmap;

namespace MmuEmu.Kernel.Volatile;

/// <summary>Everyone who maps a page, and what each of them says to its purge.</summary>
internal interface IPageMappers
{
    /// <summary>True when nothing is purged unless all let the page go; else each who does loses it alone (V-146, V-147).</summary>
    bool NeedsAll { get; }

    /// <summary>Appends every place that maps <paramref name="frame"/> to <paramref name="sites"/>; none when the page is another's.</summary>
    void Collect(PageFrame frame, List<RmapSite> sites);

    /// <summary>True when the mapper at <paramref name="site"/> lets the page go: it is volatile there, and not locked (V-146, V-159).</summary>
    bool LetsGo(in RmapSite site);

    /// <summary>True when a page that no entry maps may go as well.</summary>
    bool LetsGoUnmapped(PageFrame frame);

    /// <summary>Parts those from the page who must keep its content though they let it go, and takes them out of <paramref name="sites"/>.</summary>
    /// <returns>False when that cannot be, and then nothing changed.</returns>
    bool TryDetach(PageFrame frame, List<RmapSite> sites);

    /// <summary>Notes the loss in the ranges that speak for <paramref name="site"/> (V-125).</summary>
    void MarkPurged(in RmapSite site);

    /// <summary>No entry maps <paramref name="frame"/> any more: a cache that holds its content drops it, its reference included.</summary>
    void DropContent(PageFrame frame);
}
