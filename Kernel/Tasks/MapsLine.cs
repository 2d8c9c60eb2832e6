using System.Globalization;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Tasks;

/// <summary>One mapping as a line of /proc/PID/maps.</summary>
/// <remarks>Source: [Linux fs/proc/task_mmu.c, show_map_vma].</remarks>
public static class MapsLine
{
    /// <summary>The line, without its end.</summary>
    public static string Of(Vma vma)
    {
        string name = vma.Label ?? vma.Backing?.Name ?? HeapName(vma);
        ulong offset = vma.Backing is null ? 0 : vma.PgOff << 12;
        string line = string.Create(CultureInfo.InvariantCulture, $"{vma} {offset:x8} 00:00 0");
        return name.Length == 0 ? line : $"{line,-49} {name}";
    }

    private static string HeapName(Vma vma) =>
        vma.Start.Raw < vma.Space.Brk.Raw && vma.End.Raw > vma.Space.BrkStart.Raw ? "[heap]" : "";
}
