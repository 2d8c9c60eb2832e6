namespace MmuEmu.Kernel.Abi;

/// <summary>What the bit 0x40 of mmap's flags means: three kernels of 2002 gave it three meanings.</summary>
/// <remarks>Rows K-070 to K-073.</remarks>
public enum MapBit40
{
    /// <summary>MAP_32BIT of x86-64 since 2.4.20: below 2 GiB; the default.</summary>
    Map32Bit,

    /// <summary>Nothing, as on i386: an unknown bit is ignored.</summary>
    Ignore,

    /// <summary>MAP_BIGPAGE of a vendor's 2.4: pages of 2 MiB.</summary>
    BigPage,
}
