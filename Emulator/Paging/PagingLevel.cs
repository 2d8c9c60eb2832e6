using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Paging;

/// <summary>A level of the paging-structure tree; its value is its height above the page.</summary>
public enum PagingLevel : byte
{
    /// <summary>Page table: each entry maps 4 KiB.</summary>
    Pt = 1,

    /// <summary>Page directory: each entry spans 2 MiB.</summary>
    Pd = 2,

    /// <summary>Page-directory-pointer table: each entry spans 1 GiB.</summary>
    Pdpt = 3,

    /// <summary>PML4 table: each entry spans 512 GiB.</summary>
    Pml4 = 4,

    /// <summary>PML5 table: each entry spans 256 TiB; only with CR4.LA57.</summary>
    Pml5 = 5,
}

/// <summary>Arithmetic of levels.</summary>
public static class PagingLevels
{
    /// <summary>Number of address bits below this level's index: 12, 21, 30, 39 or 48.</summary>
    public static int Shift(this PagingLevel level) => 3 + (9 * (int)level);

    /// <summary>Bytes that one entry of this level spans.</summary>
    public static ulong Span(this PagingLevel level) => 1UL << Shift(level);

    /// <summary>The entry's index in its table, 0 to 511.</summary>
    public static int IndexOf(this PagingLevel level, VirtAddr address) => (int)(address.Raw >> Shift(level)) & 0x1FF;

    /// <summary>The entry's name in the manuals: PTE, PDE, PDPTE, PML4E or PML5E.</summary>
    public static string EntryName(this PagingLevel level) => level switch
    {
        PagingLevel.Pt => "PTE",
        PagingLevel.Pd => "PDE",
        PagingLevel.Pdpt => "PDPTE",
        PagingLevel.Pml4 => "PML4E",
        PagingLevel.Pml5 => "PML5E",
    };

    /// <summary>The page size of a leaf at this level; meaningful for PT, PD and PDPT only.</summary>
    public static PageSize LeafSize(this PagingLevel level) => (PageSize)level;
}
