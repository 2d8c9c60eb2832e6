using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Tables;

/// <summary>How much of an address space's translations must go.</summary>
internal enum FlushScope
{
    /// <summary>The pages of the range; paging-structure caches may stay.</summary>
    Pages,

    /// <summary>Every translation of the space and its paging-structure caches: a table was freed, or the range is long.</summary>
    Space,
}

/// <summary>What the TLBs are told.</summary>
/// <param name="Space">Whose translations.</param>
/// <param name="Range">Page-aligned; meaningful for <see cref="FlushScope.Pages"/>.</param>
/// <param name="Scope">How much.</param>
/// <param name="Stride">The size of the smallest page in the range: one invalidation for each; both ends are aligned to it.</param>
internal readonly record struct FlushRequest(SpaceTag Space, VirtRange Range, FlushScope Scope, PageSize Stride = PageSize.Size4K);

/// <summary>Makes every processor forget translations; when it returns no TLB holds them.</summary>
internal interface ITlbShootdown
{
    /// <summary>Invalidates on all processors, whatever space they run now: entries are tagged by PCID and survive a switch.</summary>
    void Invalidate(in FlushRequest request);
}
