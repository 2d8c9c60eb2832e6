using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Volatile;

/// <summary>The unpinned ranges of an area of ashmem: what vrange's authors measured themselves against.</summary>
/// <remarks>
/// A mark is an unpin, an unmark a pin. A purge punches the whole range, whoever maps it and however; a touch without a pin finds zeros and no
/// signal (V-234). Source: [Linux drivers/staging/android/ashmem.c].
/// </remarks>
internal sealed class PinnedRanges : IVolatileFile, IVolatileOwner, IWholeOfParts
{
    private readonly MemorySystem _mem;
    private readonly RangePurger _purger;

    /// <summary>All pinned: no ranges of <paramref name="area"/>.</summary>
    public PinnedRanges(IBacking area, MemorySystem mem, RangePurger purger)
    {
        (Area, _mem, _purger) = (area, mem, purger);
        Tree = new VolatileTree(this, purger.Pool, purger.Unpinned) { KeepsPlace = true };
    }

    /// <summary>The memory.</summary>
    public IBacking Area { get; }

    /// <summary>The unpinned ranges, keyed by byte offset.</summary>
    public VolatileTree Tree { get; }

    /// <inheritdoc/>
    public bool IsBusy => false;

    /// <inheritdoc/>
    /// <remarks>The range counts as purged though it held no page.</remarks>
    public ulong OfferPages(ByteInterval bytes, PagePurge purge, ReclaimReason reason)
    {
        List<PageFrame> pages = [];
        Area.CollectPages(bytes.First >> 12, bytes.Last >> 12, pages);
        FileUnmap.Pages(_mem, Area.Mapping, bytes.First >> 12, (bytes.Last >> 12) + 1, PrivateCopies.Keep);
        foreach (PageFrame frame in pages)
        {
            Area.MakeHole(frame);
        }

        Tree.MarkPurged(bytes);
        return (ulong)pages.Count;
    }

    /// <inheritdoc/>
    public ulong KeyOf(Vma vma, VirtAddr address) => address.Raw - vma.Start.Raw + (vma.PgOff << 12);

    /// <inheritdoc/>
    public bool IsVolatile(ulong key, ulong lengthBytes = 4096) => Tree.FirstIn(ByteInterval.Of(key, lengthBytes)) is not null;

    /// <inheritdoc/>
    public bool IsPurged(Vma vma, VirtAddr address) => false;

    /// <inheritdoc/>
    public bool IsLost(ulong pageIndex) => false;

    /// <inheritdoc/>
    public Refusal Mark(ulong key, ulong lengthBytes) => Tree.Mark(ByteInterval.Of(key, lengthBytes));

    /// <inheritdoc/>
    public Refusal Unmark(ulong key, ulong lengthBytes, out bool purged) => Tree.Unmark(ByteInterval.Of(key, lengthBytes), out purged);

    /// <inheritdoc/>
    /// <remarks>Ranges go whole or not at all.</remarks>
    public ulong PurgeNow(ulong key, ulong lengthBytes)
    {
        ulong freed = 0;
        ByteInterval wanted = ByteInterval.Of(key, lengthBytes);
        for (int at = Tree.IndexAtOrAbove(wanted.First); at < Tree.Count && Tree[at].Bytes.Overlaps(wanted); at++)
        {
            VolatileRange range = Tree[at];
            if (!range.Purged)
            {
                _purger.Unpinned.Remove(range);
                freed += _purger.PurgePages(this, range.Bytes, ReclaimReason.Direct);
            }
        }

        return freed;
    }

    /// <inheritdoc/>
    /// <remarks>The size of an area is fixed.</remarks>
    public void Truncated(ulong sizeBytes)
    {
    }

    /// <inheritdoc/>
    public void OpeningEnded()
    {
    }

    /// <inheritdoc/>
    public void Unused()
    {
        Tree.Clear();
        _purger.Pool.Trim();
    }

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(Tree);
        visitor.See(_purger);
    }
}
