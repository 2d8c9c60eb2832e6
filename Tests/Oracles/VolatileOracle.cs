namespace MmuEmu.Tests.Oracles;

/// <summary>Volatile ranges as a colouring of pages: each page knows which range it belongs to. No intervals, no tree.</summary>
public sealed class VolatileOracle(int pages)
{
    private readonly int[] _colour = new int[pages];
    private readonly HashSet<int> _purged = [];
    private readonly List<int> _oldestFirst = [];
    private int _last;

    /// <summary>Paints a request; a request within one colour changes nothing.</summary>
    public void Mark(int first, int count)
    {
        int[] met = Met(first, count);
        if (met.Length == 1 && _colour.Skip(first).Take(count).All(colour => colour == met[0]))
        {
            return;
        }

        int fresh = ++_last;
        if (met.Any(_purged.Contains))
        {
            _purged.Add(fresh);
        }

        for (int page = 0; page < pages; page++)
        {
            if (met.Contains(_colour[page]) || (page >= first && page < first + count))
            {
                _colour[page] = fresh;
            }
        }

        _oldestFirst.RemoveAll(met.Contains);
        _oldestFirst.Add(fresh);
    }

    /// <summary>Rubs a request out; true when a colour that it met was purged.</summary>
    public bool Unmark(int first, int count)
    {
        int[] met = Met(first, count);
        Array.Clear(_colour, first, count);
        bool purged = met.Any(_purged.Contains);
        foreach (int colour in met)
        {
            Rejuvenate(colour, first + count);
        }

        return purged;
    }

    /// <summary>A page was purged: its colour knows.</summary>
    public void Purge(int page)
    {
        if (_colour[page] != 0)
        {
            _purged.Add(_colour[page]);
        }
    }

    /// <summary>True when the page has a colour.</summary>
    public bool Has(int page) => _colour[page] != 0;

    /// <summary>True when the page has a colour that knows of a purge.</summary>
    public bool IsPurged(int page) => _purged.Contains(_colour[page]);

    /// <summary>Each run of one colour, as the tree's text shows ranges.</summary>
    public string Text
    {
        get
        {
            List<string> runs = [];
            for (int page = 0; page < pages; page++)
            {
                if (_colour[page] != 0 && (page == 0 || _colour[page - 1] != _colour[page]))
                {
                    runs.Add($"{page}-{LastOf(_colour[page])}{(_purged.Contains(_colour[page]) ? "!" : "")}");
                }
            }

            return string.Join(' ', runs);
        }
    }

    /// <summary>First pages of the colours, oldest first.</summary>
    public string AgeText => string.Join(' ', _oldestFirst.Select(colour => Array.IndexOf(_colour, colour)));

    private int[] Met(int first, int count) => [.. _colour.Skip(first).Take(count).Where(colour => colour != 0).Distinct()];

    private int LastOf(int colour) => Array.LastIndexOf(_colour, colour);

    /// <summary>What is left of a colour is young; a part beyond the hole becomes a colour of its own, younger still.</summary>
    private void Rejuvenate(int colour, int beyond)
    {
        _oldestFirst.Remove(colour);
        int left = Array.IndexOf(_colour, colour);
        if (left < 0)
        {
            return;
        }

        _oldestFirst.Add(colour);
        if (left >= beyond || LastOf(colour) < beyond)
        {
            return;
        }

        int fresh = ++_last;
        for (int page = beyond; page < pages; page++)
        {
            _colour[page] = _colour[page] == colour ? fresh : _colour[page];
        }

        if (_purged.Contains(colour))
        {
            _purged.Add(fresh);
        }

        _oldestFirst.Add(fresh);
    }
}
