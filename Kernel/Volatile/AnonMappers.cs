using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;

namespace MmuEmu.Kernel.Volatile;

/// <summary>The mappers of an anonymous page: its family, each member with the ranges of its own address space.</summary>
internal sealed class AnonMappers(MemorySystem mem) : IPageMappers
{
    private readonly RmapWanted _wanted =
        mem.Vrange.Sharers == SharerRule.UntilOneRefuses ? RmapWanted.WholeFamily : RmapWanted.PresentOrSwapped;

    /// <inheritdoc/>
    public bool NeedsAll => mem.Vrange.Sharers == SharerRule.All;

    /// <inheritdoc/>
    /// <remarks>A swap entry that names the page counts as a mapping (V-146). Where one member can end the walk, those that copied the page are members too (V-148).</remarks>
    public void Collect(PageFrame frame, List<RmapSite> sites)
    {
        if (frame.Mapping.LeadsToAnonVma)
        {
            mem.Rmap.Collect(frame, _wanted, sites);
        }
    }

    /// <inheritdoc/>
    public bool LetsGo(in RmapSite site) => site.Space.Volatile?.IsVolatile(site.Vma, site.Address) == true;

    /// <inheritdoc/>
    public bool LetsGoUnmapped(PageFrame frame) => false;

    /// <inheritdoc/>
    public bool TryDetach(PageFrame frame, List<RmapSite> sites) => true;

    /// <inheritdoc/>
    public void MarkPurged(in RmapSite site) => site.Space.Volatile!.MarkPurged(site.Address);

    /// <inheritdoc/>
    /// <remarks>The slot goes with the last entry that names it (V-144).</remarks>
    public void DropContent(PageFrame frame)
    {
        if (frame.Has(PageFlags.SwapCache))
        {
            mem.Swap.Uncache(frame);
            mem.Source.Release(frame);
        }
    }
}
