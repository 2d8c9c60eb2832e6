using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Paging;

/// <summary>The control bits that paging looks at.</summary>
/// <remarks>Source: [SDM3 Paging, "Paging Modes and Control Bits"].</remarks>
[Flags]
public enum PagingBits : uint
{
    /// <summary>Nothing on.</summary>
    None = 0,

    /// <summary>CR0.WP: supervisor writes obey RW.</summary>
    Wp = 1 << 0,

    /// <summary>CR4.PGE: global pages.</summary>
    Pge = 1 << 1,

    /// <summary>CR4.PCIDE: process-context identifiers.</summary>
    Pcide = 1 << 2,

    /// <summary>CR4.SMEP: no supervisor fetch from user pages.</summary>
    Smep = 1 << 3,

    /// <summary>CR4.SMAP: no supervisor data access to user pages while RFLAGS.AC is clear.</summary>
    Smap = 1 << 4,

    /// <summary>CR4.PKE: protection keys for user pages.</summary>
    Pke = 1 << 5,

    /// <summary>CR4.LA57: five levels and 57-bit addresses.</summary>
    La57 = 1 << 6,

    /// <summary>EFER.NXE: XD has effect.</summary>
    Nxe = 1 << 7,

    /// <summary>RFLAGS.AC: explicit supervisor accesses pass SMAP.</summary>
    Ac = 1 << 8,

    /// <summary>The processor knows 1 GiB pages (CPUID.80000001H:EDX.Page1GB).</summary>
    Page1G = 1 << 9,

    /// <summary>Bit 8 of a PML4E is reserved too, as AMD processors have it.</summary>
    Pml4Bit8Reserved = 1 << 10,
}

/// <summary>CR0, CR3, CR4, EFER, PKRU and RFLAGS.AC as one value: everything a translation depends on besides RAM.</summary>
/// <param name="Root">The frame of the root table, from CR3.</param>
/// <param name="Pcid">CR3[11:0] while PCIDE is on, otherwise 0.</param>
/// <param name="Bits">The control bits.</param>
/// <param name="MaxPhyAddr">Physical-address width, 36 to 52 bits.</param>
/// <param name="Pkru">The PKRU register; bits 2k and 2k+1 are AD and WD of key k.</param>
public readonly record struct PagingMode(Pfn Root, ushort Pcid, PagingBits Bits, byte MaxPhyAddr, uint Pkru)
{
    /// <summary>True when every bit of <paramref name="bits"/> is on.</summary>
    public bool Has(PagingBits bits) => (Bits & bits) == bits;

    /// <summary>48 or 57.</summary>
    public int AddressBits => Has(PagingBits.La57) ? 57 : 48;

    /// <summary>The level of the table that CR3 names.</summary>
    public PagingLevel RootLevel => Has(PagingBits.La57) ? PagingLevel.Pml5 : PagingLevel.Pml4;
}
