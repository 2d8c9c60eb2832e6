using System.Diagnostics;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Swap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Volatile;

/// <summary>Takes one page away from everyone who maps it, and leaves purged entries behind.</summary>
/// <remarks>Source: [vrange v8 7/8, try_to_discard_vpage].</remarks>
internal sealed class PagePurge(MemorySystem mem)
{
    private readonly List<RmapSite> _sites = [];

    /// <summary>Purges one page if it is on an LRU list and nobody works on it; 1 when its frame came free.</summary>
    /// <remarks>A page with further references loses its entries, and its frame stays with whoever holds them (V-158).</remarks>
    public ulong TryFree(PageFrame frame, IPageMappers mappers, ReclaimReason reason)
    {
        if (!frame.Has(PageFlags.Lru) || !frame.TryLock())
        {
            return 0;
        }

        Debug.Assert(!frame.Has(PageFlags.Head), "a huge page is split before it is purged, or left alone");

        frame.RefCount++;
        bool purged = TryUnmap(frame, mappers, reason);
        frame.Unlock();
        bool last = frame.RefCount == 1;
        mem.Source.Release(frame);
        return purged && last ? 1UL : 0;
    }

    /// <summary>Purges the page, which is locked and which the caller refers to, from those who map it, as far as the posting's rule for sharers goes (V-146 to V-148).</summary>
    /// <returns>True when no entry maps the page any more; false when somebody keeps it.</returns>
    public bool TryUnmap(PageFrame frame, IPageMappers mappers, ReclaimReason reason)
    {
        _sites.Clear();
        mappers.Collect(frame, _sites);
        int refusals = 0;
        foreach (RmapSite site in _sites)
        {
            refusals += LetsGo(mappers, frame, site) ? 0 : 1;
        }

        bool agreed = _sites.Count == 0 ? mappers.LetsGoUnmapped(frame) : refusals == 0 || !mappers.NeedsAll;
        if (!agreed || !mappers.TryDetach(frame, _sites))
        {
            return false;
        }

        PurgeSites(mappers, frame);
        if (frame.MapCount > 0 || refusals > 0)
        {
            return false;
        }

        mappers.DropContent(frame);
        frame.Clear(PageFlags.Dirty);
        mem.Counters.Add(reason == ReclaimReason.Balance ? MmCounter.PgDiscardKswapd : MmCounter.PgDiscardDirect);
        return true;
    }

    private void PurgeSites(IPageMappers mappers, PageFrame frame)
    {
        foreach (RmapSite site in _sites)
        {
            if (LetsGo(mappers, frame, site))
            {
                Purge(site, frame);
                mappers.MarkPurged(site);
                mem.Report.For(KernelEvent.Purged)?.Take(new TraceEvent(KernelEvent.Purged) { Space = site.Space.Tag.Id, Address = site.Address, Frame = frame.Pfn });
            }
            else if (mem.Vrange.Sharers == SharerRule.UntilOneRefuses)
            {
                return;
            }
        }
    }

    /// <summary>True when the mapping has the page and lets it go.</summary>
    private static bool LetsGo(IPageMappers mappers, PageFrame frame, in RmapSite site) =>
        ReverseMap.Maps(site.Entry, frame, RmapWanted.PresentOrSwapped) && mappers.LetsGo(site);

    private void Purge(in RmapSite site, PageFrame frame)
    {
        if (SoftPteFormat.HasFrame(site.Entry))
        {
            RmapUnmap.Replace(mem, site, frame, mem.SoftPtes.Purged);
        }
        else
        {
            RmapUnmap.Put(mem, site, mem.SoftPtes.Purged);
            mem.Swap.DropUser(SwapEntry.OfRaw(frame.Swap));
            site.Space.Rss.Swap--;
        }
    }
}
