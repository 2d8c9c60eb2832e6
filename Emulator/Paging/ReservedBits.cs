namespace MmuEmu.Emulator.Paging;

/// <summary>Which bits of a present entry must be zero.</summary>
/// <remarks>
/// <code>
///                 XD if !NXE   51..MAXPHYADDR   29..21   20..13   8 (AMD)   7 (PS)
///  PML5E, PML4E       x              x                             PML4E      x
///  PDPTE table        x              x
///  PDPTE 1 GiB        x              x             x        x               x unless 1 GiB pages exist
///  PDE table          x              x
///  PDE 2 MiB          x              x                      x
///  PTE                x              x
/// </code>
/// Source: [SDM3 Paging, "Reserved bits" under "Page-Fault Exceptions", and the entry formats].
/// </remarks>
public static class ReservedBits
{
    private const ulong AddressField = 0x000F_FFFF_FFFF_FFFF;
    private const ulong Bits20To13 = 0x1F_E000;
    private const ulong Bits29To13 = 0x3FFF_E000;

    /// <summary>The reserved bits of <paramref name="entry"/> when it is read at <paramref name="level"/>.</summary>
    public static ulong MaskOf(in PagingMode mode, PagingLevel level, Pte entry)
    {
        ulong mask = AddressField & ~((1UL << mode.MaxPhyAddr) - 1);
        if ((mode.Bits & PagingBits.Nxe) == 0)
        {
            mask |= (ulong)PteBits.XD;
        }

        if (level == PagingLevel.Pt)
        {
            return mask;
        }

        return level >= PagingLevel.Pml4
            ? mask | (ulong)PteBits.PS | Pml4Extra(mode, level)
            : entry.Has(PteBits.PS) ? mask | LargeLeaf(mode, level) : mask;
    }

    private static ulong Pml4Extra(in PagingMode mode, PagingLevel level) =>
        level == PagingLevel.Pml4 && mode.Has(PagingBits.Pml4Bit8Reserved) ? (ulong)PteBits.G : 0;

    private static ulong LargeLeaf(in PagingMode mode, PagingLevel level) =>
        level == PagingLevel.Pd ? Bits20To13
        : mode.Has(PagingBits.Page1G) ? Bits29To13
        : (ulong)PteBits.PS;
}
