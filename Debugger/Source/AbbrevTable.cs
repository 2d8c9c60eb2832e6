namespace MmuEmu.Debugger.Source;

/// <summary>One attribute of the entries with an abbreviation.</summary>
/// <param name="Attribute">Which; also numbers that have no name here.</param>
/// <param name="Form">How its value is written.</param>
/// <param name="Implicit">The value, for DW_FORM_implicit_const.</param>
/// <param name="IsWanted">It is one of those with a name here.</param>
internal readonly record struct AbbrevAttribute(DwarfAttribute Attribute, DwarfForm Form, long Implicit, bool IsWanted);

/// <summary>The shape of entries: tag, children, attributes.</summary>
/// <param name="Tag">What such an entry is.</param>
/// <param name="HasChildren">Entries follow that belong to it, up to a null entry.</param>
/// <param name="Attributes">In the order of their values.</param>
internal sealed record Abbrev(DwarfTag Tag, bool HasChildren, AbbrevAttribute[] Attributes);

/// <summary>The abbreviations of a unit. Source: [DWARF5 "Abbreviations Tables"].</summary>
internal sealed class AbbrevTable
{
    /// <summary>No compiler writes a fifth of it; with forms of no bytes, damage could ask for much work in little room.</summary>
    private const int MostAttributes = 256;

    private readonly Dictionary<ulong, Abbrev> _byCode = [];

    /// <summary>Why the table ends before its end; null when it is whole.</summary>
    public string? Fault { get; private set; }

    /// <summary>The shape with the number <paramref name="code"/>; null when there is none.</summary>
    public Abbrev? Find(ulong code) => _byCode.GetValueOrDefault(code);

    /// <summary>Reads the table that begins at <paramref name="at"/>; of a damaged one what stands before the damage.</summary>
    public static AbbrevTable Read(ReadOnlySpan<byte> section, ulong at, WorkBudget budget)
    {
        ByteReader reader = new(section, at);
        AbbrevTable table = new();
        while (true)
        {
            int start = reader.Position;
            ulong code = reader.Uleb();
            if (code == 0)
            {
                break;
            }

            DwarfTag tag = (DwarfTag)Math.Min(reader.Uleb(), ushort.MaxValue);
            Abbrev abbrev = new(tag, reader.U8() != 0, ReadAttributes(ref reader));
            if (reader.Fault is null && !budget.TrySpend(reader.Position - start))
            {
                reader.Fail(WorkBudget.Reason);
            }

            if (reader.Fault is not null)
            {
                break;
            }

            table._byCode.TryAdd(code, abbrev);
        }

        table.Fault = reader.Fault;
        return table;
    }

    private static AbbrevAttribute[] ReadAttributes(ref ByteReader reader)
    {
        List<AbbrevAttribute> attributes = [];
        while (true)
        {
            (ulong attribute, ulong form) = (reader.Uleb(), reader.Uleb());
            long value = form == (ulong)DwarfForm.ImplicitConst ? reader.Sleb() : 0;
            if ((attribute | form) == 0)
            {
                return [.. attributes];
            }

            if (attributes.Count == MostAttributes)
            {
                reader.Fail($"has an abbreviation of more than {MostAttributes} attributes");
                return [];
            }

            DwarfAttribute which = (DwarfAttribute)Math.Min(attribute, ushort.MaxValue);
            attributes.Add(new(which, (DwarfForm)Math.Min(form, ushort.MaxValue), value, Enum.IsDefined(which)));
        }
    }
}
