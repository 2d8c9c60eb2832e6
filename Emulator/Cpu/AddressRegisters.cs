using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Cpu;

/// <summary>Which addresses may be put into registers that keep one for later.</summary>
/// <remarks>
/// Bases of segments and descriptor tables, model-specific registers that hold an address, and the operand of INVPCID have to be canonical
/// by the width that the processor has, whatever CR4.LA57 says; RIP and addresses of data by the width of the mode. An address that fits the
/// processor but not the mode therefore loads, and faults when it is used. Source: [5LP], and [SDM1 "Canonical Addressing"].
/// </remarks>
internal static class AddressRegisters
{
    /// <summary>The width: 57 bits on a processor with LA57, otherwise 48.</summary>
    /// <remarks>A mode that its runner has made wider than the model counts too.</remarks>
    public static int BitsOf(Vcpu vcpu) => vcpu.Model.Has(CpuFeatures.La57) ? 57 : vcpu.Mmu.Mode.AddressBits;

    /// <summary>May a register hold <paramref name="address"/>? Otherwise its load is #GP.</summary>
    public static bool CanHold(Vcpu vcpu, ulong address) => new VirtAddr(address).IsCanonical(BitsOf(vcpu));
}
