using MmuEmu.Emulator.Models;

namespace MmuEmu.Tests.Fuzz;

/// <summary>The processor that runs this program, as Linux tells it.</summary>
public static class FuzzHost
{
    private static readonly HashSet<string> Flags = [.. Words("flags")];

    /// <summary>Its maker; AMD where it is neither.</summary>
    public static CpuVendor Vendor { get; } = Words("vendor_id").Contains("GenuineIntel") ? CpuVendor.Intel : CpuVendor.Amd;

    /// <summary>The model it is compared with: the largest, as its maker makes it.</summary>
    public static CpuModel Model { get; } = CpuModels.Max.MadeBy(Vendor);

    /// <summary>Zen 3 and Zen 4: family 25 of AMD, which differs from Zen 5 where <see cref="FuzzTolerances"/> says so.</summary>
    public static bool IsAmd25 { get; } = Vendor == CpuVendor.Amd && Words("cpu family").Contains("25");

    /// <summary>True when it has the feature of this name in /proc/cpuinfo.</summary>
    public static bool Has(string flag) => Flags.Contains(flag);

    private static string[] Words(string field)
    {
        string line = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(text => text.StartsWith(field, StringComparison.Ordinal)) ?? ""
            : "";
        return line.Split([' ', '\t', ':'], StringSplitOptions.RemoveEmptyEntries);
    }
}
