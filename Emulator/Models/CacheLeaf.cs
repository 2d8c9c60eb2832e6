namespace MmuEmu.Emulator.Models;

/// <summary>The description of one cache that both makers give, Intel in leaf 4 and AMD in leaf 8000_001DH.</summary>
/// <remarks>
/// <code>
///   EAX  4:0 what it holds   7:5 level   8 needs no set-up   9 fully associative   25:14 sharers less one   31:26 cores less one (Intel)
///   EBX  11:0 bytes of a line less one   21:12 partitions less one   31:22 ways less one
///   ECX  sets less one       EDX  0 WBINVD leaves lower levels alone   1 inclusive   2 hashed index (Intel)
/// </code>
/// EDX is zero: WBINVD reaches every level, and no modelled cache keeps what the levels above it hold. Who shares is filled in by the
/// topology. Source: [SDM2 "CPUID", "Deterministic Cache Parameters Leaf"]; [APM3 "CPUID", "Cache Topology Information"].
/// </remarks>
internal static class CacheLeaf
{
    private const uint SelfInitialising = 1 << 8;
    private const uint FullyAssociative = 1 << 9;
    private const int MostWays = 1 << 10;

    /// <summary>The cache with that number; zero behind the last.</summary>
    public static CpuidLeaf Of(CpuGeometry geometry, uint index)
    {
        if (index >= geometry.Caches.Count)
        {
            return default;
        }

        CpuCache cache = geometry.Caches[(int)index];
        uint kind = (uint)cache.Holds | ((uint)cache.Level << 5) | SelfInitialising | (cache.Sets == 1 ? FullyAssociative : 0);
        uint ways = (uint)Math.Min(cache.Ways, MostWays);
        return new CpuidLeaf(kind, (CpuCache.LineBytes - 1) | ((ways - 1) << 22), (uint)cache.Sets - 1, 0);
    }
}
