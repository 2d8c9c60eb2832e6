using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Tables;

/// <summary>Where a space's tables begin.</summary>
/// <param name="Table">The frame of the highest table.</param>
/// <param name="Level">Its level: <see cref="PagingLevel.Pml4"/>, or <see cref="PagingLevel.Pml5"/> under CR4.LA57.</param>
internal readonly record struct TableRoot(Pfn Table, PagingLevel Level);

/// <summary>An entry of any level: the one at which the descent for its addresses ends.</summary>
/// <param name="Address">The first address that it decides.</param>
/// <param name="Level">The level of the table that it lies in; above <see cref="PagingLevel.Pdpt"/> it can only be none.</param>
/// <param name="Slot">Where it lies.</param>
/// <param name="Entry">What was read there: none, a leaf, or what the kernel keeps in an entry that is not present.</param>
internal readonly record struct TableEntry(VirtAddr Address, PagingLevel Level, PhysAddr Slot, Pte Entry)
{
    /// <summary>The addresses that it decides.</summary>
    public VirtRange Range => VirtRange.Of(Address, Level.Span());

    /// <summary>The page size of a leaf at this place; only at PT, PD and PDPT.</summary>
    public PageSize Size => Level.LeafSize();

    /// <summary>The same entry as one of a page table; false for an entry that decides more than 4 KiB.</summary>
    public bool TryPte(out PteSlot pte)
    {
        pte = new PteSlot(Address, Slot, Entry);
        return Level == PagingLevel.Pt;
    }
}

/// <summary>An entry of a page table: 4 KiB. What knows no larger pages takes this type.</summary>
/// <param name="Address">The page.</param>
/// <param name="Slot">Where the entry lies.</param>
/// <param name="Entry">What was read there.</param>
internal readonly record struct PteSlot(VirtAddr Address, PhysAddr Slot, Pte Entry);
