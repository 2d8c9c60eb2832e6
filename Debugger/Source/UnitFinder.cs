namespace MmuEmu.Debugger.Source;

/// <summary>Which unit has the code at an address.</summary>
/// <remarks>
/// Made from the roots of the units, which all say where their code is; .debug_aranges says the same where there is one, and clang writes none.
/// A unit whose root does not say it is asked for its functions, and one without functions for its lines.
/// </remarks>
internal sealed class UnitFinder
{
    private readonly (AddressRange Range, DwarfUnit Unit)[] _sorted;

    /// <summary>The highest end of all ranges up to each: where it is not above an address, none before has it.</summary>
    private readonly ulong[] _highest;

    /// <summary>Reads the roots of all units.</summary>
    /// <param name="units">The units.</param>
    /// <param name="rangesOf">Where the code of a unit is, for one whose root does not say it.</param>
    public UnitFinder(UnitTable units, Func<DwarfUnit, IEnumerable<AddressRange>> rangesOf)
    {
        List<(AddressRange Range, DwarfUnit Unit)> ranges = [];
        foreach (DwarfUnit unit in units.All)
        {
            if (units.RootOf(unit) is { IsShared: false } root)
            {
                ranges.AddRange((root.Ranges.Count > 0 ? root.Ranges : rangesOf(unit)).Select(range => (range, unit)));
            }
        }

        _sorted = [.. ranges.OrderBy(one => one.Range.Start)];
        _highest = new ulong[_sorted.Length];
        ulong highest = 0;
        for (int i = 0; i < _sorted.Length; i++)
        {
            _highest[i] = highest = Math.Max(highest, _sorted[i].Range.End);
        }
    }

    /// <summary>The unit with the code at <paramref name="address"/>; null when none has it.</summary>
    public DwarfUnit? Find(ulong address)
    {
        (int low, int high) = (0, _sorted.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _sorted[middle].Range.Start <= address ? (middle + 1, high) : (low, middle);
        }

        for (int at = low - 1; at >= 0 && _highest[at] > address; at--)
        {
            if (_sorted[at].Range.Has(address))
            {
                return _sorted[at].Unit;
            }
        }

        return null;
    }
}
