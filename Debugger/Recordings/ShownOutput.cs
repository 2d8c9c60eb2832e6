namespace MmuEmu.Debugger.Recordings;

/// <summary>What went out, each byte once: how much at each position of the tape, and the last bytes themselves.</summary>
/// <param name="mostBytes">How many of the last bytes are kept.</param>
internal sealed class ShownOutput(int mostBytes)
{
    private readonly List<int> _positions = [];
    private readonly List<long> _totals = [];
    private byte[] _kept = [];
    private int _begin;
    private int _length;

    /// <summary>All bytes so far.</summary>
    public long Total { get; private set; }

    /// <summary>Notes bytes that went out and brought the tape to <paramref name="position"/>, which is higher than any before.</summary>
    public void Add(int position, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        Total += bytes.Length;
        _positions.Add(position);
        _totals.Add(Total);
        Keep(bytes.Length > mostBytes ? bytes[^mostBytes..] : bytes);
    }

    /// <summary>Forgets what went out behind <paramref name="position"/>.</summary>
    public void Cut(int position)
    {
        long total = TotalAt(position);
        int kept = _positions.FindLastIndex(one => one <= position) + 1;
        _positions.RemoveRange(kept, _positions.Count - kept);
        _totals.RemoveRange(kept, _totals.Count - kept);
        _length = (int)Math.Max(0, _length - (Total - total));
        Total = total;
    }

    /// <summary>How many bytes had gone out when the tape was at <paramref name="position"/>.</summary>
    public long TotalAt(int position)
    {
        int found = _positions.BinarySearch(position);
        int last = found >= 0 ? found : ~found - 1;
        return last < 0 ? 0 : _totals[last];
    }

    /// <summary>The last bytes that had gone out when the tape was at <paramref name="position"/>: as many as are kept, at most <paramref name="most"/>.</summary>
    public byte[] LastAt(int position, int most)
    {
        long end = TotalAt(position);
        long begin = Math.Max(Total - _length, end - most);
        if (begin >= end)
        {
            return [];
        }

        byte[] bytes = new byte[(int)(end - begin)];
        int at = (_begin + (int)(begin - (Total - _length))) % _kept.Length;
        int first = Math.Min(bytes.Length, _kept.Length - at);
        _kept.AsSpan(at, first).CopyTo(bytes);
        _kept.AsSpan(0, bytes.Length - first).CopyTo(bytes.AsSpan(first));
        return bytes;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        Grow(_length + bytes.Length);
        int over = Math.Max(0, _length + bytes.Length - _kept.Length);
        (_begin, _length) = ((_begin + over) % _kept.Length, _length - over);
        int at = (_begin + _length) % _kept.Length;
        int first = Math.Min(bytes.Length, _kept.Length - at);
        bytes[..first].CopyTo(_kept.AsSpan(at));
        bytes[first..].CopyTo(_kept);
        _length += bytes.Length;
    }

    /// <summary>Room is taken as it is needed; nothing wraps before there is all of it.</summary>
    private void Grow(int wanted)
    {
        if (_kept.Length < mostBytes && wanted > _kept.Length)
        {
            Array.Resize(ref _kept, (int)Math.Min(mostBytes, Math.Max((long)wanted, Math.Max(256L, 2L * _kept.Length))));
        }
    }
}
