namespace MmuEmu.Debugger.Source;

/// <summary>What the number of a <see cref="DwarfValue"/> is.</summary>
internal enum DwarfClass : byte
{
    /// <summary>There is no such attribute, or its value is of no use here: a block, a signature, another file.</summary>
    None,

    /// <summary>An address before any load bias.</summary>
    Address,

    /// <summary>The number of an address in .debug_addr.</summary>
    AddressNumber,

    /// <summary>A constant, or before version 4 an offset into a section.</summary>
    Constant,

    /// <summary>An offset into the section that the attribute implies.</summary>
    Offset,

    /// <summary>The number of a list in .debug_rnglists.</summary>
    RangeNumber,

    /// <summary>Where in .debug_info the entry begins.</summary>
    Entry,

    /// <summary>Where in the section at hand the text begins.</summary>
    TextHere,

    /// <summary>Where in .debug_str the text begins.</summary>
    TextInStr,

    /// <summary>Where in .debug_line_str the text begins.</summary>
    TextInLineStr,

    /// <summary>The number of a text in .debug_str_offsets.</summary>
    TextNumber,
}

/// <summary>The value of an attribute: a number, and what it counts.</summary>
/// <param name="Class">What the number is.</param>
/// <param name="Number">The number; a negative constant in two's complement.</param>
internal readonly record struct DwarfValue(DwarfClass Class, ulong Number)
{
    /// <summary>The attribute is there and of use.</summary>
    public bool IsThere => Class != DwarfClass.None;

    /// <summary>A constant or an offset as an offset; null when it is neither.</summary>
    public ulong? AsOffset => Class is DwarfClass.Constant or DwarfClass.Offset ? Number : null;

    /// <summary>A constant as a number of lines, columns or files; 0 when it is none or beyond <see cref="int.MaxValue"/>.</summary>
    public int AsCount => Class == DwarfClass.Constant && Number <= int.MaxValue ? (int)Number : 0;
}

/// <summary>The sizes by which the forms of a unit are read.</summary>
/// <param name="Version">2 to 5.</param>
/// <param name="AddressBytes">Of an address: 4 or 8.</param>
/// <param name="OffsetBytes">Of an offset into a section: 4 or 8.</param>
/// <param name="Start">Where in .debug_info the unit begins, to which its references are relative.</param>
internal readonly record struct UnitShape(int Version, int AddressBytes, int OffsetBytes, ulong Start);
