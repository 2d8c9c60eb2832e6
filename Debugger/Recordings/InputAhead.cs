namespace MmuEmu.Debugger.Recordings;

/// <summary>What a guest reads from its standard input before the host is asked: what was typed for it in the debugger, then what a future that was given up had read.</summary>
internal sealed class InputAhead
{
    private readonly List<(ulong Time, byte[] Bytes)> _typed = [];
    private readonly HashSet<int> _answered = [];
    private int _taken;
    private byte[] _back = [];

    /// <summary>True when there is nothing, and the host is to be asked.</summary>
    public bool IsEmpty => _back.Length == 0 && _taken == _typed.Sum(text => text.Bytes.Length);

    /// <summary>Somebody types at T <paramref name="time"/>: behind what was typed before.</summary>
    public void Type(ulong time, ReadOnlySpan<byte> text) => _typed.Add((time, text.ToArray()));

    /// <summary>Gives bytes for the answer at <paramref name="position"/>; there are some.</summary>
    /// <returns>How many: fewer than there is room for where what was typed ends.</returns>
    public int Read(int position, Span<byte> destination)
    {
        byte[] typed = [.. _typed.SelectMany(text => text.Bytes).Skip(_taken).Take(destination.Length)];
        if (typed.Length > 0)
        {
            typed.CopyTo(destination);
            _taken += typed.Length;
            _answered.Add(position);
            return typed.Length;
        }

        int count = Math.Min(destination.Length, _back.Length);
        _back.AsSpan(0, count).CopyTo(destination);
        _back = _back[count..];
        return count;
    }

    /// <summary>Another future begins at T <paramref name="time"/>: what was typed later is forgotten, and what else was read later will be read again.</summary>
    /// <param name="time">T.</param>
    /// <param name="position">Where the tape is.</param>
    /// <param name="reads">What was read behind it, in its order, each with its position.</param>
    public void Cut(ulong time, int position, IReadOnlyList<(int Position, byte[] Bytes)> reads)
    {
        _taken -= reads.Where(read => _answered.Contains(read.Position)).Sum(read => read.Bytes.Length);
        _back = [.. reads.Where(read => !_answered.Contains(read.Position)).SelectMany(read => read.Bytes), .. _back];
        _answered.RemoveWhere(answer => answer >= position);
        _typed.RemoveAll(text => text.Time > time);
    }
}
