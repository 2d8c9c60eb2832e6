using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Volatile;

/// <summary>The mappers of a file's page, under the file's ranges, and with Minchan's marks under those of each process as well.</summary>
/// <remarks>
/// A private mapper that still reads the file's own page must not be harmed: both authors agree. It keeps the page for all (OPEN-14), or in John's
/// way gets a copy first: the purge counts as a write to the file. Source: [vrange on files, thread of April 2013]; [vrange v8 7/8].
/// </remarks>
internal sealed class FileMappers(MemorySystem mem, RangePurger purger) : IPageMappers
{
    private readonly LinkBreaker _links = new(mem);

    /// <inheritdoc/>
    /// <remarks>Whatever the rule for copies of fork: data that one may not lose is not purged (V-209).</remarks>
    public bool NeedsAll => true;

    /// <inheritdoc/>
    public void Collect(PageFrame frame, List<RmapSite> sites)
    {
        if (mem.Rmap.FileOf(frame) is { } file && (file.Volatile is not null || mem.Profile.Files == FileMarks.K))
        {
            mem.Rmap.Collect(frame, RmapWanted.Present, sites);
        }
    }

    /// <inheritdoc/>
    /// <remarks>The mark of the file speaks for everyone; without it everyone must have a mark of his own (V-217).</remarks>
    public bool LetsGo(in RmapSite site)
    {
        Vma vma = site.Vma;
        if (vma.Flags.HasAny(VmaVolatility.NeverPurged) || vma.Backing is not { CanPunch: true } file)
        {
            return false;
        }

        bool marked = file.Mapping.Volatile is FileRanges ranges && ranges.IsVolatile(ranges.KeyOf(vma, site.Address));
        if (!vma.Has(VmFlags.MayShare))
        {
            return marked && (mem.Vrange.Has(VrangeQuirks.PrivateMappersLose) || mem.Profile.Files == FileMarks.J);
        }

        return marked || vma.Space.Volatile?.IsVolatile(vma, site.Address) == true;
    }

    /// <inheritdoc/>
    /// <remarks>Data that nobody maps goes when the file's own mark says so.</remarks>
    public bool LetsGoUnmapped(PageFrame frame) =>
        mem.Rmap.FileOf(frame) is { Owner.CanPunch: true, Volatile: FileRanges ranges } && ranges.IsVolatile(frame.Index << 12);

    /// <inheritdoc/>
    /// <remarks>The frames for copies are had without any purge: it would come back here while this one is at work.</remarks>
    public bool TryDetach(PageFrame frame, List<RmapSite> sites)
    {
        if (mem.Profile.Files != FileMarks.J || mem.Vrange.Has(VrangeQuirks.PrivateMappersLose))
        {
            return true;
        }

        using (purger.Limited(ReclaimLimits.NoIo | ReclaimLimits.NoVrange))
        {
            return _links.TryBreak(frame, sites);
        }
    }

    /// <inheritdoc/>
    public void MarkPurged(in RmapSite site)
    {
        if (!site.Vma.Has(VmFlags.MayShare))
        {
            return;
        }

        site.Space.Volatile?.MarkPurged(site.Address);
        if (site.Vma.SharedRanges() is FileRanges file)
        {
            file.Tree.MarkPurged(ByteInterval.Of(file.KeyOf(site.Vma, site.Address), 4096));
        }
    }

    /// <inheritdoc/>
    /// <remarks>The page becomes a hole, so that no stale data is ever found (V-195); v8 as posted leaves it in the cache (V-197).</remarks>
    public void DropContent(PageFrame frame)
    {
        if (mem.Rmap.FileOf(frame) is not { } file)
        {
            return;
        }

        (file.Volatile as FileRanges)?.NotePurged(frame.Index);
        if (!mem.Vrange.Has(VrangeQuirks.CacheKeepsPurged))
        {
            file.Owner.MakeHole(frame);
        }
    }
}
