namespace MmuEmu.Emulator.Values;

/// <summary>The three page sizes of 4- and 5-level paging.</summary>
/// <remarks>The value is the number of the level whose entry is the leaf: PT 1, PD 2, PDPT 3.</remarks>
public enum PageSize : byte
{
    /// <summary>4 KiB, mapped by a PTE.</summary>
    Size4K = 1,

    /// <summary>2 MiB, mapped by a PDE with PS=1.</summary>
    Size2M = 2,

    /// <summary>1 GiB, mapped by a PDPTE with PS=1.</summary>
    Size1G = 3,
}

/// <summary>Lengths that follow from a page size.</summary>
public static class PageSizes
{
    /// <summary>Bytes in a page of this size.</summary>
    public static ulong Bytes(this PageSize size) => 1UL << Shift(size);

    /// <summary>Number of offset bits: 12, 21 or 30.</summary>
    public static int Shift(this PageSize size) => 3 + (9 * (int)size);
}
