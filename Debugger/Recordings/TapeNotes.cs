namespace MmuEmu.Debugger.Recordings;

/// <summary>The notes of a tape in their order, equal ones of a guest that waits put together, with the bytes that came in.</summary>
internal sealed class TapeNotes
{
    private const int PartBits = 16;
    private const int PartBytes = 1 << PartBits;

    private readonly List<TapeNote> _notes = [];
    private readonly List<int> _starts = [];
    private readonly List<byte[]> _parts = [];

    /// <summary>How many answers were noted.</summary>
    public int Count { get; private set; }

    /// <summary>No position is left for another answer.</summary>
    public bool IsFull => Count == int.MaxValue;

    /// <summary>How many different notes that are.</summary>
    public int Length => _notes.Count;

    /// <summary>Bytes that came in.</summary>
    public long DataBytes { get; private set; }

    /// <summary>The note of that number.</summary>
    public TapeNote this[int index] => _notes[index];

    /// <summary>The position of a note's first answer; for the number behind the last the end.</summary>
    public int StartOf(int index) => index < _starts.Count ? _starts[index] : Count;

    /// <summary>The number of the note at <paramref name="position"/>; <see cref="Length"/> for the end.</summary>
    public int IndexOf(int position)
    {
        if (position == Count)
        {
            return Length;
        }

        int found = _starts.BinarySearch(position);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>Puts a note behind all others, <paramref name="times"/> times.</summary>
    /// <param name="note">The note; where its bytes lie is set here.</param>
    /// <param name="data">The bytes that came in.</param>
    /// <param name="times">At least 1; more only where <see cref="TapeNote.MayRepeat"/>.</param>
    public void Add(TapeNote note, ReadOnlySpan<byte> data, int times = 1)
    {
        note = note with { DataAt = data.IsEmpty ? -1 : DataBytes };
        if (!(note.MayRepeat && Length > 0 && _notes[^1] == note))
        {
            _notes.Add(note);
            _starts.Add(Count);
        }

        Count += times;
        while (!data.IsEmpty)
        {
            int at = (int)(DataBytes & (PartBytes - 1));
            if (at == 0)
            {
                _parts.Add(new byte[PartBytes]);
            }

            int now = Math.Min(data.Length, PartBytes - at);
            data[..now].CopyTo(_parts[^1].AsSpan(at));
            data = data[now..];
            DataBytes += now;
        }
    }

    /// <summary>Forgets all answers from <paramref name="position"/> on; their bytes stay where they lie, and nothing refers to them.</summary>
    public void Cut(int position)
    {
        int kept = StartOf(IndexOf(position)) < position ? IndexOf(position) + 1 : IndexOf(position);
        _notes.RemoveRange(kept, _notes.Count - kept);
        _starts.RemoveRange(kept, _starts.Count - kept);
        Count = position;
    }

    /// <summary>Copies the bytes that came in with <paramref name="note"/>.</summary>
    public void CopyData(in TapeNote note, Span<byte> destination)
    {
        destination = destination[..note.DataLength];
        for (long from = note.DataAt; !destination.IsEmpty;)
        {
            ReadOnlySpan<byte> part = _parts[(int)(from >> PartBits)].AsSpan((int)(from & (PartBytes - 1)));
            int now = Math.Min(destination.Length, part.Length);
            part[..now].CopyTo(destination);
            destination = destination[now..];
            from += now;
        }
    }
}
