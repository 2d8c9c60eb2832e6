using System.Globalization;
using System.Text;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Kernel.Proc;

/// <summary>/proc/cpuinfo: what CPUID says, in Linux's words.</summary>
/// <remarks>
/// The clock is that of the time-stamp counter, which counts instructions, each of them one nanosecond: 1000 MHz on every model.
/// Source: [Linux arch/x86/kernel/cpu/proc.c, show_cpuinfo; amd.c, cacheinfo.c for the sizes].
/// </remarks>
internal static class CpuInfoText
{
    private const string Megahertz = "1000.000";
    private const string BogoMips = "2000.00";

    /// <summary>The entry of <paramref name="vcpu"/>, with an empty line behind it.</summary>
    public static string Of(Vcpu vcpu)
    {
        CpuModel model = vcpu.Model;
        StringBuilder text = new();
        void Line(string name, string value) => text.Append(name).Append(name.Length < 8 ? "\t\t: " : "\t: ").Append(value).Append('\n');
        Line("processor", Number(vcpu.Topology.Number));
        Line("vendor_id", model.VendorName);
        Line("cpu family", Number(model.Signature.Family));
        Line("model", Number(model.Signature.Model));
        Line("model name", model.Brand);
        Line("stepping", Number(model.Signature.Stepping));
        Line("cpu MHz", Megahertz);
        Line("cache size", $"{Number(CacheKibibytes(model))} KB");
        Line("physical id", "0");
        Line("siblings", Number(vcpu.Topology.Count));
        Line("core id", Number(vcpu.Topology.Number));
        Line("cpu cores", Number(vcpu.Topology.Count));
        Line("apicid", Number(vcpu.Topology.Number));
        Line("initial apicid", Number(vcpu.Topology.Number));
        Line("fpu", "yes");
        Line("fpu_exception", "yes");
        Line("cpuid level", Number((int)vcpu.Cpuid(0, 0).Eax));
        Line("wp", "yes");
        Line("flags", FlagsOf(vcpu));
        Line("bogomips", BogoMips);
        if (SecondTlbEntries(vcpu) is > 0 and int entries)
        {
            Line("TLB size", $"{Number(entries)} 4K pages");
        }

        Line("clflush size", "64");
        Line("cache_alignment", "64");
        Line("address sizes", $"{model.PhysicalBits} bits physical, {(model.Has(CpuFeatures.La57) ? 57 : 48)} bits virtual");
        return text.Append("power management:\n\n").ToString();
    }

    // Linux prints the second level for AMD, and for Intel the last there is.
    private static int CacheKibibytes(CpuModel model)
    {
        CpuCache? last = model.Vendor == CpuVendor.Intel ? model.Geometry.DataCache(3) ?? model.Geometry.DataCache(2) : model.Geometry.DataCache(2);
        return (last?.Bytes ?? 0) >> 10;
    }

    // Linux adds the two halves of the register, whatever the maker; Intel leaves it zero.
    private static int SecondTlbEntries(Vcpu vcpu)
    {
        uint tlbs = vcpu.Cpuid(0x8000_0006, 0).Ebx;
        return (int)((tlbs >> 16 & 0xFFF) + (tlbs & 0xFFF));
    }

    private static string FlagsOf(Vcpu vcpu)
    {
        List<string> flags = [];
        foreach ((CpuidBit bit, string name) in CpuFlagTable.Rows)
        {
            if (vcpu.Cpuid(bit.Leaf, bit.Subleaf).Has(bit))
            {
                flags.Add(name);
            }
        }

        return string.Join(' ', flags);
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
