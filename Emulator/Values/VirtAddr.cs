namespace MmuEmu.Emulator.Values;

/// <summary>A virtual address; the SDM says <em>linear</em> address.</summary>
/// <param name="Raw">All 64 bits; canonical or not.</param>
public readonly record struct VirtAddr(ulong Raw)
{
    /// <summary>The byte within its 4 KiB page, 0 to 4095.</summary>
    public int PageOffset => (int)(Raw & 0xFFF);

    /// <summary>The 4 KiB page number: the address without its low 12 bits.</summary>
    public ulong PageNumber => Raw >> 12;

    /// <summary>The first byte of the 4 KiB page that holds this address.</summary>
    public VirtAddr PageBase => new(Raw & ~0xFFFUL);

    /// <summary>True when every bit above <paramref name="addressBits"/> - 1 repeats that bit.</summary>
    /// <param name="addressBits">48 with 4-level paging, 57 with 5-level paging.</param>
    /// <remarks>Source: [SDM1 Basic Execution Environment, "Canonical Addressing"].</remarks>
    public bool IsCanonical(int addressBits) => (ulong)((long)(Raw << (64 - addressBits)) >> (64 - addressBits)) == Raw;

    /// <summary>The address <paramref name="bytes"/> further on; wraps at 2^64 as the hardware does.</summary>
    public static VirtAddr operator +(VirtAddr address, ulong bytes) => new(unchecked(address.Raw + bytes));

    /// <summary>The address <paramref name="bytes"/> before; wraps at 2^64.</summary>
    public static VirtAddr operator -(VirtAddr address, ulong bytes) => new(unchecked(address.Raw - bytes));

    /// <summary>Hexadecimal with prefix, as the manuals write it.</summary>
    public override string ToString() => $"0x{Raw:x}";
}
