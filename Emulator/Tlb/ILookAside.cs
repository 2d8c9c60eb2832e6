using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Tlb;

/// <summary>A host-side shortcut past the modelled TLB; it may hold only translations that the TLB holds.</summary>
/// <remarks>It is told of everything that leaves, so a missing flush of the guest stays visible and none is papered over.</remarks>
public interface ILookAside
{
    /// <summary>The translation of one page has left the TLB.</summary>
    /// <param name="address">Any byte of the page.</param>
    /// <param name="size">The page's size; every 4 KiB piece of it has left.</param>
    void DropPage(VirtAddr address, PageSize size);

    /// <summary>Many translations have left, or the rules by which they were allowed have changed.</summary>
    void DropAll();
}
