namespace MmuEmu.Debugger.Source;

/// <summary>The units of a file, their abbreviations and roots, each read when it is first asked for.</summary>
internal sealed class UnitTable(DwarfSections sections)
{
    private readonly Dictionary<ulong, AbbrevTable> _abbrevs = [];
    private readonly Dictionary<DwarfUnit, UnitRoot?> _roots = new(ReferenceEqualityComparer.Instance);

    /// <summary>All units, in the order of the file.</summary>
    public IReadOnlyList<DwarfUnit> All { get; } = DwarfUnit.ReadAll(sections);

    /// <summary>The unit in whose bytes of .debug_info <paramref name="offset"/> lies; null when there is none.</summary>
    public DwarfUnit? Holding(ulong offset)
    {
        (int low, int high) = (0, All.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = All[middle].End <= offset ? (middle + 1, high) : (low, middle);
        }

        return low < All.Count && offset >= All[low].FirstEntry ? All[low] : null;
    }

    /// <summary>The abbreviations of <paramref name="unit"/>, which units may share.</summary>
    public AbbrevTable AbbrevsOf(DwarfUnit unit)
    {
        if (!_abbrevs.TryGetValue(unit.AbbrevsAt, out AbbrevTable? table))
        {
            table = AbbrevTable.Read(sections.Abbrev, unit.AbbrevsAt, sections.Budget);
            _abbrevs.Add(unit.AbbrevsAt, table);
        }

        return table;
    }

    /// <summary>What the root entry of <paramref name="unit"/> says; null when it cannot be read.</summary>
    public UnitRoot? RootOf(DwarfUnit unit)
    {
        if (!_roots.TryGetValue(unit, out UnitRoot? root))
        {
            root = UnitRoot.Read(sections, unit, AbbrevsOf(unit));
            _roots.Add(unit, root);
        }

        return root;
    }
}
