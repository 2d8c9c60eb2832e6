using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Huge;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;

namespace MmuEmu.Kernel.Volatile;

/// <summary>What a purge does with a huge page: the tenth posting splits it, all others pass it by (V-161).</summary>
/// <remarks>Source: [vrange v8 7/8], [vrange v10 10/16]; pages of hugetlb are no anonymous pages, and never come here (V-163).</remarks>
internal static class HugeRule
{
    /// <summary>Readies a page for a purge: true for a small one, and for a huge one that was split because all who map it let its first page go.</summary>
    public static bool TryReady(MemorySystem mem, PageFrame frame, IPageMappers mappers)
    {
        if (!frame.Has(PageFlags.Head))
        {
            return true;
        }

        List<RmapSite> sites = [];
        mappers.Collect(frame, sites);
        foreach (RmapSite site in sites)
        {
            if (!mappers.LetsGo(site))
            {
                return false;
            }
        }

        if (sites.Count == 0 || !mem.Vrange.SplitsHugePages)
        {
            return false;
        }

        HugeSplit.Page(mem, frame);
        return true;
    }
}
