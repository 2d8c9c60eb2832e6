using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Volatile;

/// <summary>Gives those who map a file's page privately a copy each, as a write by them would: what happens to the file concerns them no longer.</summary>
/// <remarks>Source: [vrange on files, thread of April 2013: the link of copy-on-write is broken before a purge].</remarks>
internal sealed class LinkBreaker(MemorySystem mem)
{
    private readonly List<PageFrame> _copies = [];

    /// <summary>Copies the page for every private mapper among <paramref name="sites"/>, and takes them out; false when a frame is wanting, and then nothing changed.</summary>
    public bool TryBreak(PageFrame frame, List<RmapSite> sites)
    {
        _copies.Clear();
        foreach (RmapSite site in sites)
        {
            if (!site.Vma.Has(VmFlags.MayShare) && !TryCopy(frame))
            {
                Return();
                return false;
            }
        }

        int next = 0;
        for (int at = 0; at < sites.Count;)
        {
            if (sites[at].Vma.Has(VmFlags.MayShare))
            {
                at++;
                continue;
            }

            Install(sites[at], frame, _copies[next++]);
            sites.RemoveAt(at);
        }

        return true;
    }

    private bool TryCopy(PageFrame frame)
    {
        if (mem.Source.TryTake(FrameContent.Any) is not { } copy)
        {
            return false;
        }

        mem.Ram.CopyPage(frame.Pfn, copy.Pfn);
        mem.Cost?.Charge(KernelPath.CopyOnWrite, 1);
        _copies.Add(copy);
        return true;
    }

    private void Return()
    {
        foreach (PageFrame copy in _copies)
        {
            mem.Source.Release(copy);
        }
    }

    private void Install(in RmapSite site, PageFrame frame, PageFrame copy)
    {
        _ = RmapUnmap.ClearAndFlush(mem, site);
        RmapUnmap.Forget(mem, site, frame);
        mem.Rmap.AdoptAnon(copy, site.Vma, site.Address);
        copy.Set(PageFlags.UpToDate | PageFlags.Dirty);
        ReverseMap.AddMapping(copy, site.Space);
        mem.Lru.Add(copy);
        RmapUnmap.Put(mem, site, site.Vma.ReadOnlyEntryOf(copy.Pfn, Emulator.Paging.PteBits.None));
    }
}
