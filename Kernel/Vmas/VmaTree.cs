using System.Collections;
using System.Diagnostics;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Vmas;

/// <summary>The mappings of one address space in address order; none overlap.</summary>
/// <remarks>A sorted row: look-up by bisection, with the last hit remembered.</remarks>
internal sealed class VmaTree : IReadOnlyList<Vma>, IStateful
{
    private readonly GapList<Vma> _vmas = new();
    private Vma? _lastHit;

    /// <summary>Number of mappings.</summary>
    public int Count => _vmas.Count;

    /// <summary>Bytes that all mappings cover together.</summary>
    public ulong TotalBytes { get; private set; }

    /// <summary>Where the next search for free addresses need not look; every change of a mapping keeps it true.</summary>
    public FreeHint Free { get; set; }

    /// <summary>The mapping at place <paramref name="index"/>, lowest first.</summary>
    public Vma this[int index] => _vmas[index];

    /// <summary>The mapping that covers <paramref name="address"/>, or null.</summary>
    public Vma? Find(VirtAddr address)
    {
        if (_lastHit is { } hit && hit.Range.Contains(address))
        {
            return hit;
        }

        int at = IndexAtOrAbove(address);
        if (at < _vmas.Count && _vmas[at].Range.Contains(address))
        {
            return _lastHit = _vmas[at];
        }

        return null;
    }

    /// <summary>The first mapping that ends above <paramref name="address"/>: the one that covers it, or the next one; or null.</summary>
    public Vma? FindAtOrAbove(VirtAddr address)
    {
        if (_lastHit is { } hit && hit.Range.Contains(address))
        {
            return hit;
        }

        int at = IndexAtOrAbove(address);
        return at < _vmas.Count ? _lastHit = _vmas[at] : null;
    }

    /// <summary>Place of the first mapping that ends above <paramref name="address"/>; <see cref="Count"/> when there is none.</summary>
    public int IndexAtOrAbove(VirtAddr address)
    {
        ReadOnlySpan<Vma> below = _vmas.Below;
        return below.Length > 0 && below[^1].End.Raw > address.Raw
            ? FirstEndingAbove(below, address.Raw)
            : _vmas.Count - CountEndingAbove(_vmas.AboveFromEnd, address.Raw);
    }

    /// <summary>Place of the first mapping of a row that ends above <paramref name="address"/>.</summary>
    private static int FirstEndingAbove(ReadOnlySpan<Vma> row, ulong address)
    {
        (int low, int high) = (0, row.Length);
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (row[middle].End.Raw > address)
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

    /// <summary>How many mappings end above <paramref name="address"/>, in a row whose last one comes first.</summary>
    private static int CountEndingAbove(ReadOnlySpan<Vma> row, ulong address)
    {
        (int low, int high) = (0, row.Length);
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (row[middle].End.Raw > address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>The mapping just below <paramref name="vma"/>, or null.</summary>
    public Vma? Before(Vma vma)
    {
        int at = IndexAtOrAbove(vma.Start);
        return at > 0 ? _vmas[at - 1] : null;
    }

    /// <summary>The mapping just above <paramref name="vma"/>, or null.</summary>
    public Vma? After(Vma vma)
    {
        int at = IndexAtOrAbove(vma.Start);
        return at + 1 < _vmas.Count ? _vmas[at + 1] : null;
    }

    /// <summary>True when some mapping overlaps <paramref name="range"/>.</summary>
    public bool Overlaps(VirtRange range) => FindAtOrAbove(range.Start) is { } vma && vma.Start.Raw < range.End.Raw;

    /// <summary>Puts a mapping in; nothing overlaps it.</summary>
    public void Insert(Vma vma)
    {
        Debug.Assert(!Overlaps(vma.Range), "mappings overlap");
        _vmas.Insert(IndexAtOrAbove(vma.Start), vma);
        TotalBytes += vma.Range.LengthBytes;
        Changed(vma.End);
        vma.Opened();
    }

    /// <summary>Takes a mapping out; its pages are unmapped already.</summary>
    public void Remove(Vma vma)
    {
        int at = IndexAtOrAbove(vma.Start);
        Debug.Assert(_vmas[at] == vma, "the mapping is not in the tree");
        _vmas.RemoveAt(at);
        _lastHit = null;
        TotalBytes -= vma.Range.LengthBytes;
        Changed(vma.End);
        vma.Closed();
    }

    /// <summary>Moves the borders of a mapping, and its first page's number with them; order and disjointness stay.</summary>
    public void Resize(Vma vma, VirtRange range)
    {
        TotalBytes += range.LengthBytes - vma.Range.LengthBytes;
        VirtAddr end = range.End.Raw > vma.End.Raw ? range.End : vma.End;
        vma.PgOff = unchecked(vma.PgOff + (ulong)((long)(range.Start.Raw - vma.Start.Raw) >> 12));
        vma.Range = range;
        _lastHit = null;
        Changed(end);
    }

    /// <inheritdoc/>
    public IEnumerator<Vma> GetEnumerator() => _vmas.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A mapping that ends, or ended, at <paramref name="end"/> changed: the gaps beside it are not what a search saw.</summary>
    private void Changed(VirtAddr end)
    {
        if (end.Raw > Free.From.Raw)
        {
            int next = IndexAtOrAbove(end);
            Free = next < _vmas.Count ? Free with { From = _vmas[next].Start } : default;
        }
    }

    object IStateful.Save(object? last)
    {
        Saved? before = last as Saved;
        Saved now = new(_vmas.Save(before?.Vmas), _lastHit, TotalBytes, Free);
        return SavedItems.Same(now, last);
    }

    void IStateful.Restore(object state)
    {
        (SavedGapList<Vma> vmas, _lastHit, TotalBytes, Free) = (Saved)state;
        _vmas.Restore(vmas);
    }

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.SeeAll(_vmas);
        visitor.See(_lastHit);
    }

    private sealed record Saved(SavedGapList<Vma> Vmas, Vma? LastHit, ulong TotalBytes, FreeHint Free);
}
