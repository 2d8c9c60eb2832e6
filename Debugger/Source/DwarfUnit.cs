namespace MmuEmu.Debugger.Source;

/// <summary>A unit of .debug_info: what its header says. Source: [DWARF5 "Unit Headers"].</summary>
/// <param name="Shape">Its sizes, and where its header begins.</param>
/// <param name="End">Where the next unit begins.</param>
/// <param name="FirstEntry">Where its root entry is.</param>
/// <param name="AbbrevsAt">Where in .debug_abbrev its abbreviations begin.</param>
internal sealed record DwarfUnit(UnitShape Shape, ulong End, ulong FirstEntry, ulong AbbrevsAt)
{
    private const int FirstKindsVersion = 5;
    private const int TypeKind = 2;
    private const int SkeletonKind = 4;
    private const int SplitCompileKind = 5;
    private const int SplitTypeKind = 6;

    /// <summary>The headers of all units that can be read; what is wrong with others is reported.</summary>
    public static List<DwarfUnit> ReadAll(DwarfSections sections)
    {
        List<DwarfUnit> units = [];
        ReadOnlySpan<byte> info = sections.Info;
        if (sections.HasSupplement)
        {
            sections.Report("info", 0, "has names in the file of .gnu_debugaltlink, which is not read; some inlined calls have none");
        }

        for (int at = 0; at < info.Length;)
        {
            ByteReader reader = new(info, (ulong)at);
            int length = reader.UnitLength(out int offsetBytes);
            int end = reader.Position + length;
            if (reader.Fault is null && ReadHeader(ref reader, (ulong)at, (ulong)end, offsetBytes) is { } unit)
            {
                units.Add(unit);
            }

            if (reader.Fault is { } why)
            {
                sections.Report("info", (ulong)at, why);
            }

            at = length == 0 && reader.Fault is not null ? info.Length : end;
        }

        return units;
    }

    private static DwarfUnit? ReadHeader(ref ByteReader reader, ulong start, ulong end, int offsetBytes)
    {
        int version = reader.U16();
        if (version is < 2 or > 5)
        {
            reader.Fail($"is of DWARF version {version}; 2 to 5 are read");
            return null;
        }

        int kind = version >= FirstKindsVersion ? reader.U8() : 0;
        int addressBytes = version >= FirstKindsVersion ? reader.U8() : 0;
        ulong abbrevs = reader.Unsigned(offsetBytes);
        addressBytes = version >= FirstKindsVersion ? addressBytes : reader.U8();
        reader.Skip(kind switch
        {
            TypeKind or SplitTypeKind => 8 + (ulong)offsetBytes,
            SkeletonKind or SplitCompileKind => 8,
            _ => 0,
        });
        if (addressBytes is not (4 or 8))
        {
            reader.Fail($"has addresses of {addressBytes} bytes; 4 and 8 are read");
        }

        ulong first = (ulong)reader.Position;
        if (first > end)
        {
            reader.Fail("ends within its header");
        }

        return reader.Fault is null ? new DwarfUnit(new UnitShape(version, addressBytes, offsetBytes, start), end, first, abbrevs) : null;
    }
}
