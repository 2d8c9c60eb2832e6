using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Volatile;

/// <summary>vrange's part in reclaim: chooses whole ranges, oldest first, and purges their pages.</summary>
/// <remarks>Purging is at the kernel's discretion: no program may rely on order or time (V-167). Source: [vrange v10 09/16, 10/16].</remarks>
internal sealed class RangePurger : IVolatilePurge, IStateful
{
    /// <summary>Bytes of range length after which one call stops: 4 MiB (V-153).</summary>
    public const ulong ScanLimitBytes = 4UL << 20;

    /// <summary>Ranges in a row whose address space was busy, after which one call stops (V-153).</summary>
    public const int BusyLimit = 10;

    private readonly MemorySystem _mem;
    private readonly PagePurge _page;
    private int _suspended;

    /// <summary>vrange over <paramref name="mem"/>; reclaim calls it once it is the memory system's <see cref="MemorySystem.Volatile"/>.</summary>
    public RangePurger(MemorySystem mem)
    {
        _mem = mem;
        _page = new PagePurge(mem);
        Pool = new RangePool(mem.Source);
    }

    /// <summary>The nodes.</summary>
    public RangePool Pool { get; }

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
            AddressSpace space = victim.Tree!.Space;
            if (space.IsWriteHeld)
            {
                Age.AddYoung(victim);
                busy++;
                continue;
            }

            busy = 0;
            scanned += victim.Bytes.LengthBytes;
            freed += PurgePages(space, victim.Bytes, reason);
        }

        return freed;
    }

    /// <inheritdoc/>
    public bool TryPurge(PageFrame frame, ReclaimReason reason) => _page.TryUnmap(frame, reason);

    /// <inheritdoc/>
    public IVolatileRanges RangesOf(AddressSpace space) => space.Volatile ??= new SpaceRanges(space, this);

    /// <summary>Keeps whole ranges from being purged until it is disposed: for allocations that must not do so (V-157).</summary>
    public IDisposable WithoutPurging() => new Suspension(this);

    /// <summary>Tries every present page; swapped-out pages stay as they are (V-145).</summary>
    internal ulong PurgePages(AddressSpace space, ByteInterval bytes, ReclaimReason reason)
    {
        ulong freed = 0;
        TableCursor cursor = _mem.Editor.Over(space.Tables, new VirtRange(new VirtAddr(bytes.First), new VirtAddr(bytes.Last + 1)));
        while (cursor.MoveNext())
        {
            // A larger leaf is not on the lists that purging asks.
            if (cursor.TryPte(out PteSlot at) && SoftPteFormat.HasFrame(at.Entry) && !SoftPteFormat.IsSpecial(at.Entry))
            {
                freed += PurgePage(_mem.Frames[at.Entry.Frame], reason);
            }
        }

        return freed;
    }

    /// <summary>Purges one page if it is on an LRU list and nobody works on it; 1 when its frame came free.</summary>
    /// <remarks>A page with further references loses its entries, and its frame stays with whoever holds them (V-158).</remarks>
    private ulong PurgePage(PageFrame frame, ReclaimReason reason)
    {
        if (!frame.Has(PageFlags.Lru) || !frame.TryLock())
        {
            return 0;
        }

        frame.RefCount++;
        bool purged = _page.TryUnmap(frame, reason);
        frame.Unlock();
        bool last = frame.RefCount == 1;
        _mem.Source.Release(frame);
        return purged && last ? 1UL : 0;
    }

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
