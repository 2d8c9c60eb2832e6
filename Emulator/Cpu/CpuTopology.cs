using System.Numerics;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Cpu;

/// <summary>A vCPU's place among the others: one package of single-threaded cores.</summary>
/// <param name="Number">Its number, which is its APIC id.</param>
/// <param name="Count">How many there are, 1 to 64.</param>
/// <remarks>
/// Intel counts the APIC ids that are set aside, a power of two; AMD counts the processors.
/// Source: [SDM2 "CPUID", "Extended Topology Enumeration Leaf"]; [SDM3 Multiple-Processor Management, "Hierarchical Mapping of Shared Resources"];
/// [APM3 "CPUID", "Multiple Processor Calculation", "Cache Topology Information", "Processor Topology Information"].
/// </remarks>
public readonly record struct CpuTopology(int Number, int Count)
{
    private const uint Features = 1;
    private const uint IntelCaches = 4;
    private const uint Topology = 0xB;
    private const uint AmdFeatures = 0x8000_0001;
    private const uint AmdCores = 0x8000_0008;
    private const uint AmdCaches = 0x8000_001D;
    private const uint AmdTopology = 0x8000_001E;
    private const uint HyperThreading = 1 << 28;
    private const uint CoreLegacy = 1 << 1;
    private const uint ThreadLevel = 1;
    private const uint CoreLevel = 2;

    /// <summary>A vCPU alone.</summary>
    public static CpuTopology Single => new(0, 1);

    /// <summary>Bits of an APIC id that tell the cores of the package apart.</summary>
    private int IdBits => BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)Count));

    private uint Ids => 1U << IdBits;

    /// <summary>A <paramref name="leaf"/> of CPUID with what depends on the vCPU filled in.</summary>
    /// <param name="model">The model, whose vendor decides how processors are counted.</param>
    /// <param name="leaf">EAX of the question.</param>
    /// <param name="subleaf">ECX of the question.</param>
    /// <param name="shown">What the model answers.</param>
    public CpuidLeaf Shown(CpuModel model, uint leaf, uint subleaf, in CpuidLeaf shown) => leaf switch
    {
        Features => shown with
        {
            Ebx = (shown.Ebx & 0xFFFF) | ((model.Vendor == CpuVendor.Intel ? Ids : (uint)Count) << 16) | ((uint)Number << 24),
            Edx = shown.Edx | (Count > 1 ? HyperThreading : 0),
        },
        Topology => Levels(subleaf),
        IntelCaches when model.Vendor == CpuVendor.Intel => WithSharers(model, subleaf, shown, Ids, (Ids - 1) << 26),
        AmdFeatures when model.Vendor == CpuVendor.Amd => shown with { Ecx = shown.Ecx | (Count > 1 ? CoreLegacy : 0) },
        AmdCores when model.Vendor == CpuVendor.Amd => shown with { Ecx = (uint)(Count - 1) | ((uint)IdBits << 12) },
        AmdCaches when model.Vendor == CpuVendor.Amd => WithSharers(model, subleaf, shown, (uint)Count, 0),
        AmdTopology when model.Vendor == CpuVendor.Amd => new CpuidLeaf((uint)Number, (uint)Number, 0, 0),
        _ => shown,
    };

    private CpuidLeaf Levels(uint subleaf) => subleaf switch
    {
        0 => new CpuidLeaf(0, 1, ThreadLevel << 8, (uint)Number),
        1 => new CpuidLeaf((uint)IdBits, (uint)Count, 1 | (CoreLevel << 8), (uint)Number),
        _ => new CpuidLeaf(0, 0, subleaf & 0xFF, (uint)Number),
    };

    private static CpuidLeaf WithSharers(CpuModel model, uint index, in CpuidLeaf shown, uint sharers, uint cores)
    {
        if (index >= model.Geometry.Caches.Count)
        {
            return shown;
        }

        uint others = model.Geometry.Caches[(int)index].Shared ? sharers - 1 : 0;
        return shown with { Eax = shown.Eax | (others << 14) | cores };
    }
}
