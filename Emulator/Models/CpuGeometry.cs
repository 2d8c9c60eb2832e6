using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Tlb;

namespace MmuEmu.Emulator.Models;

/// <summary>What a cache or a TLB holds, by the numbers of CPUID leaves 4, 18H and 8000_001DH.</summary>
public enum CpuHolds : byte
{
    /// <summary>Data.</summary>
    Data = 1,

    /// <summary>Instructions.</summary>
    Code = 2,

    /// <summary>Both.</summary>
    Unified = 3,
}

/// <summary>One cache as CPUID describes it.</summary>
/// <param name="Holds">What it holds.</param>
/// <param name="Level">Its level, from 1.</param>
/// <param name="Bytes">Its size in bytes.</param>
/// <param name="Ways">Lines in one set.</param>
/// <param name="Shared">True when all vCPUs of the machine have it together.</param>
public readonly record struct CpuCache(CpuHolds Holds, int Level, int Bytes, int Ways, bool Shared)
{
    /// <summary>Bytes of a line, in every cache.</summary>
    public const int LineBytes = 64;

    /// <summary>Number of sets.</summary>
    public int Sets => Bytes / LineBytes / Ways;
}

/// <summary>One array of a TLB as CPUID describes it.</summary>
/// <param name="Holds">What it translates.</param>
/// <param name="Level">Its level, from 1.</param>
/// <param name="Sizes">The page sizes that it holds.</param>
/// <param name="Entries">Entries in all, 1 and up.</param>
/// <param name="Ways">Entries in one set; equal to <paramref name="Entries"/> when fully associative.</param>
public readonly record struct CpuTlb(CpuHolds Holds, int Level, TlbSizes Sizes, int Entries, int Ways)
{
    /// <summary>Number of sets.</summary>
    public int Sets => Entries / Ways;
}

/// <summary>The caches and TLBs that CPUID tells of.</summary>
/// <remarks>
/// It describes and does nothing: the TLBs that translate are those of the MMU, and the caches are modelled only where cycles are
/// counted. Who builds a machine from a preset hands the same numbers to both.
/// </remarks>
public sealed record CpuGeometry
{
    /// <summary>What a processor says that nobody gave a preset: 32 KiB for data and for code, 512 KiB, 8 MiB shared; the TLBs of <see cref="TlbGeometry.Default"/>.</summary>
    public static CpuGeometry Default { get; } = new()
    {
        Caches =
        [
            new(CpuHolds.Data, 1, 32 << 10, 8, false),
            new(CpuHolds.Code, 1, 32 << 10, 8, false),
            new(CpuHolds.Unified, 2, 512 << 10, 8, false),
            new(CpuHolds.Unified, 3, 8 << 20, 16, true),
        ],
        Tlbs = TlbsOf(TlbGeometry.Default),
    };

    /// <summary>The caches, in the order of the subleaves that tell of them.</summary>
    public required IReadOnlyList<CpuCache> Caches { get; init; }

    /// <summary>The arrays of the TLBs, first level before second, data before code.</summary>
    public required IReadOnlyList<CpuTlb> Tlbs { get; init; }

    /// <summary>The caches of a preset, and the TLBs of the MMU beside them.</summary>
    public static CpuGeometry Of(CacheSystem caches, TlbGeometry tlbs) => new()
    {
        Caches =
        [
            CacheOf(caches.Data, CpuHolds.Data, 1),
            CacheOf(caches.Code, CpuHolds.Code, 1),
            CacheOf(caches.Second, CpuHolds.Unified, 2),
            CacheOf(caches.Third, CpuHolds.Unified, 3),
        ],
        Tlbs = TlbsOf(tlbs),
    };

    /// <summary>The caches and TLBs of <paramref name="preset"/>.</summary>
    public static CpuGeometry Of(MachinePreset preset) => Of(preset.Caches, preset.Tlb);

    /// <summary>The cache of a level for data, or for everything.</summary>
    public CpuCache? DataCache(int level)
    {
        foreach (CpuCache cache in Caches)
        {
            if (cache.Level == level && cache.Holds != CpuHolds.Code)
            {
                return cache;
            }
        }

        return null;
    }

    /// <summary>The first-level cache for instructions.</summary>
    public CpuCache? CodeCache()
    {
        foreach (CpuCache cache in Caches)
        {
            if (cache.Holds == CpuHolds.Code)
            {
                return cache;
            }
        }

        return null;
    }

    /// <summary>The array of a level and kind that holds pages of <paramref name="size"/>; null when there is none.</summary>
    public CpuTlb? Tlb(CpuHolds holds, int level, TlbSizes size)
    {
        foreach (CpuTlb tlb in Tlbs)
        {
            if (tlb.Holds == holds && tlb.Level == level && (tlb.Sizes & size) != 0)
            {
                return tlb;
            }
        }

        return null;
    }

    private static CpuCache CacheOf(CacheGeometry cache, CpuHolds holds, int level) =>
        new(holds, level, cache.Kibibytes << 10, cache.Ways, Shared: level == 3);

    private static List<CpuTlb> TlbsOf(TlbGeometry geometry)
    {
        List<CpuTlb> all = [];
        Add(all, geometry.Data, CpuHolds.Data, 1);
        Add(all, geometry.Code, CpuHolds.Code, 1);
        Add(all, geometry.Second, CpuHolds.Unified, 2);
        return all;
    }

    private static void Add(List<CpuTlb> all, IReadOnlyList<TlbShape> shapes, CpuHolds holds, int level)
    {
        foreach (TlbShape shape in shapes)
        {
            if (shape.Entries > 0)
            {
                all.Add(new CpuTlb(holds, level, shape.Sizes, shape.Entries, shape.Ways));
            }
        }
    }
}
