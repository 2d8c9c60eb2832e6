using System.Globalization;
using System.Text;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Kernel.Tasks;

/// <summary>/proc/cpuinfo: what CPUID says, in Linux's words.</summary>
/// <remarks>Source: [Linux arch/x86/kernel/cpu/proc.c, show_cpuinfo].</remarks>
public static class CpuInfoText
{
    private static readonly (string Ours, string Theirs)[] OtherNames =
    [
        ("paging", "pse pae pge pat pse36"), ("sse3", "pni"), ("lzcnt", "abm"), ("lm", "msr syscall lm"),
    ];

    /// <summary>The entry of <paramref name="vcpu"/>, a processor alone in its machine.</summary>
    public static string Of(Vcpu vcpu)
    {
        CpuModel model = vcpu.Model;
        StringBuilder text = new();
        void Line(string name, string value) => text.Append(name).Append(name.Length < 8 ? "\t\t: " : "\t: ").Append(value).Append('\n');
        Line("processor", "0");
        Line("vendor_id", model.VendorName);
        Line("cpu family", Number(model.Signature.Family));
        Line("model", Number(model.Signature.Model));
        Line("model name", model.Brand);
        Line("stepping", Number(model.Signature.Stepping));
        Line("fpu", "yes");
        Line("cpuid level", Number((int)CpuidLeaves.Of(model, 0, 0, vcpu.Control.Sight).Eax));
        Line("wp", "yes");
        Line("flags", FlagsOf(model));
        Line("clflush size", "64");
        Line("cache_alignment", "64");
        Line("address sizes", $"{model.PhysicalBits} bits physical, {(model.Has(CpuFeatures.La57) ? 57 : 48)} bits virtual");
        return text.Append('\n').ToString();
    }

    private static string FlagsOf(CpuModel model)
    {
        string flags = CpuFeatureTable.NamesOf(model.Features);
        foreach ((string ours, string theirs) in OtherNames)
        {
            flags = $" {flags} ".Replace($" {ours} ", $" {theirs} ", StringComparison.Ordinal).Trim();
        }

        return flags + " hypervisor";
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
