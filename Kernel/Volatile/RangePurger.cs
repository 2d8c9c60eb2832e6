using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Volatile;

/// <summary>vrange's part in reclaim: chooses whole ranges, oldest first, and purges their pages.</summary>
/// <remarks>Purging is at the kernel's discretion: no program may rely on order or time (V-167). Source: [vrange v10 09/16, 10/16].</remarks>
internal sealed class RangePurger : IVolatilePurge, IStateful
{
    /// <summary>Bytes of range length after which one call stops: 4 MiB (V-153).</summary>
    public const ulong ScanLimitBytes = 4UL << 20;

    /// <summary>Ranges in a row whose owner was busy, after which one call stops (V-153).</summary>
    public const int BusyLimit = 10;

    private readonly MemorySystem _mem;
    private readonly PagePurge _page;
    private int _suspended;

    /// <summary>vrange over <paramref name="mem"/>; reclaim calls it once it is the memory system's <see cref="MemorySystem.Volatile"/>.</summary>
    public RangePurger(MemorySystem mem)
    {
        _mem = mem;
        _page = new PagePurge(mem);
        Mappers = new AnonMappers(mem);
        Pool = new RangePool(mem.Source);
    }

    /// <summary>The nodes.</summary>
    public RangePool Pool { get; }

    /// <summary>Who maps anonymous pages.</summary>
    public AnonMappers Mappers { get; }

    /// <summary>The ranges by age.</summary>
    public PurgeList Age { get; } = new();

    /// <inheritdoc/>
    public bool HasCandidates => Age.Count > 0 && _suspended == 0;

    /// <inheritdoc/>
    public bool HasTriedRanges => Pool.InUse > Age.Count;

    /// <inheritdoc/>
    /// <remarks>A range is always tried to its end; a call stops between ranges. A tried range leaves the list (V-156).</remarks>
    public ulong PurgeRanges(ulong framesWanted, ReclaimReason reason)
    {
        ulong freed = 0;
        ulong scanned = 0;
        int busy = 0;
        while (freed < framesWanted && scanned < ScanLimitBytes && busy < BusyLimit && HasCandidates)
        {
            VolatileRange victim = Age.TakeOldest()!;
            IVolatileOwner owner = victim.Tree!.Owner;
            if (owner.IsBusy)
            {
                Age.AddYoung(victim);
                busy++;
                continue;
            }

            busy = 0;
            scanned += victim.Bytes.LengthBytes;
            freed += PurgePages(owner, victim.Bytes, reason);
        }

        return freed;
    }

    /// <inheritdoc/>
    public bool TryPurge(PageFrame frame, ReclaimReason reason) => HugeRule.TryReady(_mem, frame, Mappers) && _page.TryUnmap(frame, Mappers, reason);

    /// <inheritdoc/>
    public IVolatileRanges RangesOf(AddressSpace space) => space.Volatile ??= NewRanges(space);

    /// <summary>Keeps whole ranges from being purged until it is disposed: for allocations that must not do so (V-157).</summary>
    public IDisposable WithoutPurging() => new Suspension(this);

    /// <summary>Empty ranges for <paramref name="space"/>; the caller puts them where they belong.</summary>
    public SpaceRanges NewRanges(AddressSpace space) => new(space, _mem, this);

    /// <summary>Tries every page of the range that is in memory; frames freed.</summary>
    public ulong PurgePages(IVolatileOwner owner, ByteInterval bytes, ReclaimReason reason) => owner.OfferPages(bytes, _page, reason);

    private sealed class Suspension : IDisposable
    {
        private readonly RangePurger _purger;

        public Suspension(RangePurger purger)
        {
            _purger = purger;
            purger._suspended++;
        }

        public void Dispose() => _purger._suspended--;
    }

    object IStateful.Save(object? last) => _suspended;

    void IStateful.Restore(object state) => _suspended = (int)state;

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(Pool);
        visitor.See(Age);
    }
}
