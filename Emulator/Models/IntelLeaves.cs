using MmuEmu.Emulator.Tlb;

namespace MmuEmu.Emulator.Models;

/// <summary>Caches and TLBs in Intel's leaves.</summary>
/// <remarks>Source: [SDM2 "CPUID", "Deterministic Address Translation Parameters", "Encoding of CPUID Leaf 2 Descriptors", "Extended Function CPUID Information"].</remarks>
internal static class IntelLeaves
{
    /// <summary>Leaf 2: the caches are told by leaf 4 (FFH), the TLBs by leaf 18H (FEH); one question gives all.</summary>
    public static CpuidLeaf Descriptors => new(0x00FE_FF01, 0, 0, 0);

    private const uint FullyAssociative = 1 << 8;
    private const int MostWays = 0xFFFF;
    private const int MostKibibytes = 0xFFFF;
    private const uint SeeLeaf4 = 7;

    /// <summary>Leaf 18H: one array of a TLB in each subleaf from 1; subleaf 0 has none, and tells the last.</summary>
    /// <remarks>
    /// Page sizes are bits of EBX: 4 KiB, 2 MiB, 4 MiB, 1 GiB. No array holds pages of 4 MiB, which only 32-bit paging has. Every vCPU is a
    /// core with TLBs of its own, so the IDs that share one are 1.
    /// </remarks>
    public static CpuidLeaf Translation(CpuGeometry geometry, uint index)
    {
        if (index == 0)
        {
            return new CpuidLeaf((uint)geometry.Tlbs.Count, 0, 0, 0);
        }

        if (index > geometry.Tlbs.Count)
        {
            return default;
        }

        CpuTlb tlb = geometry.Tlbs[(int)index - 1];
        uint sizes = (uint)(tlb.Sizes & (TlbSizes.Size4K | TlbSizes.Size2M)) | ((tlb.Sizes & TlbSizes.Size1G) != 0 ? 1U << 3 : 0);
        uint kind = (uint)tlb.Holds | ((uint)tlb.Level << 5) | (tlb.Sets == 1 ? FullyAssociative : 0);
        return new CpuidLeaf(0, sizes | ((uint)Math.Min(tlb.Ways, MostWays) << 16), (uint)tlb.Sets, kind);
    }

    /// <summary>Leaf 8000_0006H: the second-level cache in ECX: kibibytes, code of its ways, bytes of a line.</summary>
    public static CpuidLeaf Second(CpuGeometry geometry) => geometry.DataCache(2) is { } cache
        ? new CpuidLeaf(0, 0, ((uint)Math.Min(cache.Bytes >> 10, MostKibibytes) << 16) | (CodeOf(cache) << 12) | CpuCache.LineBytes, 0)
        : default;

    private static uint CodeOf(CpuCache cache) => cache.Sets == 1 ? 0xF : cache.Ways switch
    {
        1 => 1,
        2 => 2,
        4 => 4,
        8 => 6,
        16 => 8,
        32 => 0xA,
        48 => 0xB,
        64 => 0xC,
        96 => 0xD,
        128 => 0xE,
        _ => SeeLeaf4,
    };
}
