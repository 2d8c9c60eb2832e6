using System.Globalization;
using System.Text;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Kernel.Volatile;

namespace MmuEmu.Kernel.Proc;

/// <summary>/proc/PID/vranges: a line for each volatile part of each mapping, which no Linux has (V-223).</summary>
/// <remarks>
/// Start and end in hexadecimal as in /proc/PID/maps; <c>intact</c> or <c>purged</c>; <c>process</c> when the mark is the process's own, <c>file</c>
/// when it holds for all who share the file; then the mapping's name, if it has one.
/// </remarks>
internal static class VolatileText
{
    /// <summary>The lines of <paramref name="space"/>; none without one.</summary>
    public static string Of(AddressSpace? space)
    {
        StringBuilder text = new();
        foreach (Vma vma in (IEnumerable<Vma>?)space?.Vmas ?? [])
        {
            string name = MapsLine.Of(vma).Name;
            foreach (VmaMark mark in VmaMarks.Of(vma))
            {
                text.Append(CultureInfo.InvariantCulture, $"{mark.Range} {(mark.Purged ? "purged" : "intact")} {(mark.OfFile ? "file" : "process")}");
                text.Append(name.Length == 0 ? "" : " ").Append(name).Append('\n');
            }
        }

        return text.ToString();
    }
}
