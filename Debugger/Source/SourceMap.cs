namespace MmuEmu.Debugger.Source;

/// <summary>What the debug information of a program says: from an address to its line and calls, and from a line to its addresses.</summary>
/// <remarks>
/// Addresses are those of the file, before any load bias. Everything is read when it is first asked for. A damaged file gives reasons and what can
/// be read of it, never an exception.
/// </remarks>
internal sealed class SourceMap : IDisposable
{
    private const ushort ObjectFile = 1;
    private const ushort X64 = 62;

    private readonly ElfFile? _program;
    private readonly ElfFile? _debug;
    private readonly DwarfSections? _sections;
    private readonly Dictionary<DwarfUnit, ScopeTable> _functions = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<ulong, LineTable> _lines = [];
    private UnitTable? _units;
    private UnitFinder? _finder;
    private FunctionNames? _names;
    private FunctionSymbols? _symbols;

    private SourceMap(ElfFile? program, ElfFile? debug, string missing)
    {
        (_program, _debug, Missing) = (program, debug, missing);
        _sections = debug is null ? null : new DwarfSections(debug);
    }

    /// <summary>Why there is no debug information at all; empty when there is some.</summary>
    public string Missing { get; }

    /// <summary>What of the debug information could not be read so far, the first 16 findings.</summary>
    public IReadOnlyList<string> Faults => _sections?.Faults ?? [];

    /// <summary>The file that the debug information is read from; empty when there is none.</summary>
    public string DebugPath => _debug?.Path ?? "";

    /// <summary>Opens the program at <paramref name="path"/> and the file with its debug information.</summary>
    /// <param name="path">A path of the host.</param>
    /// <param name="debugFolder">Where debug files are kept, for programs that had theirs split off.</param>
    /// <returns>A map, to be disposed of; one that knows nothing when the file is of no use.</returns>
    public static SourceMap Open(string path, string debugFolder = DebugFile.SystemFolder)
    {
        if (!ElfFile.TryOpen(path, out ElfFile? program, out string reason))
        {
            return new SourceMap(null, null, reason);
        }

        if (program.Machine != X64 || program.Type == ObjectFile)
        {
            return new SourceMap(program, null, program.Machine != X64 ? $"{path} is not for x86-64" : $"{path} is not linked: its debug information has no addresses yet");
        }

        ElfFile? debug = DebugFile.Open(program, debugFolder, out reason);
        return new SourceMap(program, debug, reason);
    }

    /// <summary>The source of the instruction that has <paramref name="address"/>: innermost call first, the function whose code it is last.</summary>
    /// <returns>Empty when the debug information does not cover it.</returns>
    public IReadOnlyList<SourceFrame> FramesAt(ulong address)
    {
        if (Finder?.Find(address) is not { } unit)
        {
            return [];
        }

        LineTable? lines = LinesOf(unit);
        List<CodeScope> scopes = FunctionsOf(unit).At(address);
        LineRow? row = lines?.Find(address);
        if (row is null && scopes.Count == 0)
        {
            return [];
        }

        (int file, int line, int column) = row is { } at ? (at.File, at.Line, at.Column) : (-1, 0, 0);
        List<SourceFrame> frames = [];
        foreach (CodeScope scope in scopes)
        {
            (string name, string linkage) = Names.Of(scope.Entry);
            frames.Add(new SourceFrame(name, linkage, FileOf(lines, file), line, column, IsInlined: scope.Caller >= 0));
            (file, line, column) = (scope.CallFile, scope.CallLine, scope.CallColumn);
        }

        return frames.Count > 0 ? frames : [new SourceFrame("", "", FileOf(lines, file), line, column, IsInlined: false)];
    }

    /// <summary>The symbol that names the code at <paramref name="address"/>, and how far behind it that is; null when none does.</summary>
    public (ElfSymbol Symbol, ulong Offset)? SymbolAt(ulong address)
    {
        if (_program is null || !_program.IsCode(address))
        {
            return null;
        }

        _symbols ??= new FunctionSymbols(SymbolsOf(_program, _debug), _program.IsCode);
        return _symbols.At(address);
    }

    /// <summary>Where the code of a line begins, or of the next line of that file that has code.</summary>
    /// <param name="file">A path, or its last parts, as <c>main.c</c>.</param>
    /// <param name="line">From 1 on.</param>
    public LineAddresses AddressesOf(string file, int line)
    {
        string typed = SourcePath.Plain(file);
        SortedDictionary<string, SortedDictionary<int, SortedSet<ulong>>> found = new(StringComparer.Ordinal);
        foreach (LineTable table in AllLines())
        {
            string[] plain = [.. table.Files.Select(SourcePath.Plain)];
            foreach (LineRow row in table.Statements())
            {
                if (row.Line >= line && row.File < plain.Length && SourcePath.IsNamedBy(plain[row.File], typed))
                {
                    Add(found, plain[row.File], row);
                }
            }
        }

        if (found.Count == 0)
        {
            return LineAddresses.None;
        }

        KeyValuePair<string, SortedDictionary<int, SortedSet<ulong>>> best = found.OrderBy(one => one.Value.Keys.First()).First();
        (int next, SortedSet<ulong> addresses) = best.Value.First();
        return new LineAddresses(best.Key, next, [.. addresses]) { OtherFiles = [.. found.Keys.Where(other => other != best.Key)] };
    }

    /// <summary>The line tables of all units, each once, in the order of the units.</summary>
    public IEnumerable<LineTable> AllLines()
    {
        HashSet<LineTable> told = [];
        foreach (DwarfUnit unit in Units?.All ?? [])
        {
            if (LinesOf(unit) is { } table && told.Add(table))
            {
                yield return table;
            }
        }
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        _debug?.Dispose();
        _program?.Dispose();
    }

    private UnitTable? Units => _sections is null ? null : _units ??= new UnitTable(_sections);

    private UnitFinder? Finder => Units is { } units ? _finder ??= new UnitFinder(units, FunctionsOf) : null;

    private FunctionNames Names => _names ??= new FunctionNames(_sections!, Units!);

    private static string FileOf(LineTable? lines, int number) => number < 0 ? "" : lines?.FileOf(number) ?? "";

    private static IEnumerable<ElfSymbol> SymbolsOf(ElfFile program, ElfFile? debug)
    {
        IReadOnlyList<ElfSymbol> own = ElfSymbols.Of(program).All;
        return debug is null || ReferenceEquals(debug, program) ? own : own.Concat(ElfSymbols.Of(debug).All).Distinct();
    }

    private static void Add(SortedDictionary<string, SortedDictionary<int, SortedSet<ulong>>> found, string file, in LineRow row)
    {
        if (!found.TryGetValue(file, out SortedDictionary<int, SortedSet<ulong>>? lines))
        {
            found.Add(file, lines = []);
        }

        if (!lines.TryGetValue(row.Line, out SortedSet<ulong>? addresses))
        {
            lines.Add(row.Line, addresses = []);
        }

        addresses.Add(row.Address);
    }

    private ScopeTable FunctionsOf(DwarfUnit unit)
    {
        if (!_functions.TryGetValue(unit, out ScopeTable? functions))
        {
            functions = ScopeTable.Read(_sections!, Units!, unit);
            _functions.Add(unit, functions);
        }

        return functions;
    }

    private LineTable? LinesOf(DwarfUnit unit)
    {
        if (Units!.RootOf(unit) is not { Lines: ulong at } root)
        {
            return null;
        }

        if (!_lines.TryGetValue(at, out LineTable? table))
        {
            table = LineTable.Read(_sections!, at, root.Folder);
            _lines.Add(at, table);
        }

        return table;
    }
}
