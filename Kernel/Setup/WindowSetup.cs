using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.PageCopy;
using MmuEmu.Kernel.Windows;

namespace MmuEmu.Kernel.Setup;

/// <summary>Wires windows, and the copies through them, for a profile that has any.</summary>
internal static class WindowSetup
{
    /// <summary>What copies through windows work with; null for a kernel that has a mapping of every frame.</summary>
    public static CopyBed? Build(MemorySystem mem, IWindowFlush flush)
    {
        if (!mem.Profile.Copy.HasWindows || WindowTables.TryMake(mem.Ram, mem.Source, mem.Report) is not { } tables)
        {
            return null;
        }

        mem.Windows = new KernelWindows(mem.Ram, tables, flush, mem.Profile.Copy, mem.WindowCounts);
        CopyBed bed = new(mem);
        mem.FaultGate = bed.Gate;
        return bed;
    }
}
