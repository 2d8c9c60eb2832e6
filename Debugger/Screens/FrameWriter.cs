using System.Text;
using Spectre.Console;

namespace MmuEmu.Debugger.Screens;

/// <summary>Writes to a terminal what is other than on the screen before.</summary>
/// <remarks>A frame goes out in one piece, so that nobody sees half of it.</remarks>
internal sealed class FrameWriter
{
    /// <summary>About as many bytes as it takes to place the cursor.</summary>
    private const int MostBetween = 6;

    private readonly StringBuilder _text = new();
    private readonly AnsiWriter _ansi;
    private CellGrid? _shown;

    /// <summary>Writes with colours or without.</summary>
    public FrameWriter(bool hasColours) => _ansi = new AnsiWriter(new StringWriter(_text), new AnsiCapabilities
    {
        Ansi = true,
        AlternateBuffer = true,
        ColorSystem = hasColours ? ColorSystem.Standard : ColorSystem.NoColors,
    });

    /// <summary>What begins a view: a screen of its own, beside what the terminal showed.</summary>
    public string Enter()
    {
        _shown = null;
        _ansi.EnterAltScreen();
        _ansi.HideCursor();
        _text.Append(PasteReader.Begin);
        return Taken();
    }

    /// <summary>What ends a view: the terminal shows again what it showed before.</summary>
    public string Leave()
    {
        _shown = null;
        _text.Append(PasteReader.End);
        _ansi.ResetStyle();
        _ansi.ShowCursor();
        _ansi.ExitAltScreen();
        return Taken();
    }

    /// <summary>What makes the terminal show <paramref name="next"/>; empty when it does.</summary>
    public string Draw(CellGrid next)
    {
        if (_shown is null || _shown.Columns != next.Columns || _shown.Rows != next.Rows)
        {
            _ansi.ResetStyle();
            _ansi.EraseInDisplay(2);
            _shown = new CellGrid(next.Columns, next.Rows) { Cursor = _shown?.Cursor };
        }

        for (int row = 0; row < next.Rows; row++)
        {
            DrawRow(_shown, next, row);
        }

        PlaceCursor(_shown.Cursor, next.Cursor);
        _shown = next;
        return Taken();
    }

    /// <summary>What was written before has moved the cursor, so that it is placed anew.</summary>
    private void PlaceCursor((int Column, int Row)? shown, (int Column, int Row)? wanted)
    {
        bool isMoved = _text.Length > 0 || shown != wanted;
        if (wanted is { } place && isMoved)
        {
            _ansi.CursorPosition(place.Row + 1, place.Column + 1);
        }

        if (shown is null && wanted is not null)
        {
            _ansi.ShowCursor();
        }
        else if (shown is not null && wanted is null)
        {
            _ansi.HideCursor();
        }
    }

    private void DrawRow(CellGrid shown, CellGrid next, int row)
    {
        // Where the terminal writes next; unknown behind a character on whose width terminals disagree.
        int cursor = -1;
        int column = 0;
        while (column < next.Columns)
        {
            if (shown[column, row] == next[column, row])
            {
                column++;
                continue;
            }

            if (cursor != column)
            {
                _ansi.CursorPosition(row + 1, column + 1);
            }

            (column, cursor) = DrawRun(shown, next, row, column);
        }
    }

    /// <summary>Writes changed cells of one look, and the few between them for which placing the cursor would take more bytes.</summary>
    /// <returns>The column behind them, and the cursor's.</returns>
    private (int Column, int Cursor) DrawRun(CellGrid shown, CellGrid next, int row, int column)
    {
        Role role = next[column, row].Role;
        StringBuilder run = new();
        int end = column;
        bool isCertain = true;
        for (int at = column; isCertain && at < next.Columns && at - end <= MostBetween && next[at, row].Role == role; at++)
        {
            bool isChanged = shown[at, row] != next[at, row];
            isCertain = next[at, row].IsCertain;
            if (isChanged)
            {
                run.Append(TextBetween(next, row, end, at)).Append(next[at, row].Text);
                end = at + 1;
            }
        }

        _ansi.Write(run.ToString(), ThemeTable.StyleOf(role));
        bool isSure = next[end - 1, row].IsCertain;
        end += end < next.Columns && next[end, row].IsSecondHalf ? 1 : 0;
        return (end, isSure ? end : -1);
    }

    private static string TextBetween(CellGrid grid, int row, int first, int end) =>
        string.Concat(Enumerable.Range(first, end - first).Select(column => grid[column, row].Text));

    private string Taken()
    {
        string text = _text.ToString();
        _text.Clear();
        return text;
    }
}
