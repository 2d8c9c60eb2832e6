using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Memory;

/// <summary>Makes page tables on an address space's account.</summary>
public static class SpaceTables
{
    /// <summary>Finds the slot of the PTE for <paramref name="address"/>, making missing tables; false when memory is out.</summary>
    public static bool TryEnsure(MemorySystem mem, AddressSpace space, VirtAddr address, out PhysAddr slot)
    {
        ulong before = mem.Editor.TablesMade;
        bool made = mem.Editor.TryEnsure(space.Root, address, out slot);
        space.Rss.Tables += (long)(mem.Editor.TablesMade - before);
        return made;
    }
}
