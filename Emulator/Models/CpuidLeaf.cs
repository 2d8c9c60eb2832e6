namespace MmuEmu.Emulator.Models;

/// <summary>What CPUID leaves in the four registers.</summary>
public readonly record struct CpuidLeaf(uint Eax, uint Ebx, uint Ecx, uint Edx);
