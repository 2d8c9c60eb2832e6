using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Kernel.Volatile;

namespace MmuEmu.Tests.Builders;

/// <summary>An owner that is no address space: a file whose ranges hold for all who map it shared, keyed by byte offset.</summary>
internal sealed class PretendedRanges : IVolatileOwner, IPageMappers
{
    private readonly MemorySystem _mem;
    private readonly PlainFile _file;

    public PretendedRanges(MemorySystem mem, PlainFile file, RangePurger purger)
    {
        (_mem, _file) = (mem, file);
        Tree = new VolatileTree(this, purger.Pool, purger.Age);
    }

    public VolatileTree Tree { get; }

    public bool IsBusy { get; set; }

    public ulong OfferPages(ByteInterval bytes, PagePurge purge, ReclaimReason reason)
    {
        ulong freed = 0;
        for (ulong page = bytes.First >> 12; page <= bytes.Last >> 12; page++)
        {
            freed += _file.FindPage(page) is { } frame ? purge.TryFree(frame, this, reason) : 0;
        }

        return freed;
    }

    public void Collect(PageFrame frame, List<RmapSite> sites)
    {
        if (_mem.Rmap.FileOf(frame) == _file.Mapping)
        {
            _mem.Rmap.Collect(frame, RmapWanted.Present, sites);
        }
    }

    public bool LetsGo(in RmapSite site) => !site.Vma.Has(VmFlags.Locked) && Tree.FirstIn(BytesOf(site)) is not null;

    public bool NeedsAll => true;

    public bool LetsGoUnmapped(PageFrame frame) => false;

    public bool TryDetach(PageFrame frame, List<RmapSite> sites) => true;

    public void MarkPurged(in RmapSite site) => Tree.MarkPurged(BytesOf(site));

    public void DropContent(PageFrame frame) => _file.Punch(frame.Index);

    private static ByteInterval BytesOf(in RmapSite site) => RangeTrees.Pages(site.Vma.IndexOf(site.Address), 1);
}
