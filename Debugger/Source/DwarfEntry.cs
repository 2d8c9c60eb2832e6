namespace MmuEmu.Debugger.Source;

/// <summary>One entry of .debug_info (a DIE), with those attributes that are asked for; filled again for each entry that is read.</summary>
/// <remarks>Source: [DWARF5 "The Debugging Information Entry (DIE)"].</remarks>
internal sealed class DwarfEntry
{
    private readonly List<(DwarfAttribute Attribute, DwarfValue Value)> _values = [];

    /// <summary>Where in .debug_info it begins.</summary>
    public ulong Offset { get; private set; }

    /// <summary>What it is; 0 for the null entry that ends the children of another.</summary>
    public DwarfTag Tag { get; private set; }

    /// <summary>Its children follow.</summary>
    public bool HasChildren { get; private set; }

    /// <summary>How many attributes it has, those not asked for among them: what reading it costs.</summary>
    public int Attributes { get; private set; }

    /// <summary>The value of an attribute; of class None when it has none.</summary>
    public DwarfValue this[DwarfAttribute attribute]
    {
        get
        {
            foreach ((DwarfAttribute own, DwarfValue value) in _values)
            {
                if (own == attribute)
                {
                    return value;
                }
            }

            return default;
        }
    }

    /// <summary>Reads the next entry of a unit.</summary>
    /// <param name="reader">Stands on the entry; afterwards behind it.</param>
    /// <param name="abbrevs">The unit's.</param>
    /// <param name="shape">The unit's sizes.</param>
    /// <returns>False when it is damaged; the reader knows why.</returns>
    public bool TryRead(ref ByteReader reader, AbbrevTable abbrevs, in UnitShape shape)
    {
        _values.Clear();
        (Offset, Tag, HasChildren, Attributes) = ((ulong)reader.Position, 0, false, 0);
        ulong code = reader.Uleb();
        if (code == 0)
        {
            return reader.Fault is null;
        }

        if (abbrevs.Find(code) is not { } abbrev)
        {
            reader.Fail(abbrevs.Fault is { } why ? $"has abbreviations that are damaged: their table {why}" : $"has an entry with the abbreviation {code}, which is missing");
            return false;
        }

        (Tag, HasChildren, Attributes) = (abbrev.Tag, abbrev.HasChildren, abbrev.Attributes.Length);
        foreach (AbbrevAttribute one in abbrev.Attributes)
        {
            DwarfValue value = FormReader.Read(ref reader, one.Form, one.Implicit, shape);
            if (value.IsThere && one.IsWanted)
            {
                _values.Add((one.Attribute, value));
            }
        }

        return reader.Fault is null;
    }
}
