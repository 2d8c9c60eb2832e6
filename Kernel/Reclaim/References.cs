using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Reclaim;

/// <summary>Who used a page since the last look.</summary>
/// <param name="Entries">Entries that had A set.</param>
/// <param name="Executable">One of them is in an executable mapping.</param>
/// <param name="Locked">A locked mapping holds the page.</param>
internal readonly record struct ReferenceCount(int Entries, bool Executable, bool Locked);

/// <summary>Reads and clears the accessed bits of all entries that hold a page.</summary>
/// <remarks>Source: [Linux mm/rmap.c, page_referenced].</remarks>
internal static class References
{
    /// <summary>True when a locked mapping holds the page.</summary>
    public static bool IsLocked(MemorySystem mem, PageFrame frame)
    {
        List<RmapSite> sites = [];
        mem.Rmap.Collect(frame, RmapWanted.Present, sites);
        return sites.Exists(static site => site.Vma.Has(VmFlags.Locked));
    }

    /// <summary>Counts the entries of <paramref name="frame"/> that were used, and makes them unused.</summary>
    public static ReferenceCount TestAndClear(MemorySystem mem, PageFrame frame)
    {
        List<RmapSite> sites = [];
        mem.Rmap.Collect(frame, RmapWanted.Present, sites);
        int entries = 0;
        bool executable = false;
        bool locked = false;
        foreach (RmapSite site in sites)
        {
            locked |= site.Vma.Has(VmFlags.Locked);
            if (RmapUnmap.TestAndClearYoung(mem, site))
            {
                entries++;
                executable |= site.Vma.Has(VmFlags.Exec);
            }
        }

        return new ReferenceCount(entries, executable, locked);
    }
}
