namespace MmuEmu.Debugger.Source;

/// <summary>What the symbols and the debug information of a file say of its code, at the addresses that the file has.</summary>
/// <remarks>
/// <see cref="SourceMap"/> asks it for code in memory. Everything is read when it is first asked for. A damaged file gives reasons and what can
/// be read of it, never an exception.
/// </remarks>
internal sealed class DebugInfo : IDisposable
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

    private DebugInfo(ElfFile? program, ElfFile? debug, string missing, string stale = "")
    {
        (_program, _debug, Missing, Stale) = (program, debug, missing, stale);
        _sections = debug is null ? null : new DwarfSections(debug);
    }

    /// <summary>Why there is no debug information at all; empty when there is some.</summary>
    public string Missing { get; }

    /// <summary>The debug file that lies beside the program and is of another one; empty for none.</summary>
    public string Stale { get; }

    /// <summary>What of the debug information could not be read so far, the first 16 findings.</summary>
    public IReadOnlyList<string> Faults => _sections?.Faults ?? [];

    /// <summary>The file that the debug information is read from; empty when there is none.</summary>
    public string DebugPath => _debug?.Path ?? "";

    /// <summary>Opens the program at <paramref name="path"/> and the file with its debug information.</summary>
    /// <param name="path">A path of the host.</param>
    /// <param name="content">The program's bytes; null to read them from that path.</param>
    /// <param name="debugFolders">Where debug files are kept, for programs that had theirs split off.</param>
    /// <returns>What there is, to be disposed of; it knows nothing when the file is of no use.</returns>
    public static DebugInfo Open(string path, ReadOnlyMemory<byte>? content, IReadOnlyList<string> debugFolders)
    {
        ElfFile? program;
        bool isElf = content is { } bytes ? ElfFile.TryOpen(path, bytes, out program, out string reason) : ElfFile.TryOpen(path, out program, out reason);
        if (!isElf || program is null)
        {
            return new DebugInfo(null, null, reason);
        }

        if (program.Machine != X64 || program.Type == ObjectFile)
        {
            return new DebugInfo(program, null, program.Machine != X64 ? $"{path} is not for x86-64" : $"{path} is not linked: its debug information has no addresses yet");
        }

        ElfFile? debug = DebugFile.Open(program, debugFolders, out reason, out string stale);
        return new DebugInfo(program, debug, reason, stale);
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
            bool isInlined = scope.Caller >= 0;
            name = name.Length > 0 || isInlined ? name : SymbolAt(address)?.Symbol.Name ?? "";
            frames.Add(new SourceFrame(name, linkage, FileOf(lines, file), line, column, isInlined));
            (file, line, column) = (scope.CallFile, scope.CallLine, scope.CallColumn);
        }

        return frames.Count > 0 ? frames : [new SourceFrame(SymbolAt(address)?.Symbol.Name ?? "", "", FileOf(lines, file), line, column, IsInlined: false)];
    }

    /// <summary>The code of the statement at <paramref name="address"/>, in the same call: all ranges of its line.</summary>
    /// <returns>Ascending; empty when the debug information has no line for it.</returns>
    public IReadOnlyList<AddressRange> StatementAt(ulong address)
    {
        if (Finder?.Find(address) is not { } unit || LinesOf(unit) is not { } lines)
        {
            return [];
        }

        return lines.StatementAt(address, FunctionsOf(unit).InnermostAt);
    }

    /// <summary>What a loader added, when the code at byte <paramref name="offset"/> of the file is at <paramref name="address"/>; null when that is no code.</summary>
    public ulong? BiasOf(ulong address, ulong offset) => _program?.BiasOf(address, offset);

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
        SortedDictionary<string, (int Line, SortedSet<ulong> Addresses)> found = new(StringComparer.Ordinal);
        foreach (LineTable table in AllLines())
        {
            string[] named = [.. table.Files.Select(SourcePath.Plain).Select(plain => SourcePath.IsNamedBy(plain, typed) ? plain : "")];
            foreach (LineRow row in named.Any(path => path.Length > 0) ? table.Statements() : [])
            {
                if (row.Line >= line && row.File < named.Length && named[row.File].Length > 0)
                {
                    Add(found, named[row.File], row);
                }
            }
        }

        if (found.Count == 0)
        {
            return LineAddresses.None;
        }

        (string path, (int next, SortedSet<ulong> addresses)) = found.MinBy(one => one.Value.Line);
        return new LineAddresses(path, next, [.. addresses]) { OtherFiles = [.. found.Keys.Where(other => other != path)] };
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

    private UnitFinder? Finder => Units is { } units ? _finder ??= new UnitFinder(units, RangesOf) : null;

    private FunctionNames Names => _names ??= new FunctionNames(_sections!, Units!);

    private static string FileOf(LineTable? lines, int number) => number < 0 ? "" : lines?.FileOf(number) ?? "";

    private static IEnumerable<ElfSymbol> SymbolsOf(ElfFile program, ElfFile? debug)
    {
        IReadOnlyList<ElfSymbol> own = ElfSymbols.Of(program).All;
        return debug is null || ReferenceEquals(debug, program) ? own : own.Concat(ElfSymbols.Of(debug).All).Distinct();
    }

    /// <summary>Keeps the addresses of the first line of each file.</summary>
    private static void Add(SortedDictionary<string, (int Line, SortedSet<ulong> Addresses)> found, string file, in LineRow row)
    {
        if (!found.TryGetValue(file, out (int Line, SortedSet<ulong> Addresses) best) || row.Line < best.Line)
        {
            found[file] = best = (row.Line, []);
        }

        if (row.Line == best.Line)
        {
            best.Addresses.Add(row.Address);
        }
    }

    /// <summary>Where the code of a unit is that does not say it itself: its functions, or what of it has lines.</summary>
    private IEnumerable<AddressRange> RangesOf(DwarfUnit unit)
    {
        IReadOnlyList<AddressRange> functions = [.. FunctionsOf(unit).Ranges()];
        return functions.Count > 0 ? functions : LinesOf(unit)?.Ranges() ?? [];
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
