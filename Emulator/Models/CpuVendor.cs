namespace MmuEmu.Emulator.Models;

/// <summary>Who made the processor: which family of habits a model begins with, and what CPUID says.</summary>
/// <remarks>Nothing but CPUID asks for it; what an instruction does differently is a <see cref="CpuHabits"/> bit of its own.</remarks>
public enum CpuVendor : byte
{
    /// <summary>Advanced Micro Devices: Zen 4 and Zen 5.</summary>
    Amd,

    /// <summary>Intel: Golden Cove and Raptor Cove.</summary>
    Intel,
}
