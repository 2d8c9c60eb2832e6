namespace MmuEmu.Kernel.Volatile;

/// <summary>A set of page numbers, kept as runs with both ends inside, lowest first; no two runs touch.</summary>
internal sealed class PageRuns
{
    private readonly List<ByteInterval> _runs = [];

    /// <summary>True for the empty set.</summary>
    public bool IsEmpty => _runs.Count == 0;

    /// <summary>True when <paramref name="page"/> is in the set.</summary>
    public bool Contains(ulong page)
    {
        int at = EndingAtOrAbove(page);
        return at < _runs.Count && _runs[at].First <= page;
    }

    /// <summary>Puts a page in; one more at the end of a run costs no more than finding it.</summary>
    public void Add(ulong page)
    {
        int at = EndingAtOrAbove(page);
        if (at < _runs.Count && _runs[at].First <= page)
        {
            return;
        }

        bool after = at > 0 && _runs[at - 1].Last + 1 == page;
        bool before = at < _runs.Count && _runs[at].First == page + 1;
        ByteInterval run = new(after ? _runs[at - 1].First : page, before ? _runs[at].Last : page);
        (int first, int count) = (after ? at - 1 : at, (after ? 1 : 0) + (before ? 1 : 0));
        _runs.RemoveRange(first, count);
        _runs.Insert(first, run);
    }

    /// <summary>Takes every page from <paramref name="first"/> to <paramref name="last"/> out; costs what the runs there cost.</summary>
    public void Remove(ulong first, ulong last)
    {
        int from = EndingAtOrAbove(first);
        int to = from;
        List<ByteInterval> rest = [];
        for (; to < _runs.Count && _runs[to].First <= last; to++)
        {
            ByteInterval run = _runs[to];
            if (run.First < first)
            {
                rest.Add(run with { Last = first - 1 });
            }

            if (run.Last > last)
            {
                rest.Add(run with { First = last + 1 });
            }
        }

        _runs.RemoveRange(from, to - from);
        _runs.InsertRange(from, rest);
    }

    /// <summary>Takes all pages out.</summary>
    public void Clear() => _runs.Clear();

    /// <summary>The runs as a value.</summary>
    public ByteInterval[] ToArray() => [.. _runs];

    /// <summary>Becomes what <see cref="ToArray"/> gave.</summary>
    public void Become(ByteInterval[] runs)
    {
        _runs.Clear();
        _runs.AddRange(runs);
    }

    private int EndingAtOrAbove(ulong page)
    {
        (int low, int high) = (0, _runs.Count);
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (_runs[middle].Last >= page)
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
}
