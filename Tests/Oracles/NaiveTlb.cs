using MmuEmu.Emulator.Tlb;

namespace MmuEmu.Tests.Oracles;

/// <summary>A set-associative array with exact LRU, written the slow way: one list per set, newest first.</summary>
public sealed class NaiveTlb
{
    private readonly List<ulong>[] _sets;
    private readonly int _ways;

    public NaiveTlb(TlbShape shape)
    {
        _ways = shape.Ways;
        _sets = [.. Enumerable.Range(0, shape.Sets).Select(_ => new List<ulong>())];
    }

    /// <summary>Uses a page number if it is there.</summary>
    public bool TryUse(ulong page)
    {
        List<ulong> set = SetOf(page);
        if (!set.Remove(page))
        {
            return false;
        }

        set.Insert(0, page);
        return true;
    }

    /// <summary>Puts a page number in; gives the one that had to leave.</summary>
    public ulong? Put(ulong page)
    {
        List<ulong> set = SetOf(page);
        set.Remove(page);
        set.Insert(0, page);
        if (set.Count <= _ways)
        {
            return null;
        }

        ulong oldest = set[^1];
        set.RemoveAt(set.Count - 1);
        return oldest;
    }

    public void Remove(ulong page) => SetOf(page).Remove(page);

    private List<ulong> SetOf(ulong page) => _sets[(int)(page % (ulong)_sets.Length)];
}
