using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Rmap;

/// <summary>One place where a page is mapped, or where its swap entry stands.</summary>
/// <param name="Vma">The mapping.</param>
/// <param name="Address">The page's address there.</param>
/// <param name="Slot">Where its entry lies.</param>
/// <param name="Entry">The entry as it was read.</param>
internal readonly record struct RmapSite(Vma Vma, VirtAddr Address, PhysAddr Slot, Pte Entry)
{
    /// <summary>Whose mapping it is.</summary>
    public AddressSpace Space => Vma.Space;
}
