namespace MmuEmu.Debugger.Source;

/// <summary>One row of the section table of an ELF file, as the file has it.</summary>
/// <param name="Name">Its name; empty when it has none that can be read.</param>
/// <param name="Type">sh_type.</param>
/// <param name="Flags">sh_flags.</param>
/// <param name="Address">sh_addr: where its first byte is in memory, before any load bias.</param>
/// <param name="Offset">sh_offset: where its first byte is in the file.</param>
/// <param name="Size">sh_size: bytes, in memory and (but for SHT_NOBITS) in the file.</param>
/// <param name="Link">sh_link: the number of the section that it needs.</param>
/// <remarks>Source: [gABI "Sections"].</remarks>
internal readonly record struct ElfSection(string Name, uint Type, ulong Flags, ulong Address, ulong Offset, ulong Size, uint Link)
{
    private const uint NoBits = 8;
    private const ulong Alloc = 2;
    private const ulong ExecInstr = 4;
    private const ulong Compressed = 0x800;

    /// <summary>The file holds bytes of it; not so for .bss, nor for the code in a file with debug information only.</summary>
    public bool HasBytes => Type != NoBits;

    /// <summary>It is loaded, and its bytes are instructions.</summary>
    public bool IsCode => (Flags & (Alloc | ExecInstr)) == (Alloc | ExecInstr);

    /// <summary>Its bytes in the file begin with a compression header (SHF_COMPRESSED).</summary>
    public bool IsCompressed => (Flags & Compressed) != 0;

    /// <summary>True when <paramref name="address"/> lies in it.</summary>
    public bool Has(ulong address) => address >= Address && address - Address < Size;
}
