using MmuEmu.Emulator.Tlb;

namespace MmuEmu.Emulator.Timing;

/// <summary>TLBs and paging-structure caches of the presets; source tags as in <see cref="MachinePresets"/>.</summary>
public static class TlbGeometries
{
    private const TlbSizes Both = TlbSizes.Size4K | TlbSizes.Size2M;

    /// <summary>AMD Zen 5: fully associative first levels that hold every size, a large second level.</summary>
    public static TlbGeometry Zen5 { get; } = new()
    {
        Data = [TlbShape.Full(TlbSizes.All, 96)],                           // [D,M] knee between 96 and 104 pages
        Code = [TlbShape.Full(TlbSizes.All, 64)],                           // [D,M]
        Second =
        [
            new(Both, 4096, 8, Replacement.TreePlru),                       // [D,M] 4096 entries; 8 ways (a)
            TlbShape.Full(TlbSizes.Size1G, 1024),                           // [D] count; associativity (a)
        ],
        Psc = new(
            Pde: new(TlbSizes.None, 1024, 4, Replacement.Lru),              // (a) AMD keeps PDEs in the second-level TLB [A]
            Pdpte: TlbShape.Full(TlbSizes.None, 64),                        // (a) one 64-entry cache for PDPTEs and PML4Es
            Pml4e: TlbShape.Full(TlbSizes.None, 64),                        // (a)
            Pml5e: TlbShape.Full(TlbSizes.None, 4)),                        // (a)
    };

    /// <summary>Intel Skylake, client.</summary>
    public static TlbGeometry Skylake { get; } = new()
    {
        Data =
        [
            new(TlbSizes.Size4K, 64, 4, Replacement.Lru),                   // [D] descriptor 03H
            new(TlbSizes.Size2M, 32, 4, Replacement.Lru),                   // [D] descriptor 63H
            TlbShape.Full(TlbSizes.Size1G, 4),                              // [D] descriptor 63H
        ],
        Code =
        [
            new(TlbSizes.Size4K, 128, 8, Replacement.Lru),                  // [D] descriptor B6H
            TlbShape.Full(TlbSizes.Size2M, 8),                              // [D] descriptor 76H
        ],
        Second =
        [
            new(Both, 1536, 12, Replacement.TreePlru),                      // [K] 12 ways; CPUID C3H says 6; policy (a)
            new(TlbSizes.Size1G, 16, 4, Replacement.Lru),                   // [D]
        ],
        Psc = new(
            Pde: new(TlbSizes.None, 32, 4, Replacement.Lru),                // (a)
            Pdpte: TlbShape.Full(TlbSizes.None, 4),                         // (a)
            Pml4e: TlbShape.Full(TlbSizes.None, 4),                         // (a)
            Pml5e: TlbShape.Full(TlbSizes.None, 0)),                        // no 5-level paging
    };

    /// <summary>Intel Golden Cove.</summary>
    public static TlbGeometry GoldenCove { get; } = new()
    {
        Data =
        [
            new(TlbSizes.Size4K, 96, 6, Replacement.Lru),                   // [D] AIDA; CPUID 18H says 16 sets of 4
            new(TlbSizes.Size2M, 32, 4, Replacement.Lru),                   // [D]
            TlbShape.Full(TlbSizes.Size1G, 8),                              // [D]
        ],
        Code =
        [
            new(TlbSizes.Size4K, 256, 8, Replacement.Lru),                  // [D]
            new(TlbSizes.Size2M, 32, 8, Replacement.Lru),                   // [D]
        ],
        Second =
        [
            // Two arrays of 128 sets of 8, one for 4K and 2M, one for 4K and 1G [D]; here one per size, each right by itself.
            new(TlbSizes.Size4K, 2048, 16, Replacement.TreePlru),
            new(TlbSizes.Size2M, 1024, 8, Replacement.TreePlru),
            new(TlbSizes.Size1G, 1024, 8, Replacement.TreePlru),
        ],
        Psc = new(
            Pde: new(TlbSizes.None, 64, 4, Replacement.Lru),                // (a)
            Pdpte: TlbShape.Full(TlbSizes.None, 16),                        // (a)
            Pml4e: TlbShape.Full(TlbSizes.None, 4),                         // (a)
            Pml5e: TlbShape.Full(TlbSizes.None, 4)),                        // (a)
    };

    /// <summary>Two entries everywhere, and no paging-structure cache.</summary>
    public static TlbGeometry Tiny { get; } = new()
    {
        Data = [TlbShape.Full(TlbSizes.All, 2)],
        Code = [TlbShape.Full(TlbSizes.All, 2)],
        Second = [TlbShape.Full(TlbSizes.All, 2)],
        Psc = new(
            TlbShape.Full(TlbSizes.None, 0), TlbShape.Full(TlbSizes.None, 0),
            TlbShape.Full(TlbSizes.None, 0), TlbShape.Full(TlbSizes.None, 0)),
    };

    /// <summary>More entries than a run that fits in 64 GiB of RAM touches at a time, for practical purposes.</summary>
    public static TlbGeometry Ideal { get; } = new()
    {
        Data = [new(TlbSizes.All, 65536, 16, Replacement.Lru)],
        Code = [new(TlbSizes.All, 16384, 16, Replacement.Lru)],
        Second = [],
        Psc = new(
            new(TlbSizes.None, 4096, 16, Replacement.Lru), TlbShape.Full(TlbSizes.None, 64),
            TlbShape.Full(TlbSizes.None, 64), TlbShape.Full(TlbSizes.None, 64)),
    };
}
