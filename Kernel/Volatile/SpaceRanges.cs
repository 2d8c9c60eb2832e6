using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Huge;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Volatile;

/// <summary>The volatility of one address space's private memory: anonymous, and private mappings of files (V-110).</summary>
/// <remarks>It owns its ranges: the keys are virtual byte addresses, the pages are found in the space's tables.</remarks>
internal sealed class SpaceRanges : IVolatileRanges, IVolatileOwner, IWholeOfParts
{
    private const VmFlags NeverPurged = VmFlags.Locked | VmFlags.HugeTlb | VmFlags.MixedMap | VmFlagsOps.Special;

    private readonly MemorySystem _mem;
    private readonly RangePurger _purger;

    /// <summary>No ranges yet, of <paramref name="space"/>, which <paramref name="purger"/> may choose from.</summary>
    public SpaceRanges(AddressSpace space, MemorySystem mem, RangePurger purger)
    {
        (Space, _mem, _purger) = (space, mem, purger);
        Tree = new VolatileTree(this, purger.Pool, purger.Age);
    }

    /// <summary>The address space.</summary>
    public AddressSpace Space { get; }

    /// <summary>The ranges, keyed by virtual byte address.</summary>
    public VolatileTree Tree { get; }

    /// <inheritdoc/>
    public bool IsBusy => Space.IsWriteHeld;

    /// <inheritdoc/>
    public IPageMappers Mappers => _purger.Mappers;

    /// <inheritdoc/>
    public ulong OfferPages(ByteInterval bytes, PagePurge purge, ReclaimReason reason)
    {
        ulong freed = 0;
        TableCursor cursor = _mem.Editor.Over(Space.Tables, new VirtRange(new VirtAddr(bytes.First), new VirtAddr(bytes.Last + 1)));
        while (cursor.MoveNext())
        {
            if (!cursor.IsPte && HugeRule.Splits(_mem.Profile) && HugeSplit.Over(_mem, Space, cursor.Address))
            {
                cursor.Again();
            }
            else if (cursor.TryPte(out PteSlot at) && SoftPteFormat.HasFrame(at.Entry) && !SoftPteFormat.IsSpecial(at.Entry))
            {
                freed += purge.TryFree(_mem.Frames[at.Entry.Frame], Mappers, reason);
            }
        }

        return freed;
    }

    /// <inheritdoc/>
    /// <remarks>A locked page is not purged, and may be again after munlock (V-159, V-160).</remarks>
    public bool IsVolatile(Vma vma, VirtAddr address) =>
        !vma.Flags.HasAny(NeverPurged | VmFlags.Shared) && Tree.FirstIn(PageBytes(address)) is not null;

    /// <inheritdoc/>
    /// <remarks>One byte is looked up, so a purged neighbour does no harm (V-100).</remarks>
    public bool IsPurged(Vma vma, VirtAddr address) =>
        !vma.Has(VmFlags.Shared) && Tree.FirstIn(new ByteInterval(address.Raw, address.Raw)) is { Purged: true };

    /// <inheritdoc/>
    public Refusal Mark(VirtRange range) => Tree.Mark(KeyOf(range));

    /// <inheritdoc/>
    public Refusal Unmark(VirtRange range, out bool purged) => Tree.Unmark(KeyOf(range), out purged);

    /// <inheritdoc/>
    public void MarkPurged(VirtAddr address) => Tree.MarkPurged(PageBytes(address));

    /// <inheritdoc/>
    /// <remarks>Ranges keep their places in the order of age.</remarks>
    public ulong PurgeNow(VirtRange range)
    {
        if (range.IsEmpty)
        {
            return 0;
        }

        ulong freed = 0;
        ByteInterval wanted = KeyOf(range);
        for (int at = Tree.IndexAtOrAbove(wanted.First); at < Tree.Count && Tree[at].Bytes.Overlaps(wanted); at++)
        {
            freed += _purger.PurgePages(this, Tree[at].Bytes.Intersect(wanted), ReclaimReason.Direct);
        }

        return freed;
    }

    /// <inheritdoc/>
    public void Forget(VirtRange range)
    {
        if (!range.IsEmpty)
        {
            Tree.Forget(KeyOf(range));
        }
    }

    /// <inheritdoc/>
    /// <remarks>Purged marks move too: what was lost stays reported. An empty range is a second view of shared memory: nothing moves.</remarks>
    public void Moved(VirtRange from, VirtAddr to)
    {
        if (from.IsEmpty)
        {
            return;
        }

        ByteInterval old = KeyOf(from);
        List<(ByteInterval Bytes, bool Purged)> pieces = [];
        for (int at = Tree.IndexAtOrAbove(old.First); at < Tree.Count && Tree[at].Bytes.Overlaps(old); at++)
        {
            pieces.Add((Tree[at].Bytes.Intersect(old), Tree[at].Purged));
        }

        Tree.Forget(old);
        foreach ((ByteInterval bytes, bool purged) in pieces)
        {
            Tree.Add(ByteInterval.Of(bytes.First - from.Start.Raw + to.Raw, bytes.LengthBytes), purged);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Purged ranges go first: without them the child's purged pages would read as zeros unannounced. When memory runs
    /// out the child goes on with what was copied. No whole range is purged for the copy's sake (V-164).
    /// </remarks>
    public IVolatileRanges CopyFor(AddressSpace child)
    {
        SpaceRanges copy = _purger.NewRanges(child);
        using (_purger.WithoutPurging())
        {
            if (copy.TryCopy(Tree, purged: true))
            {
                _ = copy.TryCopy(Tree, purged: false);
            }
        }

        return copy;
    }

    /// <inheritdoc/>
    public void Closed()
    {
        Tree.Clear();
        _purger.Pool.Trim();
    }

    private static ByteInterval PageBytes(VirtAddr address) => ByteInterval.Of(address.PageBase.Raw, 4096);

    private static ByteInterval KeyOf(VirtRange range) => new(range.Start.Raw, range.End.Raw - 1);

    private bool TryCopy(VolatileTree source, bool purged)
    {
        for (int at = 0; at < source.Count; at++)
        {
            VolatileRange range = source[at];
            if (range.Purged == purged && !Tree.TryAdd(range.Bytes, purged))
            {
                return false;
            }
        }

        return true;
    }

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(Tree);
        visitor.See(_purger);
    }
}
