using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Volatile;

/// <summary>The volatile ranges of one owner, lowest first; none overlap, and neighbours that touch stay apart.</summary>
/// <remarks>
/// Marking and unmarking cost what the ranges cost, whatever number of pages they cover (V-131).
/// Source: [vrange v10 01/16, vrange_add, vrange_remove].
/// </remarks>
internal sealed class VolatileTree(IVolatileOwner owner, RangePool pool, PurgeList age, VrangeQuirks quirks = VrangeQuirks.None) : IStateful
{
    private readonly List<VolatileRange> _ranges = [];

    /// <summary>Whose bytes the keys are.</summary>
    public IVolatileOwner Owner { get; } = owner;

    /// <summary>The rule of ashmem: a range keeps its place in the order of age when its borders change, and a purged one has none (V-233).</summary>
    public bool KeepsPlace { get; init; }

    /// <summary>Number of ranges.</summary>
    public int Count => _ranges.Count;

    /// <summary>The range at place <paramref name="index"/>, lowest first.</summary>
    public VolatileRange this[int index] => _ranges[index];

    /// <summary>Place of the first range that ends at or above <paramref name="first"/>; <see cref="Count"/> when there is none.</summary>
    public int IndexAtOrAbove(ulong first)
    {
        (int low, int high) = (0, _ranges.Count);
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (_ranges[middle].Bytes.Last >= first)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    /// <summary>The lowest range that shares a byte with <paramref name="bytes"/>, or null.</summary>
    public VolatileRange? FirstIn(ByteInterval bytes)
    {
        int at = IndexAtOrAbove(bytes.First);
        return at < _ranges.Count && _ranges[at].Bytes.Overlaps(bytes) ? _ranges[at] : null;
    }

    /// <summary>Makes <paramref name="bytes"/> volatile: one range with all that it overlaps, their purged marks ORed (V-114).</summary>
    /// <returns><see cref="Refusal.None"/>; ENOMEM when there is no node to be had, and then nothing changed.</returns>
    public Refusal Mark(ByteInterval bytes, bool partly = false)
    {
        if (pool.TryTake() is not { } fresh)
        {
            return new Refusal(Errno.ENOMEM, ErrnoCause.NoRangeNode);
        }

        if (FirstIn(bytes) is { } old && old.Bytes.Covers(bytes))
        {
            pool.Give(fresh);
            return Refusal.None;
        }

        Insert(fresh, bytes);
        fresh.Partly = partly;
        return Refusal.None;
    }

    /// <summary>Makes <paramref name="bytes"/> non-volatile; <paramref name="purged"/> tells whether a range that it met was purged.</summary>
    /// <returns><see cref="Refusal.None"/>; ENOMEM when there is no spare node, needed or not, and then nothing changed (V-040).</returns>
    public Refusal Unmark(ByteInterval bytes, out bool purged)
    {
        purged = false;
        if (pool.TryTake() is not { } spare)
        {
            return new Refusal(Errno.ENOMEM, ErrnoCause.NoRangeNode);
        }

        purged = Cut(bytes, ref spare);
        if (spare is not null)
        {
            pool.Give(spare);
        }

        return Refusal.None;
    }

    /// <summary>Makes <paramref name="bytes"/> non-volatile in any case, and says nothing about it (V-180, V-182).</summary>
    public void Forget(ByteInterval bytes)
    {
        if (FirstIn(bytes) is null)
        {
            return;
        }

        VolatileRange? spare = pool.TakeReserved();
        _ = Cut(bytes, ref spare);
        if (spare is not null)
        {
            pool.Give(spare);
        }
    }

    /// <summary>Puts in a range that is known to overlap none; false when there is no node to be had.</summary>
    public bool TryAdd(ByteInterval bytes, bool purged, bool partly = false)
    {
        if (pool.TryTake() is not { } fresh)
        {
            return false;
        }

        Insert(fresh, bytes);
        (fresh.Purged, fresh.Partly) = (purged, partly);
        return true;
    }

    /// <summary>Puts in a range that is known to overlap none, out of the reserve if need be.</summary>
    public void Add(ByteInterval bytes, bool purged)
    {
        VolatileRange fresh = pool.TakeReserved();
        Insert(fresh, bytes);
        fresh.Purged = purged;
    }

    /// <summary>Takes all ranges out.</summary>
    public void Clear()
    {
        foreach (VolatileRange range in _ranges)
        {
            Drop(range);
        }

        _ranges.Clear();
    }

    /// <summary>Sets the purged mark of every range that overlaps <paramref name="bytes"/> (V-125).</summary>
    public void MarkPurged(ByteInterval bytes)
    {
        for (int at = IndexAtOrAbove(bytes.First); at < _ranges.Count && _ranges[at].Bytes.Overlaps(bytes); at++)
        {
            _ranges[at].Purged = true;
        }
    }

    private void Insert(VolatileRange fresh, ByteInterval bytes)
    {
        int from = IndexAtOrAbove(bytes.First);
        int to = from;
        bool purged = false;
        ByteInterval union = bytes;
        while (to < _ranges.Count && _ranges[to].Bytes.Overlaps(bytes))
        {
            VolatileRange old = _ranges[to++];
            union = union.Union(old.Bytes);
            purged |= old.Purged;
            Drop(old);
        }

        _ranges.RemoveRange(from, to - from);
        (fresh.Bytes, fresh.Purged, fresh.Tree) = (union, purged, this);
        _ranges.Insert(from, fresh);
        Place(fresh);
    }

    /// <summary>Removes, shrinks or splits every range that overlaps; takes <paramref name="spare"/> for the upper half of a split.</summary>
    private bool Cut(ByteInterval bytes, ref VolatileRange? spare)
    {
        bool purged = false;
        int at = IndexAtOrAbove(bytes.First);
        while (at < _ranges.Count && _ranges[at] is { } range && range.Bytes.Overlaps(bytes))
        {
            purged |= range.Purged;
            ByteInterval old = range.Bytes;
            (bool keepsLeft, bool keepsRight) = (old.First < bytes.First, old.Last > bytes.Last);
            if (keepsLeft)
            {
                Resize(range, new ByteInterval(old.First, bytes.First - 1));
                at++;
            }

            ByteInterval right = new(bytes.Last + 1, old.Last);
            if (keepsLeft && keepsRight)
            {
                PutUpperHalf(range, right, at, ref spare);
                break;
            }

            if (keepsRight)
            {
                Resize(range, right);
                break;
            }

            if (!keepsLeft)
            {
                Drop(range);
                _ranges.RemoveAt(at);
            }
        }

        return purged;
    }

    private void PutUpperHalf(VolatileRange lower, ByteInterval right, int at, ref VolatileRange? spare)
    {
        if ((quirks & VrangeQuirks.LosesUpperHalf) == 0)
        {
            (spare!.Purged, spare.Partly, spare.Tree) = (lower.Purged, lower.Partly, this);
            Resize(spare, right);
            _ranges.Insert(at, spare);
            spare = null;
        }
    }

    /// <summary>A range with new borders is young again (V-127).</summary>
    private void Resize(VolatileRange range, ByteInterval bytes)
    {
        range.Bytes = bytes;
        Place(range);
    }

    private void Place(VolatileRange range)
    {
        if (!KeepsPlace || (!range.Purged && range.List is null))
        {
            age.AddYoung(range);
        }
    }

    private void Drop(VolatileRange range)
    {
        age.Remove(range);
        pool.Give(range);
    }

    object IStateful.Save(object? last)
    {
        Saved[] now = new Saved[_ranges.Count];
        for (int i = 0; i < now.Length; i++)
        {
            now[i] = new Saved(_ranges[i], _ranges[i].Bytes, _ranges[i].Purged, _ranges[i].Partly);
        }

        return last is Saved[] before && before.AsSpan().SequenceEqual(now) ? before : now;
    }

    void IStateful.Restore(object state)
    {
        _ranges.Clear();
        foreach ((VolatileRange range, ByteInterval bytes, bool purged, bool partly) in (Saved[])state)
        {
            (range.Bytes, range.Purged, range.Partly, range.Tree) = (bytes, purged, partly, this);
            _ranges.Add(range);
        }
    }

    private readonly record struct Saved(VolatileRange Range, ByteInterval Bytes, bool Purged, bool Partly);

    void IStateful.SeeParts(StateVisitor visitor) => visitor.See(age);
}
