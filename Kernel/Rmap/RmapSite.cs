using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Rmap;

/// <summary>One place where a page is mapped, or where its swap entry stands.</summary>
/// <param name="Vma">The mapping.</param>
/// <param name="Address">The page's address there.</param>
/// <param name="Slot">Where its entry lies.</param>
/// <param name="Entry">The entry as it was read.</param>
/// <param name="Size">The size of the page that the entry maps.</param>
internal readonly record struct RmapSite(Vma Vma, VirtAddr Address, PhysAddr Slot, Pte Entry, PageSize Size = PageSize.Size4K)
{
    /// <summary>True for the leaf of a huge page.</summary>
    public bool IsHuge => Size != PageSize.Size4K;

    /// <summary>The place as an entry of its level.</summary>
    public TableEntry Place => new(Address, (PagingLevel)Size, Slot, Entry);

    /// <summary>Whose mapping it is.</summary>
    public AddressSpace Space => Vma.Space;
}
