using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Volatile;

/// <summary>The volatility of one file, common to all who map it shared (V-111, V-190): a state like the data, which a purge empties like a punched hole.</summary>
/// <remarks>Besides the ranges it knows which pages a purge took, so that mappings made later hear of the loss too (OPEN-11).</remarks>
internal sealed class FileRanges : IVolatileFile, IVolatileOwner, IStateful
{
    private readonly MemorySystem _mem;
    private readonly RangePurger _purger;
    private readonly PageRuns _lost = new();

    /// <summary>No ranges yet, of <paramref name="file"/>, which <paramref name="purger"/> may choose from.</summary>
    public FileRanges(IBacking file, MemorySystem mem, RangePurger purger)
    {
        (File, _mem, _purger) = (file, mem, purger);
        Tree = new VolatileTree(this, purger.Pool, purger.Age, purger.Traits.Quirks);
    }

    /// <summary>The file.</summary>
    public IBacking File { get; }

    /// <summary>The ranges, keyed by byte offset.</summary>
    public VolatileTree Tree { get; }

    /// <inheritdoc/>
    /// <remarks>Nothing that changes a file or the list of its mappings asks for memory halfway.</remarks>
    public bool IsBusy => false;

    /// <inheritdoc/>
    /// <remarks>Files of a disk may be marked, and are never purged (OPEN-12). A page that nobody maps goes with the others.</remarks>
    public ulong OfferPages(ByteInterval bytes, PagePurge purge, ReclaimReason reason)
    {
        if (!File.CanPunch)
        {
            return 0;
        }

        List<PageFrame> pages = [];
        File.CollectPages(bytes.First >> 12, bytes.Last >> 12, pages);
        ulong freed = 0;
        foreach (PageFrame frame in pages)
        {
            freed += purge.TryFree(frame, _purger.FileMappers, reason);
        }

        return freed;
    }

    /// <inheritdoc/>
    /// <remarks>v8 as posted adds the mapping's place in the file in pages, not in bytes.</remarks>
    public ulong KeyOf(Vma vma, VirtAddr address) => address.Raw - vma.Start.Raw + (_purger.Traits.Has(VrangeQuirks.KeysInPages) ? vma.PgOff : vma.PgOff << 12);

    /// <inheritdoc/>
    public bool IsVolatile(ulong key, ulong lengthBytes = 4096) => Tree.FirstIn(ByteInterval.Of(key, lengthBytes)) is not null;

    /// <inheritdoc/>
    /// <remarks>Posted code has nothing finer than the mark of the range.</remarks>
    public bool IsPurged(Vma vma, VirtAddr address)
    {
        if (!_purger.Traits.Has(VrangeQuirks.LateMappersUnaware))
        {
            return IsLost(vma.IndexOf(address));
        }

        ulong window = _purger.Traits.Has(VrangeQuirks.LooksBeyondThePage) ? 4096UL : 1;
        return Tree.FirstIn(ByteInterval.Of(KeyOf(vma, address), window)) is { Purged: true };
    }

    /// <inheritdoc/>
    public bool IsLost(ulong pageIndex) => !_lost.IsEmpty && _lost.Contains(pageIndex);

    /// <inheritdoc/>
    public Refusal Mark(ulong key, ulong lengthBytes) => Tree.Mark(ByteInterval.Of(key, lengthBytes));

    /// <inheritdoc/>
    public Refusal Unmark(ulong key, ulong lengthBytes, out bool purged)
    {
        ByteInterval bytes = ByteInterval.Of(key, lengthBytes);
        Refusal refusal = Tree.Unmark(bytes, out purged);
        if (refusal == Refusal.None)
        {
            _lost.Remove(bytes.First >> 12, bytes.Last >> 12);
        }

        return refusal;
    }

    /// <summary>Puts in what one process had marked, when it ends (V-222): joined with what is there, purged marks ORed.</summary>
    public void Take(ByteInterval bytes, bool purged)
    {
        if (Tree.Mark(bytes) == Refusal.None && purged)
        {
            Tree.MarkPurged(bytes);
        }
    }

    /// <summary>A page was purged: the ranges that speak for it say so, and so will its absence.</summary>
    public void NotePurged(ulong pageIndex)
    {
        ByteInterval bytes = ByteInterval.Of(pageIndex << 12, 4096);
        if (Tree.FirstIn(bytes) is null)
        {
            return;
        }

        Tree.MarkPurged(bytes);
        if (!_purger.Traits.Has(VrangeQuirks.LateMappersUnaware))
        {
            _lost.Add(pageIndex);
        }
    }

    /// <inheritdoc/>
    public ulong PurgeNow(ulong key, ulong lengthBytes)
    {
        ulong freed = 0;
        ByteInterval wanted = ByteInterval.Of(key, lengthBytes);
        for (int at = Tree.IndexAtOrAbove(wanted.First); at < Tree.Count && Tree[at].Bytes.Overlaps(wanted); at++)
        {
            freed += _purger.PurgePages(this, Tree[at].Bytes.Intersect(wanted), ReclaimReason.Direct);
        }

        return freed;
    }

    /// <inheritdoc/>
    public void Truncated(ulong sizeBytes)
    {
        ulong first = (sizeBytes + 0xFFF) & ~0xFFFUL;
        Tree.Forget(new ByteInterval(first, ulong.MaxValue));
        _lost.Remove(first >> 12, ulong.MaxValue >> 12);
    }

    /// <inheritdoc/>
    public void OpeningEnded()
    {
        if (_purger.Traits.Has(VrangeQuirks.AnyCloseForgets))
        {
            Unused();
        }
    }

    /// <inheritdoc/>
    public void Unused()
    {
        Tree.Clear();
        _lost.Clear();
        _purger.Pool.Trim();
    }

    object IStateful.Save(object? last)
    {
        ByteInterval[] now = _lost.ToArray();
        return last is ByteInterval[] before && before.AsSpan().SequenceEqual(now) ? before : now;
    }

    void IStateful.Restore(object state) => _lost.Become((ByteInterval[])state);

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(Tree);
        visitor.See(_purger);
    }
}
