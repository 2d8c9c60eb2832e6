namespace MmuEmu.Debugger.Source;

/// <summary>What the root entry of a unit says. Source: [DWARF5 "Unit Entries"].</summary>
/// <param name="Bases">To what the numbers in its entries are relative.</param>
/// <param name="Name">Its source file as the compiler was told.</param>
/// <param name="Folder">The folder in which the compiler ran.</param>
/// <param name="Lines">Where in .debug_line its line program begins; null when it has none.</param>
/// <param name="Ranges">Where its code is; empty when it does not tell or has none.</param>
internal sealed record UnitRoot(UnitBases Bases, string Name, string Folder, ulong? Lines, IReadOnlyList<AddressRange> Ranges)
{
    /// <summary>Others import its entries, and it has no code of its own.</summary>
    public bool IsShared { get; private init; }

    /// <summary>Reads the root entry of <paramref name="unit"/>; null, and a report, when it is damaged or its entries are in another file.</summary>
    public static UnitRoot? Read(DwarfSections sections, DwarfUnit unit, AbbrevTable abbrevs)
    {
        ReadOnlySpan<byte> info = sections.Info;
        ByteReader reader = new(info[..(int)unit.End], unit.FirstEntry);
        DwarfEntry entry = new();
        if (!entry.TryRead(ref reader, abbrevs, unit.Shape))
        {
            sections.Report("info", unit.Shape.Start, reader.Fault ?? "is damaged");
            return null;
        }

        ulong header = unit.Shape.OffsetBytes == 8 ? 16UL : 8UL;
        UnitBases bases = new(
            unit.Shape,
            StrOffsets: entry[DwarfAttribute.StrOffsetsBase].AsOffset ?? header,
            Addr: entry[DwarfAttribute.AddrBase].AsOffset ?? header,
            RngLists: entry[DwarfAttribute.RngListsBase].AsOffset ?? header + 4,
            LowPc: 0);
        bases = bases with { LowPc = ValueReader.AddressOf(sections, entry[DwarfAttribute.LowPc], bases) ?? 0 };
        DwarfValue elsewhere = entry[DwarfAttribute.DwoName].IsThere ? entry[DwarfAttribute.DwoName] : entry[DwarfAttribute.GnuDwoName];
        if (elsewhere.IsThere)
        {
            sections.Report("info", unit.Shape.Start, $"has its functions in {ValueReader.TextOf(sections, elsewhere, info, bases)}; such files are not read, lines are known");
        }

        return new UnitRoot(
            bases,
            ValueReader.TextOf(sections, entry[DwarfAttribute.Name], info, bases),
            ValueReader.TextOf(sections, entry[DwarfAttribute.CompDir], info, bases),
            entry[DwarfAttribute.StmtList].AsOffset,
            RangeReader.Of(sections, entry, bases))
        {
            IsShared = entry.Tag is DwarfTag.PartialUnit or DwarfTag.TypeUnit,
        };
    }
}
