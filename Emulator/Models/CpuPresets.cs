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

    /// <summary>True where <paramref name="preset"/> is another maker's than <paramref name="vendor"/>: CPUID then describes the one's caches as the other does.</summary>
    public static bool IsOfAnotherMaker(MachinePreset preset, CpuVendor vendor) => MakerOf(preset) is { } maker && maker != vendor;
}
