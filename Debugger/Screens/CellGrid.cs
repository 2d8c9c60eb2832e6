namespace MmuEmu.Debugger.Screens;

/// <summary>A screen as rows of cells, before any terminal has seen it.</summary>
internal sealed class CellGrid
{
    private readonly Cell[] _cells;

    /// <summary>An empty screen.</summary>
    public CellGrid(int columns, int rows)
    {
        (Columns, Rows) = (Math.Max(columns, 0), Math.Max(rows, 0));
        _cells = new Cell[Columns * Rows];
        Array.Fill(_cells, Cell.Blank);
    }

    /// <summary>Its width.</summary>
    public int Columns { get; }

    /// <summary>Its height.</summary>
    public int Rows { get; }

    /// <summary>Where the terminal's own cursor is to be seen; null for nowhere.</summary>
    public (int Column, int Row)? Cursor { get; set; }

    /// <summary>The cell at a place inside.</summary>
    public Cell this[int column, int row] => _cells[(row * Columns) + column];

    /// <summary>Writes a line from a place on; what does not fit into <paramref name="width"/> columns is cut, and its last column says so.</summary>
    /// <returns>Columns that were written.</returns>
    public int Put(int column, int row, TextLine line, int width, string cut)
    {
        int end = Math.Min(column + width, Columns);
        int at = column;
        foreach (TextSpan span in line.Spans)
        {
            foreach ((string text, int columns) in CellText.Of(span.Text))
            {
                if (at + columns > end)
                {
                    Cut(Math.Min(at, end - 1), end, row, new Cell(cut, span.Role));
                    return end - column;
                }

                Set(at, row, new Cell(text, span.Role));
                if (columns == 2)
                {
                    Set(at + 1, row, new Cell("", span.Role));
                }

                at += columns;
            }
        }

        return at - column;
    }

    /// <summary>Fills columns with one character.</summary>
    public void Fill(int column, int row, int width, Cell cell)
    {
        for (int at = column; at < Math.Min(column + width, Columns); at++)
        {
            Set(at, row, cell);
        }
    }

    /// <summary>The text of a row, without the blanks at its end.</summary>
    public string TextOf(int row) => string.Concat(Enumerable.Range(0, Columns).Select(column => this[column, row].Text)).TrimEnd();

    /// <summary>The text of all rows.</summary>
    public override string ToString() => string.Join('\n', Enumerable.Range(0, Rows).Select(TextOf));

    private void Cut(int at, int end, int row, Cell mark)
    {
        if (at < 0 || at >= end)
        {
            return;
        }

        Set(at, row, mark);
        Fill(at + 1, row, end - at - 1, Cell.Blank);
    }

    /// <summary>Places a cell; no half of a wide character is left alone.</summary>
    private void Set(int column, int row, Cell cell)
    {
        if (column < 0 || column >= Columns || row < 0 || row >= Rows)
        {
            return;
        }

        int index = (row * Columns) + column;
        if (_cells[index].IsSecondHalf && !cell.IsSecondHalf)
        {
            _cells[index - 1] = Cell.Blank;
        }

        _cells[index] = cell;
        if (column + 1 < Columns && _cells[index + 1].IsSecondHalf)
        {
            _cells[index + 1] = Cell.Blank;
        }
    }
}
