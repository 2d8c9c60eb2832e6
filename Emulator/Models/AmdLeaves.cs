using MmuEmu.Emulator.Tlb;

namespace MmuEmu.Emulator.Models;

/// <summary>Caches and TLBs in AMD's leaves.</summary>
/// <remarks>
/// Fields count kibibytes, or units of 512 KiB, or entries. A number too large for its field is the field's largest, and one too
/// small for its unit is zero: the manual gives 8000_0006H:EDX[31:18] as the lower end of a range, and leaf 8000_001DH has the exact
/// numbers of the caches. For the TLBs there is no other leaf, so 4096 entries read as 4095. A second level that is unified stands in
/// the lower halves of its registers, with zero above.
/// Source: [APM3 "CPUID", "L1 Cache and TLB Information", "L2 Cache and TLB and L3 Cache Information", "TLB Characteristics for 1GB Pages"];
/// [AMD "CPUID Specification", "L2 Cache, L2 TLB and L3 Cache Identifiers"] for the unified second level.
/// </remarks>
internal static class AmdLeaves
{
    private const uint LinesPerTag = 1 << 8;
    private const int FullyAssociative = 0xFF;
    private const int ThirdLevelUnit = 512 << 10;

    // The first count of ways that each code means; the range ends before the next. Code 7 is reserved, 9 refers to leaf 8000_001DH.
    private static readonly (int Ways, uint Code)[] Codes =
        [(128, 0xE), (96, 0xD), (64, 0xC), (48, 0xB), (32, 0xA), (16, 8), (8, 6), (6, 5), (4, 4), (3, 3), (2, 2), (1, 1)];

    /// <summary>Leaf 8000_0005H: first-level TLBs for pages of 2 MiB and 4 KiB, then the first-level caches.</summary>
    public static CpuidLeaf First(CpuGeometry geometry) => new(
        FirstTlbs(geometry, TlbSizes.Size2M), FirstTlbs(geometry, TlbSizes.Size4K),
        FirstCache(geometry.DataCache(1)), FirstCache(geometry.CodeCache()));

    /// <summary>Leaf 8000_0006H: second-level TLBs for pages of 2 MiB and 4 KiB, then the caches of levels 2 and 3.</summary>
    public static CpuidLeaf Second(CpuGeometry geometry) => new(
        SecondTlbs(geometry, TlbSizes.Size2M), SecondTlbs(geometry, TlbSizes.Size4K),
        LowerCache(geometry.DataCache(2), 1 << 10, 16, 0xFFFF), LowerCache(geometry.DataCache(3), ThirdLevelUnit, 18, 0x3FFF));

    /// <summary>Leaf 8000_0019H: TLBs for pages of 1 GiB, first level and second.</summary>
    public static CpuidLeaf Large(CpuGeometry geometry) => new(
        Halves(geometry.Tlb(CpuHolds.Data, 1, TlbSizes.Size1G), geometry.Tlb(CpuHolds.Code, 1, TlbSizes.Size1G)),
        SecondTlbs(geometry, TlbSizes.Size1G), 0, 0);

    private static uint FirstTlbs(CpuGeometry geometry, TlbSizes size) =>
        (FirstTlb(geometry.Tlb(CpuHolds.Data, 1, size)) << 16) | FirstTlb(geometry.Tlb(CpuHolds.Code, 1, size));

    private static uint FirstTlb(CpuTlb? tlb) => tlb is { } it ? (WaysOf(it.Ways, it.Sets) << 8) | AtMost(it.Entries, 0xFF) : 0;

    private static uint FirstCache(CpuCache? cache) => cache is { } it
        ? (AtMost(it.Bytes >> 10, 0xFF) << 24) | (WaysOf(it.Ways, it.Sets) << 16) | LinesPerTag | CpuCache.LineBytes
        : 0;

    private static uint WaysOf(int ways, int sets) => sets == 1 ? FullyAssociative : AtMost(ways, FullyAssociative - 1);

    private static uint SecondTlbs(CpuGeometry geometry, TlbSizes size) => geometry.Tlb(CpuHolds.Unified, 2, size) is { } unified
        ? Halves(null, unified)
        : Halves(geometry.Tlb(CpuHolds.Data, 2, size), geometry.Tlb(CpuHolds.Code, 2, size));

    private static uint Halves(CpuTlb? data, CpuTlb? code) => (Half(data) << 16) | Half(code);

    private static uint Half(CpuTlb? tlb) => tlb is { } it ? (CodeOf(it.Ways, it.Sets) << 12) | AtMost(it.Entries, 0xFFF) : 0;

    private static uint LowerCache(CpuCache? cache, int unit, int shift, int most) => cache is { } it
        ? (AtMost(it.Bytes / unit, most) << shift) | (CodeOf(it.Ways, it.Sets) << 12) | LinesPerTag | CpuCache.LineBytes
        : 0;

    private static uint CodeOf(int ways, int sets)
    {
        if (sets == 1)
        {
            return 0xF;
        }

        foreach ((int first, uint code) in Codes)
        {
            if (ways >= first)
            {
                return code;
            }
        }

        return 0;
    }

    private static uint AtMost(int number, int most) => (uint)Math.Min(number, most);
}
