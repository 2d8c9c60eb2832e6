namespace MmuEmu.Debugger.Source;

/// <summary>What the values of attributes stand for: texts and addresses, directly or by number.</summary>
internal static class ValueReader
{
    /// <summary>The text of <paramref name="value"/>; empty when it is none or lies in a file that is not read.</summary>
    /// <param name="sections">The file's.</param>
    /// <param name="value">Of a text class.</param>
    /// <param name="here">The section in which the attribute was read.</param>
    /// <param name="bases">The unit's.</param>
    public static string TextOf(DwarfSections sections, DwarfValue value, ReadOnlySpan<byte> here, in UnitBases bases) => value.Class switch
    {
        DwarfClass.TextHere => sections.TextAt(here, value.Number),
        DwarfClass.TextInStr => sections.TextAt(sections.Str, value.Number),
        DwarfClass.TextInLineStr => sections.TextAt(sections.LineStr, value.Number),
        DwarfClass.TextNumber when Row(sections.StrOffsets, bases.StrOffsets, value.Number, bases.Shape.OffsetBytes) is ulong at => sections.TextAt(sections.Str, at),
        _ => "",
    };

    /// <summary>The address of <paramref name="value"/>; null when it is none.</summary>
    public static ulong? AddressOf(DwarfSections sections, DwarfValue value, in UnitBases bases) => value.Class switch
    {
        DwarfClass.Address => value.Number,
        DwarfClass.AddressNumber => Row(sections.Addr, bases.Addr, value.Number, bases.Shape.AddressBytes),
        _ => null,
    };

    /// <summary>Number <paramref name="index"/> of a table of numbers; null when the section ends before.</summary>
    /// <param name="section">Where the table is.</param>
    /// <param name="at">Where it begins.</param>
    /// <param name="index">Which number, the first is 0.</param>
    /// <param name="bytes">Of each number: 4 or 8.</param>
    public static ulong? Row(ReadOnlySpan<byte> section, ulong at, ulong index, int bytes)
    {
        if (at > (ulong)section.Length || index >= ((ulong)section.Length - at) / (ulong)bytes)
        {
            return null;
        }

        ByteReader reader = new(section, at + (index * (ulong)bytes));
        return reader.Unsigned(bytes);
    }
}
