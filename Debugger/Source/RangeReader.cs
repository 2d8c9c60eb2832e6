namespace MmuEmu.Debugger.Source;

/// <summary>The address ranges of an entry: first and last address, or a list of them.</summary>
/// <remarks>Source: [DWARF5 "Code Addresses, Ranges and Base Addresses", "Non-Contiguous Address Ranges"]; before: [DWARF4 "Non-Contiguous Address Ranges"].</remarks>
internal static class RangeReader
{
    /// <summary>What a range costs of the budget: entries may share lists.</summary>
    private const int RangeCost = 16;

    /// <summary>What a row costs that is no range.</summary>
    private const int RowCost = 2;

    /// <summary>Linkers give -1 and -2 as the base of what they threw away.</summary>
    private const ulong FirstNowhere = ulong.MaxValue - 1;

    /// <summary>The kinds of rows in .debug_rnglists (DW_RLE_).</summary>
    private enum Row : byte
    {
        EndOfList,
        BaseAddressx,
        StartxEndx,
        StartxLength,
        OffsetPair,
        BaseAddress,
        StartEnd,
        StartLength,
    }

    /// <summary>The ranges of <paramref name="entry"/>; none when it has no code. A damaged list is reported, and gives what stands before the damage.</summary>
    public static List<AddressRange> Of(DwarfSections sections, DwarfEntry entry, in UnitBases bases)
    {
        List<AddressRange> ranges = [];
        DwarfValue list = entry[DwarfAttribute.Ranges];
        if (list.IsThere)
        {
            ReadList(sections, list, bases, ranges);
        }
        else if (ValueReader.AddressOf(sections, entry[DwarfAttribute.LowPc], bases) is ulong low)
        {
            DwarfValue high = entry[DwarfAttribute.HighPc];
            ulong end = high.Class == DwarfClass.Constant ? low + high.Number : ValueReader.AddressOf(sections, high, bases) ?? low;
            Add(sections, ranges, 0, low, end);
        }

        return ranges;
    }

    private static void ReadList(DwarfSections sections, DwarfValue list, in UnitBases bases, List<AddressRange> into)
    {
        if (bases.Shape.Version < 5)
        {
            ulong at = list.AsOffset ?? ulong.MaxValue;
            ByteReader old = new(sections.Ranges, at);
            ReadPairs(sections, ref old, bases, into);
            Report(sections, "ranges", at, old.Fault);
            return;
        }

        ulong? start = list.Class == DwarfClass.RangeNumber
            ? bases.RngLists + ValueReader.Row(sections.RngLists, bases.RngLists, list.Number, bases.Shape.OffsetBytes)
            : list.AsOffset;
        ByteReader reader = new(sections.RngLists, start ?? ulong.MaxValue);
        ReadRows(sections, ref reader, bases, into);
        Report(sections, "rnglists", start ?? ulong.MaxValue, reader.Fault);
    }

    private static void ReadPairs(DwarfSections sections, ref ByteReader reader, in UnitBases bases, List<AddressRange> into)
    {
        int bytes = bases.Shape.AddressBytes;
        ulong newBase = bytes == 8 ? ulong.MaxValue : uint.MaxValue;
        ulong from = bases.LowPc;
        while (reader.Fault is null)
        {
            (ulong start, ulong end) = (reader.Unsigned(bytes), reader.Unsigned(bytes));
            if ((start | end) == 0)
            {
                return;
            }

            if (start == newBase)
            {
                from = end;
                Spend(sections, ref reader);
            }
            else if (!Add(sections, into, from, start, end))
            {
                reader.Fail(WorkBudget.Reason);
            }
        }
    }

    private static void ReadRows(DwarfSections sections, ref ByteReader reader, in UnitBases bases, List<AddressRange> into)
    {
        int bytes = bases.Shape.AddressBytes;
        ulong from = bases.LowPc;
        while (reader.Fault is null)
        {
            Row row = (Row)reader.U8();
            switch (row)
            {
                case Row.EndOfList:
                    return;
                case Row.BaseAddress or Row.BaseAddressx:
                    from = row == Row.BaseAddress ? reader.Unsigned(bytes) : Numbered(sections, ref reader, bases);
                    Spend(sections, ref reader);
                    continue;
                case > Row.StartLength:
                    reader.Fail($"has a row of the unknown kind {(int)row}");
                    return;
            }

            ulong start = row switch
            {
                Row.OffsetPair => reader.Uleb(),
                Row.StartxEndx or Row.StartxLength => Numbered(sections, ref reader, bases),
                _ => reader.Unsigned(bytes),
            };
            ulong end = row switch
            {
                Row.OffsetPair => reader.Uleb(),
                Row.StartxEndx => Numbered(sections, ref reader, bases),
                Row.StartEnd => reader.Unsigned(bytes),
                _ => start + reader.Uleb(),
            };
            if (reader.Fault is null && !Add(sections, into, row == Row.OffsetPair ? from : 0, start, end))
            {
                reader.Fail(WorkBudget.Reason);
            }
        }
    }

    private static ulong Numbered(DwarfSections sections, ref ByteReader reader, in UnitBases bases) =>
        ValueReader.AddressOf(sections, new DwarfValue(DwarfClass.AddressNumber, reader.Uleb()), bases) ?? 0;

    /// <summary>Takes a range; one that is empty, or is no code of the file because the linker threw it away, is left out.</summary>
    /// <returns>False when the budget is spent.</returns>
    private static bool Add(DwarfSections sections, List<AddressRange> into, ulong from, ulong start, ulong end)
    {
        if (start < end && from < FirstNowhere && sections.IsCode(from + start))
        {
            into.Add(new AddressRange(from + start, from + end));
        }

        return sections.Budget.TrySpend(RangeCost);
    }

    private static void Spend(DwarfSections sections, ref ByteReader reader)
    {
        if (!sections.Budget.TrySpend(RowCost))
        {
            reader.Fail(WorkBudget.Reason);
        }
    }

    private static void Report(DwarfSections sections, string section, ulong at, string? fault)
    {
        if (fault is not null)
        {
            sections.Report(section, at, fault);
        }
    }
}
