using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Translation;

namespace MmuEmu.Emulator.Machine;

/// <summary>One core between two runs.</summary>
/// <param name="Cpu">Its vCPU.</param>
/// <param name="Mmu">Its MMU.</param>
/// <param name="Retired">Instructions retired.</param>
internal sealed record CoreImage(CpuImage Cpu, MmuImage Mmu, ulong Retired);
