using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Volatile;

/// <summary>The volatility of one address space's private memory: anonymous, and private mappings of files (V-110).</summary>
/// <remarks>
/// It owns its ranges: the keys are virtual byte addresses, the pages are found in the space's tables. With Minchan's marks, which a process sets
/// for itself alone (V-215), they cover shared mappings of files too.
/// </remarks>
internal sealed class SpaceRanges : IVolatileRanges, IVolatileOwner, IWholeOfParts
{
    private readonly MemorySystem _mem;
    private readonly RangePurger _purger;
    private readonly ulong _lookUpBytes;

    /// <summary>No ranges yet, of <paramref name="space"/>, which <paramref name="purger"/> may choose from.</summary>
    public SpaceRanges(AddressSpace space, MemorySystem mem, RangePurger purger)
    {
        (Space, _mem, _purger) = (space, mem, purger);
        _lookUpBytes = purger.Traits.Has(VrangeQuirks.LooksBeyondThePage) ? 4096UL : 1;
        Tree = new VolatileTree(this, purger.Pool, purger.Age, purger.Traits.Quirks);
    }

    /// <summary>The address space.</summary>
    public AddressSpace Space { get; }

    /// <summary>The ranges, keyed by virtual byte address.</summary>
    public VolatileTree Tree { get; }

    /// <inheritdoc/>
    public bool IsBusy => Space.IsWriteHeld;

    /// <inheritdoc/>
    public ulong OfferPages(ByteInterval bytes, PagePurge purge, ReclaimReason reason) =>
        SpacePages.Offer(_mem, Space, new VirtRange(new VirtAddr(bytes.First), new VirtAddr(bytes.Last + 1)), purge, _purger, reason);

    /// <inheritdoc/>
    /// <remarks>A locked page is not purged, and may be again after munlock (V-159, V-160).</remarks>
    public bool IsVolatile(Vma vma, VirtAddr address) =>
        Speaks(vma) && !vma.Flags.HasAny(VmaVolatility.NeverPurged) && Tree.FirstIn(PageBytes(address)) is not null;

    /// <inheritdoc/>
    /// <remarks>One byte is looked up, so a purged neighbour does no harm (V-100).</remarks>
    public bool IsPurged(Vma vma, VirtAddr address) =>
        Speaks(vma) && Tree.FirstIn(ByteInterval.Of(address.Raw, _lookUpBytes)) is { Purged: true };

    /// <inheritdoc/>
    public bool HasRange(VirtRange range) => Tree.FirstIn(KeyOf(range)) is not null;

    /// <inheritdoc/>
    public Refusal Mark(VirtRange range, bool partly = false) => Tree.Mark(KeyOf(range), partly);

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
    public void Forget(VirtRange range, MappingChange change)
    {
        bool outlives = change != MappingChange.Begins && _purger.Traits.Has(VrangeQuirks.RangesOutliveMappings);
        if (!range.IsEmpty && !outlives)
        {
            Tree.Forget(KeyOf(range));
        }
    }

    /// <inheritdoc/>
    /// <remarks>Purged marks move too: what was lost stays reported. An empty range is a second view of shared memory: nothing moves.</remarks>
    public void Moved(VirtRange from, VirtAddr to)
    {
        if (from.IsEmpty || _purger.Traits.Has(VrangeQuirks.RangesOutliveMappings))
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
    /// out the child goes on with what was copied. Nothing is purged for the copy's sake as far as the posting's flag forbids it (V-164).
    /// </remarks>
    public IVolatileRanges? CopyFor(AddressSpace child)
    {
        SpaceRanges copy = new(child, _mem, _purger);
        using (_purger.Limited(_purger.Traits.CopyLimit))
        {
            bool whole = copy.TryCopy(Tree, purged: true) && copy.TryCopy(Tree, purged: false);
            if (!whole && _purger.Traits.Has(VrangeQuirks.ForkNeedsNodes))
            {
                copy.Closed();
                return null;
            }
        }

        return copy;
    }

    /// <inheritdoc/>
    /// <remarks>With <see cref="ProfileSwitches.KeepMarksAtExit"/> marks on shared mappings become the files' (V-222).</remarks>
    public void Closed()
    {
        if (_mem.Profile.Has(ProfileSwitches.KeepMarksAtExit))
        {
            LeaveToFiles();
        }

        Tree.Clear();
        _purger.Pool.Trim();
    }

    private void LeaveToFiles()
    {
        foreach (Vma vma in Space.Vmas)
        {
            if (!vma.Has(VmFlags.MayShare) || vma.Backing is not { } file)
            {
                continue;
            }

            foreach (VmaMark mark in VmaMarks.Of(vma))
            {
                if (!mark.OfFile && _purger.RangesOf(file) is FileRanges ranges)
                {
                    ranges.Take(ByteInterval.Of(ranges.KeyOf(vma, mark.Range.Start), mark.Range.End.Raw - mark.Range.Start.Raw), mark.Purged);
                }
            }
        }
    }

    /// <summary>Marks of a space on memory that it shares mean something in Minchan's way only.</summary>
    private bool Speaks(Vma vma) => !vma.Has(VmFlags.MayShare) || _mem.Profile.Files == FileMarks.K;

    private static ByteInterval PageBytes(VirtAddr address) => ByteInterval.Of(address.PageBase.Raw, 4096);

    private static ByteInterval KeyOf(VirtRange range) => new(range.Start.Raw, range.End.Raw - 1);

    private bool TryCopy(VolatileTree source, bool purged)
    {
        for (int at = 0; at < source.Count; at++)
        {
            VolatileRange range = source[at];
            if (range.Purged == purged && !Tree.TryAdd(range.Bytes, purged, range.Partly))
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
