using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary>Takes an address space down: at exit, and at exec for the old one.</summary>
/// <remarks>Source: [Linux mm/mmap.c, exit_mmap].</remarks>
internal static class ExitSpace
{
    /// <summary>Unmaps everything and frees all tables, the root last; no processor may run in the space any more.</summary>
    public static void TearDown(MemorySystem mem, AddressSpace space)
    {
        space.Volatile?.Closed();
        space.Volatile = null;
        using (TlbGather gather = mem.Gathers.Take(space.Tag))
        {
            while (space.Vmas.Count > 0)
            {
                Vma vma = space.Vmas[space.Vmas.Count - 1];
                Zap.Range(mem, vma, vma.Range, gather);
                Unmap.RemoveVma(space, vma);
            }

            VirtRange all = new(default, new VirtAddr(1UL << 47));
            space.Rss.Tables -= (long)mem.Editor.FreeTables(space.Tables, all, all, gather);
            gather.TableFreed(mem.Frames[space.Root]);
            space.Rss.Tables--;
        }

        mem.Spaces.Remove(space);
    }
}
