namespace MmuEmu.Debugger.Source;

/// <summary>The code of one row of a line table, and the statement to which it belongs.</summary>
/// <param name="Range">Its code.</param>
/// <param name="File">The number of the statement's file.</param>
/// <param name="Line">The statement's line.</param>
internal readonly record struct StatementRow(AddressRange Range, int File, int Line)
{
    /// <summary>The rows that have code, by address within a sequence. A row that is no good place to stop, or of no line, belongs to the statement before it.</summary>
    /// <param name="sequences">The first row of each, and the last, which only ends it.</param>
    /// <param name="rows">Of the table.</param>
    public static IEnumerable<StatementRow> Of(IEnumerable<(int First, int Last)> sequences, IReadOnlyList<LineRow> rows)
    {
        foreach ((int first, int last) in sequences)
        {
            (int file, int line) = (rows[first].File, rows[first].Line);
            for (int i = first; i < last; i++)
            {
                LineRow row = rows[i];
                (file, line) = row.IsStatement && row.Line > 0 ? (row.File, row.Line) : (file, line);
                if (row.Address < rows[i + 1].Address)
                {
                    yield return new StatementRow(new AddressRange(row.Address, rows[i + 1].Address), file, line);
                }
            }
        }
    }
}
