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

    /// <summary>Purges the page, which is locked and which the caller refers to, if every space that still maps it lets it go (V-146).</summary>
    /// <returns>True when no entry maps the page any more; false when nothing changed.</returns>
    public bool TryUnmap(PageFrame frame, ReclaimReason reason)
    {
        _sites.Clear();
        if (!frame.Mapping.LeadsToAnonVma)
        {
            return false;
        }

        mem.Rmap.Collect(frame, RmapWanted.PresentOrSwapped, _sites);
        if (_sites.Count == 0 || !EveryoneAgrees())
        {
            return false;
        }

        foreach (RmapSite site in _sites)
        {
            Purge(site, frame);
        }

        if (frame.Has(PageFlags.SwapCache))
        {
            mem.Swap.Uncache(frame);
            mem.Source.Release(frame);
        }

        frame.Clear(PageFlags.Dirty);
        mem.Counters.Add(reason == ReclaimReason.Balance ? MmCounter.PgDiscardKswapd : MmCounter.PgDiscardDirect);
        return true;
    }

    private bool EveryoneAgrees()
    {
        foreach (RmapSite site in _sites)
        {
            if (site.Space.Volatile?.IsVolatile(site.Vma, site.Address) != true)
            {
                return false;
            }
        }

        return true;
    }

    private void Purge(in RmapSite site, PageFrame frame)
    {
        if (SoftPteFormat.HasFrame(site.Entry))
        {
            _ = RmapUnmap.ClearAndFlush(mem, site);
            RmapUnmap.Put(mem, site, mem.SoftPtes.Purged);
            RmapUnmap.Forget(mem, site, frame);
        }
        else
        {
            RmapUnmap.Put(mem, site, mem.SoftPtes.Purged);
            mem.Swap.DropUser(SwapEntry.OfRaw(frame.Swap));
            site.Space.Rss.Swap--;
        }

        site.Space.Volatile!.MarkPurged(site.Address);
        mem.EventsFor(KernelEvent.Purged)?.Take(new TraceEvent(KernelEvent.Purged) { Space = site.Space.Tag.Id, Address = site.Address, Frame = frame.Pfn });
    }
}
