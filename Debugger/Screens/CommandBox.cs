namespace MmuEmu.Debugger.Screens;

/// <summary>A line that is typed: its characters, a place between them, and the lines before.</summary>
/// <remarks>The keys are those of shells: arrows, Home and End, Ctrl-A, E, B, F, P, N, D, K, U, W.</remarks>
internal sealed class CommandBox
{
    private readonly LineHistory _history = new();
    private readonly List<string> _characters = [];
    private int _at;

    /// <summary>What stands in it.</summary>
    public string Text => string.Concat(_characters);

    /// <summary>Puts a line in, with the cursor behind it.</summary>
    public void Put(string text)
    {
        _characters.Clear();
        _characters.AddRange(CellText.Of(text).Select(cell => cell.Text));
        _at = _characters.Count;
    }

    /// <summary>Gives it a key.</summary>
    public BoxEvent Take(KeyStroke stroke)
    {
        if (stroke.IsTyped)
        {
            _characters.Insert(_at++, stroke.Text);
            return new BoxEvent(BoxEventKind.Edited);
        }

        switch (stroke.Key)
        {
            case KeyName.Paste:
                Insert(stroke.Text);
                return new BoxEvent(BoxEventKind.Edited);
            case KeyName.Enter:
                return Finish(BoxEventKind.Entered);
            case KeyName.Escape:
            case KeyName.Text when stroke.IsInterrupt:
                return Finish(BoxEventKind.Left);
            default:
                return new BoxEvent(Edit(stroke) ? BoxEventKind.Edited : BoxEventKind.Unused);
        }
    }

    /// <summary>The line as it is shown behind a prompt, and the column of the cursor: what is around the cursor, when not all has room.</summary>
    public (TextLine Line, int Cursor) Show(string prompt, int columns)
    {
        int room = Math.Max(columns - CellText.WidthOf(prompt) - 1, 1);
        int first = 0;
        int before = Width(0, _at);
        while (before > room)
        {
            before -= Width(first, ++first);
        }

        string text = string.Concat(_characters.Skip(first));
        return (new TextLine(new TextSpan(prompt, Role.Faint), new TextSpan(text)), CellText.WidthOf(prompt) + before);
    }

    private int Width(int first, int end) => Enumerable.Range(first, end - first).Sum(index => CellText.WidthOf(_characters[index]));

    private BoxEvent Finish(BoxEventKind kind)
    {
        string line = Text;
        if (kind == BoxEventKind.Entered)
        {
            _history.Add(line);
        }

        Put("");
        return new BoxEvent(kind, kind == BoxEventKind.Entered ? line : "");
    }

    /// <summary>Moves or removes; false for a key that does neither.</summary>
    private bool Edit(KeyStroke stroke) => (stroke.Key, stroke.HasControl ? stroke.Text : "") switch
    {
        (KeyName.Left, _) or (KeyName.Text, "b") => Move(_at - 1),
        (KeyName.Right, _) or (KeyName.Text, "f") => Move(_at + 1),
        (KeyName.Home, _) or (KeyName.Text, "a") => Move(0),
        (KeyName.End, _) or (KeyName.Text, "e") => Move(_characters.Count),
        (KeyName.Backspace, _) or (KeyName.Text, "h") => Remove(_at - 1, _at),
        (KeyName.Delete, _) or (KeyName.Text, "d") => Remove(_at, _at + 1),
        (KeyName.Text, "u") => Remove(0, _at),
        (KeyName.Text, "k") => Remove(_at, _characters.Count),
        (KeyName.Text, "w") => Remove(WordStart(), _at),
        (KeyName.Up, _) or (KeyName.Text, "p") => Recall(_history.Older(Text)),
        (KeyName.Down, _) or (KeyName.Text, "n") => Recall(_history.Newer()),
        _ => false,
    };

    /// <summary>Pasted lines become one: nothing is entered that nobody has looked at.</summary>
    private void Insert(string text)
    {
        string[] cells = [.. CellText.Of(string.Join(' ', text.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries))).Select(cell => cell.Text)];
        _characters.InsertRange(_at, cells);
        _at += cells.Length;
    }

    private bool Move(int at)
    {
        _at = Math.Clamp(at, 0, _characters.Count);
        return true;
    }

    private bool Remove(int first, int end)
    {
        first = Math.Max(first, 0);
        end = Math.Min(end, _characters.Count);
        if (first < end)
        {
            _characters.RemoveRange(first, end - first);
            _at = first;
        }

        return true;
    }

    private int WordStart()
    {
        int at = _at;
        while (at > 0 && _characters[at - 1] == " ")
        {
            at--;
        }

        while (at > 0 && _characters[at - 1] != " ")
        {
            at--;
        }

        return at;
    }

    private bool Recall(string? line)
    {
        if (line is not null)
        {
            Put(line);
        }

        return true;
    }
}
