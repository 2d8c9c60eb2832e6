using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Cpu;

/// <summary>What a vCPU says of itself.</summary>
public static class VcpuIdentity
{
    /// <summary>What the CPUID instruction leaves in the registers of <paramref name="vcpu"/>.</summary>
    /// <param name="vcpu">The processor that is asked.</param>
    /// <param name="leaf">EAX of the question.</param>
    /// <param name="subleaf">ECX of the question.</param>
    public static CpuidLeaf Cpuid(this Vcpu vcpu, uint leaf, uint subleaf) =>
        vcpu.Topology.Shown(vcpu.Model, leaf, subleaf, CpuidLeaves.Of(vcpu.Model, leaf, subleaf, vcpu.Control.Sight));
}
