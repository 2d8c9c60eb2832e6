namespace MmuEmu.Emulator.Models;

/// <summary>The registers in which CPUID answers.</summary>
public enum CpuidRegister : byte
{
    /// <summary>EAX.</summary>
    Eax,

    /// <summary>EBX.</summary>
    Ebx,

    /// <summary>ECX.</summary>
    Ecx,

    /// <summary>EDX.</summary>
    Edx,
}

/// <summary>Where CPUID shows a feature.</summary>
/// <param name="Leaf">EAX of the question.</param>
/// <param name="Subleaf">ECX of the question.</param>
/// <param name="Register">The register of the answer.</param>
/// <param name="Bit">The bit, 0 to 31.</param>
public readonly record struct CpuidBit(uint Leaf, uint Subleaf, CpuidRegister Register, byte Bit);
