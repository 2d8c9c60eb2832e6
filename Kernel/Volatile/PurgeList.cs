using System.Diagnostics;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Volatile;

/// <summary>All ranges that a purge can choose, of every tree of the machine, in order of age.</summary>
/// <remarks>New ranges enter at the young end, victims leave at the old end (V-151). Source: [vrange v10 14/16, vrange_list].</remarks>
internal sealed class PurgeList : IStateful
{
    private VolatileRange? _youngest;

    // The list as it was saved, oldest first; null once it changed.
    private VolatileRange[]? _image;

    /// <summary>Ranges on the list.</summary>
    public int Count { get; private set; }

    /// <summary>The next victim, or null.</summary>
    public VolatileRange? Oldest { get; private set; }

    /// <summary>The range that came just after <paramref name="range"/>, or null.</summary>
    public static VolatileRange? YoungerThan(VolatileRange range) => range.Younger;

    /// <summary>Puts <paramref name="range"/> at the young end, wherever it was.</summary>
    public void AddYoung(VolatileRange range)
    {
        Remove(range);
        _image = null;
        range.List = this;
        range.Older = _youngest;
        if (_youngest is null)
        {
            Oldest = range;
        }
        else
        {
            _youngest.Younger = range;
        }

        _youngest = range;
        Count++;
    }

    /// <summary>Takes <paramref name="range"/> off, if it is on.</summary>
    public void Remove(VolatileRange range)
    {
        if (range.List is null)
        {
            return;
        }

        Debug.Assert(range.List == this, "the range is on another machine's list");
        _image = null;
        if (range.Younger is null)
        {
            _youngest = range.Older;
        }
        else
        {
            range.Younger.Older = range.Older;
        }

        if (range.Older is null)
        {
            Oldest = range.Younger;
        }
        else
        {
            range.Older.Younger = range.Younger;
        }

        (range.List, range.Younger, range.Older) = (null, null, null);
        Count--;
    }

    /// <summary>Takes the oldest range off for purging; null when the list is empty.</summary>
    public VolatileRange? TakeOldest()
    {
        VolatileRange? oldest = Oldest;
        if (oldest is not null)
        {
            Remove(oldest);
        }

        return oldest;
    }

    object IStateful.Save(object? last)
    {
        if (_image is null)
        {
            _image = new VolatileRange[Count];
            VolatileRange? range = Oldest;
            for (int i = 0; i < _image.Length; i++, range = range!.Younger)
            {
                _image[i] = range!;
            }
        }

        return _image;
    }

    void IStateful.Restore(object state)
    {
        if (state == _image)
        {
            return;
        }

        while (TakeOldest() is not null)
        {
        }

        foreach (VolatileRange range in (VolatileRange[])state)
        {
            AddYoung(range);
        }

        _image = (VolatileRange[])state;
    }
}
