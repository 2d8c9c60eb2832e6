namespace MmuEmu.Debugger.Screens;

/// <summary>Lines that were entered, and a way back through them; the unfinished line waits at its end.</summary>
internal sealed class LineHistory
{
    private const int MostLines = 1000;

    private readonly List<string> _lines = [];
    private string _unfinished = "";
    private int _at;

    /// <summary>Keeps a line; one that is empty or the same as the last is not kept twice.</summary>
    public void Add(string line)
    {
        if (line.Length > 0 && (_lines.Count == 0 || _lines[^1] != line))
        {
            _lines.Add(line);
            _lines.RemoveRange(0, Math.Max(_lines.Count - MostLines, 0));
        }

        (_at, _unfinished) = (_lines.Count, "");
    }

    /// <summary>The line before; null at the oldest.</summary>
    /// <param name="current">What stands in the box.</param>
    public string? Older(string current)
    {
        if (_at == 0)
        {
            return null;
        }

        _unfinished = _at == _lines.Count ? current : _unfinished;
        return _lines[--_at];
    }

    /// <summary>The line after, at last the unfinished one; null behind it.</summary>
    public string? Newer()
    {
        if (_at == _lines.Count)
        {
            return null;
        }

        return ++_at == _lines.Count ? _unfinished : _lines[_at];
    }
}
