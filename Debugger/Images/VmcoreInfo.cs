using System.Globalization;
using System.Text;

namespace MmuEmu.Debugger.Images;

/// <summary>What Linux notes of itself in a dump.</summary>
/// <param name="KernelRoot">Physical address of <c>swapper_pg_dir</c>, the kernel's own root table.</param>
/// <param name="FiveLevels">The kernel runs with five levels.</param>
/// <remarks>
/// Lines such as <c>SYMBOL(swapper_pg_dir)=ffffffff82a0c000</c> and <c>NUMBER(phys_base)=0</c>.
/// Source: [Linux Documentation/admin-guide/kdump/vmcoreinfo.rst].
/// </remarks>
internal sealed record VmcoreInfo(ulong KernelRoot, bool FiveLevels)
{
    private const ulong StartOfKernelMap = 0xFFFF_FFFF_8000_0000;

    /// <summary>Reads the note; null when it does not tell where the root table lies.</summary>
    public static VmcoreInfo? Of(ReadOnlySpan<byte> text)
    {
        string[] lines = Encoding.ASCII.GetString(text).Split('\n');
        if (!ulong.TryParse(ValueOf(lines, "SYMBOL(swapper_pg_dir)"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong symbol)
            || !long.TryParse(ValueOf(lines, "NUMBER(phys_base)"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long physBase))
        {
            return null;
        }

        return new VmcoreInfo(symbol - StartOfKernelMap + (ulong)physBase, ValueOf(lines, "NUMBER(pgtable_l5_enabled)") == "1");
    }

    private static string? ValueOf(string[] lines, string name) =>
        Array.Find(lines, line => line.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];
}
