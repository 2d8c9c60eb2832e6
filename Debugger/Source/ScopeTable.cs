namespace MmuEmu.Debugger.Source;

/// <summary>The functions of a unit, and the calls that were inlined into them, by address.</summary>
/// <remarks>Source: [DWARF5 "Subroutine and Entry Point Entries", "Concrete Inlined Instances"].</remarks>
internal sealed class ScopeTable
{
    /// <summary>No compiler inlines as deep; damage might.</summary>
    private const int MostScopes = 256;

    private readonly List<CodeScope> _scopes = [];
    private Interval[] _intervals = [];

    private ScopeTable()
    {
    }

    /// <summary>Reads all entries of <paramref name="unit"/>; a damaged one is reported, and those before it are kept.</summary>
    public static ScopeTable Read(DwarfSections sections, UnitTable units, DwarfUnit unit)
    {
        ScopeTable table = new();
        if (units.RootOf(unit) is { } root)
        {
            List<Interval> intervals = [];
            ByteReader reader = new(((ReadOnlySpan<byte>)sections.Info)[..(int)unit.End], unit.FirstEntry);
            table.ReadEntries(sections, ref reader, new Place(units.AbbrevsOf(unit), root.Bases), intervals);
            if (reader.Fault is { } why)
            {
                sections.Report("info", unit.Shape.Start, why);
            }

            table._intervals = Nested(intervals);
        }

        return table;
    }

    /// <summary>The scopes at <paramref name="address"/>, innermost first, 256 at most; empty when no function has it.</summary>
    public List<CodeScope> At(ulong address)
    {
        List<CodeScope> found = [];
        for (int scope = InnermostAt(address); scope >= 0 && found.Count < MostScopes; scope = _scopes[scope].Caller)
        {
            found.Add(_scopes[scope]);
        }

        return found;
    }

    /// <summary>The number of the innermost scope at <paramref name="address"/>; -1 when no function has it.</summary>
    public int InnermostAt(ulong address)
    {
        (int low, int high) = (0, _intervals.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _intervals[middle].Range.Start <= address ? (middle + 1, high) : (low, middle);
        }

        int at = low - 1;
        while (at >= 0 && !_intervals[at].Range.Has(address))
        {
            at = _intervals[at].Around;
        }

        return at < 0 ? -1 : _intervals[at].Scope;
    }

    /// <summary>Where all ranges of functions of their own are.</summary>
    public IEnumerable<AddressRange> Ranges()
    {
        foreach (Interval interval in _intervals)
        {
            if (_scopes[interval.Scope].Caller < 0)
            {
                yield return interval.Range;
            }
        }
    }

    private void ReadEntries(DwarfSections sections, ref ByteReader reader, in Place place, List<Interval> intervals)
    {
        DwarfEntry entry = new();
        Stack<int> around = new();
        int scope = -1;
        while (!reader.AtEnd && entry.TryRead(ref reader, place.Abbrevs, place.Bases.Shape))
        {
            if (entry.Tag == 0)
            {
                if (!around.TryPop(out scope))
                {
                    return;
                }

                continue;
            }

            if (!sections.Budget.TrySpend(entry.Attributes))
            {
                reader.Fail(WorkBudget.Reason);
                return;
            }

            int own = ScopeOf(sections, entry, place.Bases, scope, intervals);
            if (entry.HasChildren)
            {
                around.Push(scope);
                scope = own;
            }
        }
    }

    /// <summary>The number of the scope that the children of <paramref name="entry"/> are in: a new one, or that around it.</summary>
    private int ScopeOf(DwarfSections sections, DwarfEntry entry, in UnitBases bases, int around, List<Interval> intervals)
    {
        if (entry.Tag is not (DwarfTag.Subprogram or DwarfTag.InlinedSubroutine))
        {
            return around;
        }

        bool isCall = entry.Tag == DwarfTag.InlinedSubroutine;
        List<AddressRange> ranges = RangeReader.Of(sections, entry, bases);
        if (ranges.Count == 0)
        {
            return isCall ? around : -1;
        }

        foreach (AddressRange range in ranges)
        {
            intervals.Add(new Interval(range, _scopes.Count, -1));
        }

        _scopes.Add(new CodeScope(
            entry.Offset,
            Caller: isCall ? around : -1,
            CallFile: entry[DwarfAttribute.CallFile].AsCount,
            CallLine: entry[DwarfAttribute.CallLine].AsCount,
            CallColumn: entry[DwarfAttribute.CallColumn].AsCount));
        return _scopes.Count - 1;
    }

    /// <summary>Sorted so that what stands in another follows it, each with the one around it.</summary>
    private static Interval[] Nested(List<Interval> intervals)
    {
        intervals.Sort((a, b) => (a.Range.Start.CompareTo(b.Range.Start), b.Range.End.CompareTo(a.Range.End)) switch
        {
            (0, 0) => a.Scope.CompareTo(b.Scope),
            (0, int byEnd) => byEnd,
            (int byStart, _) => byStart,
        });
        Interval[] sorted = [.. intervals];
        Stack<int> open = new();
        for (int i = 0; i < sorted.Length; i++)
        {
            while (open.TryPeek(out int top) && sorted[top].Range.End <= sorted[i].Range.Start)
            {
                open.Pop();
            }

            sorted[i] = sorted[i] with { Around = open.TryPeek(out int around) ? around : -1 };
            open.Push(i);
        }

        return sorted;
    }

    /// <param name="Abbrevs">The unit's.</param>
    /// <param name="Bases">The unit's.</param>
    private readonly record struct Place(AbbrevTable Abbrevs, UnitBases Bases);

    /// <param name="Range">Addresses.</param>
    /// <param name="Scope">Whose they are.</param>
    /// <param name="Around">The number of the interval in which they lie; -1 when there is none.</param>
    private readonly record struct Interval(AddressRange Range, int Scope, int Around);
}
