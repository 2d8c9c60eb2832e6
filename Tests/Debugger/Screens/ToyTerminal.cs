using System.Globalization;
using System.Text;

namespace MmuEmu.Tests.Debugger.Screens;

/// <summary>Enough of a terminal to see what a frame looks like there: an oracle that knows escapes, not grids.</summary>
/// <param name="columns">Its width.</param>
/// <param name="rows">Its height.</param>
/// <param name="widthOf">How wide it takes a character; 0 joins it to the one before.</param>
internal sealed class ToyTerminal(int columns, int rows, Func<Rune, int> widthOf)
{
    private readonly string[,] _texts = Filled(columns, rows, " ");
    private readonly string[,] _looks = Filled(columns, rows, "");
    private string _look = "";
    private int _column;
    private int _row;

    /// <summary>Its own cursor can be seen.</summary>
    public bool ShowsCursor { get; private set; } = true;

    /// <summary>It shows its second screen.</summary>
    public bool IsAlternate { get; private set; }

    /// <summary>It puts what is pasted between marks.</summary>
    public bool MarksPastes { get; private set; }

    /// <summary>Where the cursor is.</summary>
    public (int Column, int Row) Cursor => (_column, _row);

    /// <summary>The text at a place; empty for the second half of a wide character.</summary>
    public string TextAt(int column, int row) => _texts[column, row];

    /// <summary>What the style was when the place was written, as the numbers of its escape; empty for none.</summary>
    public string LookAt(int column, int row) => _looks[column, row];

    /// <summary>The text of a row.</summary>
    public string TextOf(int row) => string.Concat(Enumerable.Range(0, columns).Select(column => _texts[column, row])).TrimEnd();

    /// <summary>Takes what was sent.</summary>
    public void Take(string sent)
    {
        for (int at = 0; at < sent.Length;)
        {
            if (sent[at] == '\u001b')
            {
                at = TakeEscape(sent, at);
                continue;
            }

            Rune rune = Rune.GetRuneAt(sent, at);
            at += rune.Utf16SequenceLength;
            Rune.IsControl(rune).ShouldBeFalse($"U+{rune.Value:X4} was sent");
            Write(rune);
        }
    }

    private int TakeEscape(string sent, int at)
    {
        sent[at + 1].ShouldBe('[');
        int end = at + 2;
        while (!char.IsAsciiLetter(sent[end]))
        {
            end++;
        }

        Act(sent[(at + 2)..end], sent[end]);
        return end + 1;
    }

    private void Act(string numbers, char what)
    {
        switch (what, numbers)
        {
            case ('H', _):
                int[] place = [.. numbers.Split(';').Select(one => int.Parse(one, CultureInfo.InvariantCulture) - 1)];
                (_row, _column) = (place[0], place[1]);
                (_row < rows && _column < columns).ShouldBeTrue($"{numbers} is outside");
                break;
            case ('m', _):
                _look = numbers is "0" or "" ? "" : numbers;
                break;
            case ('J', "2"):
                Clear();
                break;
            case ('h' or 'l', "?25"):
                ShowsCursor = what == 'h';
                break;
            case ('h' or 'l', "?1049"):
                IsAlternate = what == 'h';
                break;
            case ('h' or 'l', "?2004"):
                MarksPastes = what == 'h';
                break;
            default:
                Assert.Fail($"an escape that a view has no need of: {numbers}{what}");
                break;
        }
    }

    private void Write(Rune rune)
    {
        int width = widthOf(rune);
        if (width == 0)
        {
            _texts[Math.Max(_column - 1, 0), _row] += rune.ToString();
            return;
        }

        for (int half = 0; half < width && _column < columns; half++, _column++)
        {
            Erase(_column);
            (_texts[_column, _row], _looks[_column, _row]) = (half == 0 ? rune.ToString() : "", _look);
        }
    }

    /// <summary>A half that is written over takes the other with it.</summary>
    private void Erase(int column)
    {
        if (_texts[column, _row].Length == 0 && column > 0)
        {
            _texts[column - 1, _row] = " ";
        }

        if (column + 1 < columns && _texts[column + 1, _row].Length == 0)
        {
            _texts[column + 1, _row] = " ";
        }
    }

    private void Clear()
    {
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                (_texts[column, row], _looks[column, row]) = (" ", "");
            }
        }
    }

    private static string[,] Filled(int columns, int rows, string text)
    {
        string[,] cells = new string[columns, rows];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                cells[column, row] = text;
            }
        }

        return cells;
    }
}
