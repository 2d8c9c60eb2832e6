using MmuEmu.Emulator.Memory;

namespace MmuEmu.Emulator.Timing;

/// <summary>The tags of one set-associative cache with exact LRU; no data, which lies once, in guest RAM.</summary>
/// <remarks>The tags of a set stand in order of use, the most recent first, so the last one is the one to leave.</remarks>
internal sealed class CacheArray
{
    private readonly ulong[] _tags;
    private readonly int _ways;
    private readonly ulong _sets;
    private readonly ulong _mask;

    /// <summary>An empty cache of the given shape.</summary>
    public CacheArray(in CacheGeometry shape)
    {
        _ways = shape.Ways;
        _sets = (ulong)shape.Sets;
        _mask = (_sets & (_sets - 1)) == 0 ? _sets - 1 : 0;
        _tags = new ulong[shape.Sets * shape.Ways];
    }

    /// <summary>True when <paramref name="line"/> is here; it becomes the most recently used of its set.</summary>
    public bool TryTouch(ulong line)
    {
        Span<ulong> set = SetOf(line);
        ulong tag = line + 1;
        if (set[0] == tag)
        {
            return true;
        }

        int way = set.IndexOf(tag);
        if (way < 0)
        {
            return false;
        }

        MoveToFront(set, way, tag);
        return true;
    }

    /// <summary>Puts <paramref name="line"/> in as the most recently used of its set.</summary>
    /// <param name="line">A line that is not here.</param>
    /// <param name="evicted">Out: the line that left, when the result is true.</param>
    /// <returns>True when a line had to leave.</returns>
    public bool Insert(ulong line, out ulong evicted)
    {
        Span<ulong> set = SetOf(line);
        ulong last = set[^1];
        MoveToFront(set, set.Length - 1, line + 1);
        evicted = last - 1;
        return last != 0;
    }

    /// <summary>Takes <paramref name="line"/> out; nothing happens when it is not here.</summary>
    public void Remove(ulong line)
    {
        Span<ulong> set = SetOf(line);
        int way = set.IndexOf(line + 1);
        if (way >= 0)
        {
            set[(way + 1)..].CopyTo(set[way..]);
            set[^1] = 0;
        }
    }

    /// <summary>Its state as a value; <paramref name="last"/> is an earlier one to share with.</summary>
    internal ArrayImage Save(ArrayImage? last) => ArrayImage.Of(_tags, last);

    /// <summary>Takes that state again.</summary>
    internal void Restore(ArrayImage image) => image.CopyTo(_tags.AsSpan());

    // A tag of 0 is an empty way, which is why tags are lines plus one.
    private Span<ulong> SetOf(ulong line)
    {
        ulong set = _mask != 0 ? line & _mask : line % _sets;
        return _tags.AsSpan((int)set * _ways, _ways);
    }

    private static void MoveToFront(Span<ulong> set, int way, ulong tag)
    {
        set[..way].CopyTo(set[1..]);
        set[0] = tag;
    }
}
