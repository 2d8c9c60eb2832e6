namespace MmuEmu.Emulator.Models;

/// <summary>What CPUID leaves in the four registers.</summary>
public readonly record struct CpuidLeaf(uint Eax, uint Ebx, uint Ecx, uint Edx)
{
    /// <summary>One of the registers.</summary>
    public uint this[CpuidRegister register] => register switch
    {
        CpuidRegister.Eax => Eax,
        CpuidRegister.Ebx => Ebx,
        CpuidRegister.Ecx => Ecx,
        CpuidRegister.Edx => Edx,
    };

    /// <summary>True when <paramref name="bit"/> is set, in an answer to the question that it belongs to.</summary>
    public bool Has(in CpuidBit bit) => (this[bit.Register] >> bit.Bit & 1) != 0;
}
