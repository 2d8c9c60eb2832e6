namespace MmuEmu.Debugger.Source;

/// <summary>The names of functions, which a copy of a function leaves to the entry it was made from.</summary>
/// <remarks>Source: [DWARF5 "Abstract Instances", "Non-Defining Declarations and Completions"].</remarks>
internal sealed class FunctionNames(DwarfSections sections, UnitTable units)
{
    /// <summary>From the copy to the abstract instance to the declaration are two steps; damage may make a ring.</summary>
    private const int MostSteps = 8;

    private readonly Dictionary<ulong, (string Name, string Linkage)> _known = [];

    /// <summary>The name as it was written, and as the linker knows it where that differs; empty when there is none.</summary>
    /// <param name="entry">Where in .debug_info the function, or the call, is described.</param>
    public (string Name, string Linkage) Of(ulong entry)
    {
        if (!_known.TryGetValue(entry, out (string Name, string Linkage) names))
        {
            names = Read(entry);
            _known.Add(entry, names);
        }

        return names;
    }

    private (string Name, string Linkage) Read(ulong at)
    {
        (string name, string linkage) = ("", "");
        DwarfEntry entry = new();
        for (int step = 0; step < MostSteps && units.Holding(at) is { } unit && units.RootOf(unit) is { } root; step++)
        {
            ReadOnlySpan<byte> info = sections.Info;
            ByteReader reader = new(info[..(int)unit.End], at);
            if (!entry.TryRead(ref reader, units.AbbrevsOf(unit), unit.Shape))
            {
                break;
            }

            name = name.Length > 0 ? name : ValueReader.TextOf(sections, entry[DwarfAttribute.Name], info, root.Bases);
            DwarfValue link = entry[DwarfAttribute.LinkageName].IsThere ? entry[DwarfAttribute.LinkageName] : entry[DwarfAttribute.MipsLinkageName];
            linkage = linkage.Length > 0 ? linkage : ValueReader.TextOf(sections, link, info, root.Bases);
            DwarfValue next = entry[DwarfAttribute.AbstractOrigin].IsThere ? entry[DwarfAttribute.AbstractOrigin] : entry[DwarfAttribute.Specification];
            if (next.Class != DwarfClass.Entry)
            {
                break;
            }

            at = next.Number;
        }

        return (name, linkage);
    }
}
