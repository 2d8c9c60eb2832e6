using System.Globalization;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Vmas;

/// <summary>One mapping as a line of /proc/PID/maps, as it is at this moment; the text is made when somebody asks.</summary>
/// <param name="Range">Where it lies.</param>
/// <param name="Flags">Its properties.</param>
/// <param name="Offset">Bytes of its file before it; 0 without a file.</param>
/// <param name="Name">Its file's name, or what it is; may be empty.</param>
/// <remarks>Source: [Linux fs/proc/task_mmu.c, show_map_vma].</remarks>
internal readonly record struct MapsLine(VirtRange Range, VmFlags Flags, ulong Offset, string Name)
{
    /// <summary>st_dev of its file; 0 without one.</summary>
    public uint Device { get; init; }

    /// <summary>st_ino of its file; 0 without one.</summary>
    public ulong Number { get; init; }

    /// <summary>The line of a mapping.</summary>
    public static MapsLine Of(Vma vma) =>
        new(vma.Range, vma.Flags, vma.Backing is null ? 0 : vma.PgOff << 12, vma.Label ?? vma.Backing?.Name ?? HeapName(vma))
        {
            Device = vma.Backing?.Device ?? 0,
            Number = vma.Backing?.Number ?? 0,
        };

    /// <summary>The line, without its end.</summary>
    public override string ToString()
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"{Vma.TextOf(Range, Flags)} {Offset:x8} {Device >> 8:x2}:{Device & 0xFF:x2} {Number}");
        return Name.Length == 0 ? line : $"{line,-49} {Name}";
    }

    private static string HeapName(Vma vma) =>
        vma.Start.Raw < vma.Space.Brk.Raw && vma.End.Raw > vma.Space.BrkStart.Raw ? "[heap]" : "";
}
