namespace MmuEmu.Emulator.Tlb;

/// <summary>Which entry of a full set makes room.</summary>
public enum Replacement : byte
{
    /// <summary>The least recently used one, exactly.</summary>
    Lru,

    /// <summary>The one a binary tree of recency bits points to.</summary>
    TreePlru,
}

/// <summary>The page sizes that one array can hold.</summary>
[Flags]
public enum TlbSizes : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>4 KiB pages.</summary>
    Size4K = 1 << 0,

    /// <summary>2 MiB pages.</summary>
    Size2M = 1 << 1,

    /// <summary>1 GiB pages.</summary>
    Size1G = 1 << 2,

    /// <summary>Every size.</summary>
    All = Size4K | Size2M | Size1G,
}

/// <summary>The shape of one set-associative array.</summary>
/// <param name="Sizes">Page sizes it holds; ignored for a paging-structure cache.</param>
/// <param name="Entries">Entries in all; 0 leaves the array out. Entries divided by ways is a power of two.</param>
/// <param name="Ways">Entries in one set; equal to <paramref name="Entries"/> when fully associative.</param>
/// <param name="Policy">Who leaves a full set.</param>
public readonly record struct TlbShape(TlbSizes Sizes, int Entries, int Ways, Replacement Policy)
{
    /// <summary>A fully associative array with exact LRU.</summary>
    public static TlbShape Full(TlbSizes sizes, int entries) => new(sizes, entries, entries, Replacement.Lru);

    /// <summary>Number of sets.</summary>
    public int Sets => Ways == 0 ? 0 : Entries / Ways;
}

/// <summary>The four paging-structure caches; a shape of 0 entries leaves one out.</summary>
/// <param name="Pde">Holds PDEs that point to page tables: the walk starts at the PTE.</param>
/// <param name="Pdpte">Holds PDPTEs that point to page directories.</param>
/// <param name="Pml4e">Holds PML4Es.</param>
/// <param name="Pml5e">Holds PML5Es; used with CR4.LA57 only.</param>
/// <remarks>Source: [SDM3 Paging, "Paging-Structure Caches"].</remarks>
public readonly record struct PscGeometry(TlbShape Pde, TlbShape Pdpte, TlbShape Pml4e, TlbShape Pml5e);

/// <summary>Shapes of every translation cache of one processor.</summary>
/// <remarks>
/// A page whose size no array of a level holds is kept there in pieces of the next smaller size that one does hold;
/// invalidating the page drops all its pieces.
/// </remarks>
public sealed record TlbGeometry
{
    /// <summary>First level for data; at most one array per page size.</summary>
    public required IReadOnlyList<TlbShape> Data { get; init; }

    /// <summary>First level for instruction fetches; at most one array per page size.</summary>
    public required IReadOnlyList<TlbShape> Code { get; init; }

    /// <summary>Second level, unified; empty when there is none.</summary>
    public required IReadOnlyList<TlbShape> Second { get; init; }

    /// <summary>The paging-structure caches.</summary>
    public required PscGeometry Psc { get; init; }

    /// <summary>
    /// 64-entry 4-way first level, 1536-entry 12-way second level, as Intel client processors had from 2015 on.
    /// </summary>
    /// <remarks>Source: [SDM2 CPUID leaf 2 descriptors 03H, 63H, B5H, C3H].</remarks>
    public static TlbGeometry Default { get; } = new()
    {
        Data =
        [
            new(TlbSizes.Size4K, 64, 4, Replacement.Lru),
            new(TlbSizes.Size2M, 32, 4, Replacement.Lru),
            TlbShape.Full(TlbSizes.Size1G, 4),
        ],
        Code =
        [
            new(TlbSizes.Size4K, 128, 8, Replacement.Lru),
            TlbShape.Full(TlbSizes.Size2M, 8),
        ],
        Second =
        [
            new(TlbSizes.Size4K | TlbSizes.Size2M, 1536, 12, Replacement.TreePlru),
            TlbShape.Full(TlbSizes.Size1G, 16),
        ],
        Psc = new(
            new(TlbSizes.None, 32, 4, Replacement.Lru),
            TlbShape.Full(TlbSizes.None, 4),
            TlbShape.Full(TlbSizes.None, 4),
            TlbShape.Full(TlbSizes.None, 4)),
    };
}
