using MmuEmu.Emulator.Timing;

namespace MmuEmu.Emulator.Models;

/// <summary>Which machine presets are whose.</summary>
public static class CpuPresets
{
    private static readonly (MachinePreset Preset, CpuVendor Maker)[] Makers =
    [
        (MachinePresets.Zen5, CpuVendor.Amd), (MachinePresets.GoldenCove, CpuVendor.Intel), (MachinePresets.Skylake, CpuVendor.Intel),
    ];

    /// <summary>Who makes what <paramref name="preset"/> models; null for a machine that nobody makes.</summary>
    public static CpuVendor? MakerOf(MachinePreset preset)
    {
        foreach ((MachinePreset known, CpuVendor maker) in Makers)
        {
            if (known.Name == preset.Name)
            {
                return maker;
            }
        }

        return null;
    }

    /// <summary>One line for people where <paramref name="preset"/> is another maker's than <paramref name="vendor"/>; null where there is nothing to tell.</summary>
    public static string? Mismatch(MachinePreset preset, CpuVendor vendor) => MakerOf(preset) is { } maker && maker != vendor
        ? $"preset {preset.Name} is of {Spoken(maker)}, the vendor is {Spoken(vendor)}: CPUID describes its caches and TLBs as {Spoken(vendor)} does"
        : null;

    private static string Spoken(CpuVendor vendor) => vendor == CpuVendor.Intel ? "Intel" : "AMD";
}
