using System.Collections;
using System.Runtime.InteropServices;

namespace MmuEmu.Kernel.State;

/// <summary>A list with a gap where an item was put in or taken out last.</summary>
/// <remarks>
/// Whoever changes it beside where he did before moves the gap by few places, where an array moves all that follow.
/// What lies above the gap is kept highest first, so that both sides of the gap are ends of lists.
/// </remarks>
internal sealed class GapList<T> : IReadOnlyList<T>
    where T : class
{
    private readonly List<T> _below = [];
    private readonly List<T> _above = [];

    /// <summary>Number of items.</summary>
    public int Count => _below.Count + _above.Count;

    /// <summary>The items below the gap, in order, for searches; until the next change.</summary>
    public ReadOnlySpan<T> Below => CollectionsMarshal.AsSpan(_below);

    /// <summary>The items above the gap, the last one first; until the next change.</summary>
    public ReadOnlySpan<T> AboveFromEnd => CollectionsMarshal.AsSpan(_above);

    /// <summary>The item at place <paramref name="index"/>.</summary>
    public T this[int index] => index < _below.Count ? _below[index] : _above[Count - 1 - index];

    /// <summary>Puts <paramref name="item"/> at place <paramref name="index"/>, 0 to <see cref="Count"/>.</summary>
    public void Insert(int index, T item)
    {
        MoveGap(index);
        _below.Add(item);
    }

    /// <summary>Takes out the item at place <paramref name="index"/>.</summary>
    public void RemoveAt(int index)
    {
        MoveGap(index);
        _above.RemoveAt(_above.Count - 1);
    }

    /// <summary>What it holds and where the gap is; <paramref name="last"/> itself when that is the same.</summary>
    public SavedGapList<T> Save(SavedGapList<T>? last)
    {
        T[] below = SavedItems.Of(_below, last?.Below);
        T[] above = SavedItems.Of(_above, last?.Above);
        return last is not null && below == last.Below && above == last.Above ? last : new SavedGapList<T>(below, above);
    }

    /// <summary>Holds what was saved.</summary>
    public void Restore(SavedGapList<T> saved)
    {
        SavedItems.PutBack(_below, saved.Below);
        SavedItems.PutBack(_above, saved.Above);
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void MoveGap(int to)
    {
        if (_below.Count > to)
        {
            MoveEnd(_below, _above, _below.Count - to);
        }
        else if (_below.Count < to)
        {
            MoveEnd(_above, _below, to - _below.Count);
        }
    }

    private static void MoveEnd(List<T> from, List<T> to, int count)
    {
        for (int i = 1; i <= count; i++)
        {
            to.Add(from[^i]);
        }

        from.RemoveRange(from.Count - count, count);
    }
}

/// <summary>The items of a <see cref="GapList{T}"/>.</summary>
/// <param name="Below">Those below the gap, in order.</param>
/// <param name="Above">Those above it, in opposite order.</param>
internal sealed record SavedGapList<T>(T[] Below, T[] Above);
