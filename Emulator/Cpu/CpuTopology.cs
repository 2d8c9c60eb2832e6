using System.Numerics;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Cpu;

/// <summary>A vCPU's place among the others: one package of single-threaded cores.</summary>
/// <param name="Number">Its number, which is its APIC id.</param>
/// <param name="Count">How many there are, 1 to 64.</param>
/// <remarks>Source: [SDM2 "CPUID", "Extended Topology Enumeration Leaf"]; [SDM3 Multiple-Processor Management, "Hierarchical Mapping of Shared Resources"].</remarks>
public readonly record struct CpuTopology(int Number, int Count)
{
    private const uint Features = 1;
    private const uint Caches = 4;
    private const uint Topology = 0xB;
    private const uint HyperThreading = 1 << 28;
    private const uint ThreadLevel = 1;
    private const uint CoreLevel = 2;
    private const uint SharedCacheLevel = 3;

    /// <summary>A vCPU alone.</summary>
    public static CpuTopology Single => new(0, 1);

    /// <summary>Bits of an APIC id that tell the cores of the package apart.</summary>
    private int IdBits => BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)Count));

    /// <summary>The <paramref name="leaf"/> of CPUID that a model gives, with what depends on the vCPU filled in.</summary>
    public CpuidLeaf Shown(uint leaf, uint subleaf, in CpuidLeaf model)
    {
        if (Count == 1)
        {
            return model;
        }

        uint cores = 1U << IdBits;
        return leaf switch
        {
            Features => model with
            {
                Ebx = (model.Ebx & 0xFFFF) | (cores << 16) | ((uint)Number << 24),
                Edx = model.Edx | HyperThreading,
            },
            Caches => ShownCache(model, cores),
            Topology => subleaf switch
            {
                0 => new CpuidLeaf(0, 1, ThreadLevel << 8, (uint)Number),
                1 => new CpuidLeaf((uint)IdBits, (uint)Count, 1 | (CoreLevel << 8), (uint)Number),
                _ => new CpuidLeaf(0, 0, subleaf & 0xFF, (uint)Number),
            },
            _ => model,
        };
    }

    private static CpuidLeaf ShownCache(in CpuidLeaf model, uint cores)
    {
        bool exists = (model.Eax & 0x1F) != 0;
        bool shared = (model.Eax >> 5 & 7) == SharedCacheLevel;
        uint sharing = exists ? ((cores - 1) << 26) | (shared ? (cores - 1) << 14 : 0) : 0;
        return model with { Eax = model.Eax | sharing };
    }
}
