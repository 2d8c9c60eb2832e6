using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Volatile;

/// <summary>vrange's part in reclaim: chooses whole ranges, oldest first, and purges their pages.</summary>
/// <remarks>Purging is at the kernel's discretion: no program may rely on order or time (V-167). Source: [vrange v10 09/16, 10/16].</remarks>
internal sealed class RangePurger : IVolatilePurge, IStateful
{
    /// <summary>Ranges in a row whose owner was busy, after which one call stops (V-153).</summary>
    public const int BusyLimit = 10;

    /// <summary>Pages of a range in partial mode that are taken before the next range has its turn (V-168).</summary>
    public const ulong PartPages = 4;

    private readonly PagePurge _page;
    private readonly MemorySystem _mem;
    private ReclaimLimits _limits;

    /// <summary>vrange over <paramref name="mem"/>; reclaim calls it once it is the memory system's <see cref="MemorySystem.Volatile"/>.</summary>
    public RangePurger(MemorySystem mem)
    {
        _mem = mem;
        _page = new PagePurge(mem);
        Mappers = new AnonMappers(mem);
        FileMappers = new FileMappers(mem, this);
        Pool = new RangePool(mem.Source, mem.FailPoints);
    }

    /// <summary>The nodes.</summary>
    public RangePool Pool { get; }

    /// <summary>Who maps anonymous pages.</summary>
    public AnonMappers Mappers { get; }

    /// <summary>Who maps pages of files.</summary>
    public FileMappers FileMappers { get; }

    /// <summary>The ranges by age.</summary>
    public PurgeList Age { get; } = new();

    /// <summary>Unpinned ranges of ashmem that hold data, the one unpinned first first (V-233).</summary>
    public PurgeList Unpinned { get; } = new();

    /// <inheritdoc/>
    public VrangeTraits Traits => _mem.Vrange;

    /// <inheritdoc/>
    public bool HasRanges => Pool.InUse > 0;

    /// <inheritdoc/>
    public bool HasCandidates => Age.Count > 0 && Traits.WholeRanges != RangeTrigger.Never && _limits == ReclaimLimits.None;

    /// <inheritdoc/>
    public bool WantsAnonScan => Traits.AgesWithoutSwap || (Traits.WholeRanges != RangeTrigger.Never && Pool.InUse > Age.Count + Unpinned.Count);

    /// <inheritdoc/>
    /// <remarks>A range is always tried to its end; a call stops between ranges. A tried range leaves the list (V-156), or goes to its young end.</remarks>
    public ulong PurgeRanges(ulong framesWanted, ReclaimReason reason)
    {
        ulong freed = 0;
        ulong scanned = 0;
        int busy = 0;
        int most = Traits.TriedRangesStay ? Age.Count : int.MaxValue;
        for (int tried = 0; freed < framesWanted && scanned < Traits.ScanLimitBytes && busy < BusyLimit && tried < most && HasCandidates; tried++)
        {
            VolatileRange victim = Age.TakeOldest()!;
            bool waits = victim.Tree!.Owner.IsBusy;
            if (waits || Traits.TriedRangesStay)
            {
                Age.AddYoung(victim);
            }

            busy = waits ? busy + 1 : 0;
            if (!waits)
            {
                scanned += victim.Bytes.LengthBytes;
                freed += victim.Partly ? PurgePart(victim, reason) : PurgePages(victim.Tree.Owner, victim.Bytes, reason);
            }
        }

        return freed;
    }

    /// <inheritdoc/>
    public ulong UnpinnedPages
    {
        get
        {
            ulong pages = 0;
            for (VolatileRange? range = Unpinned.Oldest; range is not null; range = PurgeList.YoungerThan(range))
            {
                pages += range.Bytes.LengthBytes >> 12;
            }

            return pages;
        }
    }

    /// <inheritdoc/>
    public ulong PurgeUnpinned(ulong framesWanted, ReclaimReason reason)
    {
        ulong freed = 0;
        while (freed < framesWanted && _limits == ReclaimLimits.None && Unpinned.TakeOldest() is { } range)
        {
            freed += PurgePages(range.Tree!.Owner, range.Bytes, reason);
        }

        return freed;
    }

    /// <inheritdoc/>
    public bool TryPurge(PageFrame frame, ReclaimReason reason) =>
        (_limits & ReclaimLimits.NoVrange) == 0 && HugeRule.TryReady(_mem, frame, MappersOf(frame)) && _page.TryUnmap(frame, MappersOf(frame), reason);

    /// <inheritdoc/>
    public IVolatileRanges RangesOf(AddressSpace space) =>
        space.Volatile ??= Traits.InMappings ? new VolatileMappings(space, _mem, this) : new SpaceRanges(space, _mem, this);

    /// <inheritdoc/>
    public IVolatileFile RangesOf(IBacking file) => file.Mapping.Volatile ??= new FileRanges(file, _mem, this);

    /// <inheritdoc/>
    public IVolatileFile PinsOf(IBacking area) => area.Mapping.Volatile ??= new PinnedRanges(area, _mem, this);

    /// <summary>Who is to be asked about <paramref name="frame"/>.</summary>
    public IPageMappers MappersOf(PageFrame frame) => frame.Mapping.IsFile ? FileMappers : Mappers;

    /// <summary>Forbids purging, as far as <paramref name="limits"/> say, until it is disposed; v8's reclaim as posted does not know its own flag (V-164).</summary>
    public IDisposable Limited(ReclaimLimits limits) =>
        new Limit(this, Traits.Has(VrangeQuirks.NoVrangeIgnored) ? limits & ~ReclaimLimits.NoVrange : limits);

    /// <summary>Tries every page of the range that is in memory; frames freed.</summary>
    public ulong PurgePages(IVolatileOwner owner, ByteInterval bytes, ReclaimReason reason) => owner.OfferPages(bytes, _page, reason);

    /// <summary>Tries pages of the range until some came free; frames freed.</summary>
    private ulong PurgePart(VolatileRange victim, ReclaimReason reason)
    {
        ulong freed = 0;
        ByteInterval bytes = victim.Bytes;
        for (ulong at = 0; at < bytes.LengthBytes && freed < PartPages; at += 4096)
        {
            freed += PurgePages(victim.Tree!.Owner, ByteInterval.Of(bytes.First + at, 4096), reason);
        }

        return freed;
    }

    private sealed class Limit : IDisposable
    {
        private readonly RangePurger _purger;
        private readonly ReclaimLimits _before;

        public Limit(RangePurger purger, ReclaimLimits limits)
        {
            (_purger, _before) = (purger, purger._limits);
            purger._limits |= limits;
        }

        public void Dispose() => _purger._limits = _before;
    }

    object IStateful.Save(object? last) => _limits;

    void IStateful.Restore(object state) => _limits = (ReclaimLimits)state;

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(Pool);
        visitor.See(Age);
        visitor.See(Unpinned);
    }
}
