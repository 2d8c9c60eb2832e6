namespace MmuEmu.Debugger.Source;

/// <summary>The line table of a unit: rows in sequences, found by address or by line.</summary>
internal sealed class LineTable
{
    /// <summary>What a byte of a line table costs of the budget: it may make a row.</summary>
    private const int ByteCost = 8;

    private readonly List<LineRow> _rows;
    private readonly Sequence[] _sequences;

    private LineTable(IReadOnlyList<string> files, List<LineRow> rows, Sequence[] sequences) => (Files, _rows, _sequences) = (files, rows, sequences);

    /// <summary>Where the files are, by their numbers.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>All rows in the order of the program; within a sequence by address. Each sequence ends with a row that <see cref="LineRow.IsEnd"/>.</summary>
    public IReadOnlyList<LineRow> Rows => _rows;

    /// <summary>Reads the table at <paramref name="at"/>; what is damaged is reported, and what stands before it kept.</summary>
    /// <param name="sections">The file's.</param>
    /// <param name="at">Where in .debug_line it begins.</param>
    /// <param name="folder">Where the compiler ran.</param>
    public static LineTable Read(DwarfSections sections, ulong at, string folder)
    {
        LineHeader? header = LineHeader.Read(sections, at, folder, out string reason);
        if (header is null || !sections.Budget.TrySpend(((long)header.End - (long)at) * ByteCost))
        {
            sections.Report("line", at, header is null ? reason : WorkBudget.Reason);
            return new LineTable([], [], []);
        }

        List<LineRow> rows = new LineProgram(sections, header).Run(out string? fault);
        if (fault is not null)
        {
            sections.Report("line", at, fault);
        }

        return new LineTable(header.Files, rows, Sequences(sections, rows));
    }

    /// <summary>The path of file number <paramref name="number"/>; empty when there is none.</summary>
    public string FileOf(int number) => SourcePath.At(Files, (ulong)number);

    /// <summary>The row whose code has <paramref name="address"/>; null when none has it. Of rows at one address the last counts: those before it have no code.</summary>
    public LineRow? Find(ulong address)
    {
        int at = LastFrom(_sequences, address);
        while (at >= 0 && !_sequences[at].Range.Has(address))
        {
            at = _sequences[at].Around;
        }

        if (at < 0)
        {
            return null;
        }

        (int low, int high) = (_sequences[at].First, _sequences[at].Last);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _rows[middle].Address <= address ? (middle + 1, high) : (low, middle);
        }

        return _rows[low - 1];
    }

    /// <summary>The rows, in sequences of code only, at which a run of a line begins that is a statement.</summary>
    /// <returns>Rows in no order.</returns>
    public IEnumerable<LineRow> Statements()
    {
        foreach (Sequence sequence in _sequences)
        {
            (int File, int Line, bool IsTold) run = (-1, -1, false);
            for (int i = sequence.First; i < sequence.Last; i++)
            {
                LineRow row = _rows[i];
                run = (row.File, row.Line, run.IsTold && (row.File, row.Line) == (run.File, run.Line));
                if (row.IsStatement && row.Line > 0 && !run.IsTold)
                {
                    run.IsTold = true;
                    yield return row;
                }
            }
        }
    }

    /// <summary>Where the sequences of code are.</summary>
    public IEnumerable<AddressRange> Ranges() => _sequences.Select(sequence => sequence.Range);

    /// <summary>The code of the statement at <paramref name="address"/>: from each row that begins a statement of its line, up to the next one of another line.</summary>
    /// <param name="address">Before any load bias.</param>
    /// <param name="scopeOf">The call that an address belongs to; only rows that begin in the same one count.</param>
    /// <returns>Ascending, those that touch made one; empty when no row has the address.</returns>
    public List<AddressRange> StatementAt(ulong address, Func<ulong, int> scopeOf)
    {
        StatementRow[] all = [.. StatementRow.Of(_sequences.Select(sequence => (sequence.First, sequence.Last)), _rows)];
        int at = Array.FindIndex(all, row => row.Range.Has(address));
        if (at < 0)
        {
            return [];
        }

        (int file, int line, int scope) = (all[at].File, all[at].Line, scopeOf(all[at].Range.Start));
        List<AddressRange> found = [];
        foreach (StatementRow row in all)
        {
            if ((row.File, row.Line) != (file, line) || scopeOf(row.Range.Start) != scope)
            {
                continue;
            }

            if (found.Count > 0 && found[^1].End == row.Range.Start)
            {
                found[^1] = found[^1] with { End = row.Range.End };
            }
            else
            {
                found.Add(row.Range);
            }
        }

        return found;
    }

    private static int LastFrom(Sequence[] sequences, ulong address)
    {
        (int low, int high) = (0, sequences.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = sequences[middle].Range.Start <= address ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }

    /// <summary>The sequences that are code of the file, by address; the linker leaves those of functions that it threw away, without a place.</summary>
    private static Sequence[] Sequences(DwarfSections sections, List<LineRow> rows)
    {
        List<Sequence> found = [];
        for (int first = 0; first < rows.Count;)
        {
            int last = rows.FindIndex(first, row => row.IsEnd);
            SortRows(rows, first, last);
            AddressRange range = new(rows[first].Address, rows[last].Address);
            if (range.Start < range.End && sections.IsCode(range.Start))
            {
                found.Add(new Sequence(range, first, last, -1));
            }

            first = last + 1;
        }

        found.Sort((a, b) => a.Range.Start != b.Range.Start ? a.Range.Start.CompareTo(b.Range.Start) : b.Range.End.CompareTo(a.Range.End));
        Sequence[] sorted = [.. found];
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

    /// <summary>The standard has addresses grow within a sequence; where they do not, rows keep their order at equal addresses.</summary>
    private static void SortRows(List<LineRow> rows, int first, int last)
    {
        for (int i = first + 1; i < last; i++)
        {
            if (rows[i].Address < rows[i - 1].Address)
            {
                LineRow[] sorted = [.. rows[first..last].OrderBy(row => row.Address)];
                for (int to = 0; to < sorted.Length; to++)
                {
                    rows[first + to] = sorted[to];
                }

                return;
            }
        }
    }

    /// <param name="Range">Its addresses.</param>
    /// <param name="First">Its first row.</param>
    /// <param name="Last">Its last row, which only ends it.</param>
    /// <param name="Around">The number of the sequence in whose range it begins; -1 when there is none.</param>
    private readonly record struct Sequence(AddressRange Range, int First, int Last, int Around);
}
