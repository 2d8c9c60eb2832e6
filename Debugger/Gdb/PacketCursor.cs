namespace MmuEmu.Debugger.Gdb;

/// <summary>Reads the parts of a packet one after the other; what is not there as expected makes a method say no.</summary>
/// <param name="text">What is to be read.</param>
internal struct PacketCursor(string text)
{
    private const int MostDigits = 16;
    private int _at;

    /// <summary>What was not yet read.</summary>
    public readonly string Rest => text[_at..];

    /// <summary>True when all was read.</summary>
    public readonly bool IsOver => _at >= text.Length;

    /// <summary>Reads one character.</summary>
    public bool Skip(char expected)
    {
        bool found = _at < text.Length && text[_at] == expected;
        _at += found ? 1 : 0;
        return found;
    }

    /// <summary>Reads a number of 1 to 16 hexadecimal digits.</summary>
    public bool Number(out ulong number)
    {
        number = 0;
        int start = _at;
        while (_at < text.Length && HexText.DigitOf(text[_at]) is >= 0 and var digit)
        {
            number = (number << 4) | (uint)digit;
            _at++;
        }

        return _at > start && _at - start <= MostDigits;
    }

    /// <summary>Reads a number that fits an int.</summary>
    public bool Small(out int number)
    {
        bool known = Number(out ulong value) && value <= int.MaxValue;
        number = known ? (int)value : 0;
        return known;
    }

    /// <summary>Reads two numbers with <paramref name="between"/> between them.</summary>
    public bool Pair(char between, out ulong first, out ulong second)
    {
        second = 0;
        return Number(out first) && Skip(between) && Number(out second);
    }

    /// <summary>Reads up to <paramref name="end"/> and over it; up to the end of all when it does not come.</summary>
    public string Until(char end)
    {
        int found = text.IndexOf(end, _at);
        string part = found < 0 ? text[_at..] : text[_at..found];
        _at = found < 0 ? text.Length : found + 1;
        return part;
    }

    /// <summary>Reads a thread as <see cref="ThreadWord"/> has it.</summary>
    public bool Thread(out ThreadWord thread)
    {
        thread = default;
        if (!Skip('p'))
        {
            bool known = Id(out int tid);
            thread = new ThreadWord(null, tid);
            return known;
        }

        if (!Id(out int pid))
        {
            return false;
        }

        int tidOfAll = ThreadWord.All;
        bool whole = !Skip('.') || Id(out tidOfAll);
        thread = new ThreadWord(pid, tidOfAll);
        return whole;
    }

    private bool Id(out int id)
    {
        if (!Skip('-'))
        {
            return Small(out id);
        }

        id = ThreadWord.All;
        return Skip('1');
    }
}
