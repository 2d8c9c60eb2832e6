namespace MmuEmu.Debugger.Travel;

/// <summary>The checkpoints of a run: some for good, ever wider apart as the run gets long, and a few near where somebody looks.</summary>
/// <param name="mostBytes">Bytes that they may hold together; the first checkpoint is kept in any case.</param>
/// <param name="pagesHeld">How many pages of RAM they hold now: several may hold one.</param>
internal sealed class CheckpointShelf(long mostBytes, Func<int> pagesHeld) : IDisposable
{
    private const int MostLasting = 512;
    private const int MostNear = 24;
    private const long PageBytes = 4096;
    private readonly List<Checkpoint> _lasting = [];
    private readonly LinkedList<Checkpoint> _near = new();
    private long _objectBytes;

    /// <summary>How many times as far apart as in the beginning they are now: every other one has gone that often.</summary>
    public int Thinned { get; private set; }

    /// <summary>How many are kept for good.</summary>
    public int Count => _lasting.Count;

    /// <summary>Bytes that all of them hold.</summary>
    public long BytesHeld => (pagesHeld() * PageBytes) + _objectBytes;

    /// <summary>Keeps one for good, later than all others.</summary>
    public void AddLasting(Checkpoint made)
    {
        _lasting.Add(made);
        _objectBytes += made.ObjectBytes;
        Fit();
    }

    /// <summary>Keeps one for a while.</summary>
    public void AddNear(Checkpoint made)
    {
        if (Find(made.Segment) is { } known && known.Segment == made.Segment)
        {
            made.Image.Dispose();
            return;
        }

        _near.AddFirst(made);
        _objectBytes += made.ObjectBytes;
        while (_near.Count > MostNear)
        {
            DropOldest();
        }

        Fit();
    }

    /// <summary>The last one at the start of piece <paramref name="segment"/> or before.</summary>
    public Checkpoint Find(int segment)
    {
        int low = 0;
        int high = _lasting.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = _lasting[middle].Segment <= segment ? (middle, high) : (low, middle - 1);
        }

        LinkedListNode<Checkpoint>? best = null;
        for (LinkedListNode<Checkpoint>? node = _near.First; node is not null; node = node.Next)
        {
            best = node.Value.Segment <= segment && node.Value.Segment > (best?.Value ?? _lasting[low]).Segment ? node : best;
        }

        if (best is null)
        {
            return _lasting[low];
        }

        _near.Remove(best);
        _near.AddFirst(best);
        return best.Value;
    }

    /// <summary>Forgets those behind piece <paramref name="segment"/>'s start.</summary>
    public void CutBehind(int segment)
    {
        foreach (Checkpoint gone in _lasting.Concat(_near).Where(made => made.Segment > segment).ToList())
        {
            _lasting.Remove(gone);
            _near.Remove(gone);
            Leave(gone);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => CutBehind(-1);

    /// <summary>Keeps to the bounds: first those for a while go, then every other one of the rest.</summary>
    private void Fit()
    {
        while (_near.Count > 0 && BytesHeld > mostBytes)
        {
            DropOldest();
        }

        while (_lasting.Count > MostLasting || (_lasting.Count > 1 && BytesHeld > mostBytes))
        {
            Thin();
        }
    }

    private void Thin()
    {
        Thinned++;
        for (int i = _lasting.Count - 1; i > 0; i--)
        {
            if (i % 2 == 1)
            {
                Leave(_lasting[i]);
                _lasting.RemoveAt(i);
            }
        }
    }

    private void DropOldest()
    {
        Leave(_near.Last!.Value);
        _near.RemoveLast();
    }

    private void Leave(Checkpoint gone)
    {
        _objectBytes -= gone.ObjectBytes;
        gone.Image.Dispose();
    }
}
