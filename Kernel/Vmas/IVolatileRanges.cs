using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Vmas;

/// <summary>Why addresses lose what was kept about them.</summary>
internal enum MappingChange
{
    /// <summary>A mapping begins there, or one grows.</summary>
    Begins,

    /// <summary>What was mapped there ends.</summary>
    Ends,

    /// <summary>The heap grows there.</summary>
    HeapGrows,
}

/// <summary>The volatile ranges of one address space, as the floors around vrange see them.</summary>
internal interface IVolatileRanges
{
    /// <summary>True when the page at <paramref name="address"/> of <paramref name="vma"/> may be purged instead of swapped.</summary>
    bool IsVolatile(Vma vma, VirtAddr address);

    /// <summary>True when a touch of the purged entry at <paramref name="address"/> must be SIGBUS; false drops the stale entry (V-088).</summary>
    bool IsPurged(Vma vma, VirtAddr address);

    /// <summary>True when any byte of <paramref name="range"/>, which is not empty, has a mark of this space.</summary>
    bool HasRange(VirtRange range);

    /// <summary>Makes the pages of <paramref name="range"/>, which is not empty, volatile; what was purged among them stays reported (V-114).</summary>
    /// <param name="range">Pages; where volatility is kept in mappings, of one mapping.</param>
    /// <param name="partly">A purge of the range takes some pages at a time (V-168).</param>
    /// <returns><see cref="Refusal.None"/>; ENOMEM when there is no node, or mapping, to be had, and then nothing changed.</returns>
    Refusal Mark(VirtRange range, bool partly = false);

    /// <summary>Makes the pages of <paramref name="range"/>, which is not empty, non-volatile; <paramref name="purged"/> tells whether some were lost.</summary>
    /// <returns><see cref="Refusal.None"/>; ENOMEM when there is no spare node, needed or not, and then nothing changed (V-040).</returns>
    Refusal Unmark(VirtRange range, out bool purged);

    /// <summary>Notes that the page at <paramref name="address"/> was purged (V-125).</summary>
    void MarkPurged(VirtAddr address);

    /// <summary>Purges every purgeable volatile page in <paramref name="range"/> now.</summary>
    /// <returns>Frames freed.</returns>
    ulong PurgeNow(VirtRange range);

    /// <summary>Forgets the ranges under a mapping that is new, or vanishes (V-180, V-181).</summary>
    void Forget(VirtRange range, MappingChange change);

    /// <summary>Carries the ranges of a moved mapping to its new place.</summary>
    void Moved(VirtRange from, VirtAddr to);

    /// <summary>The child's copy at fork, purged marks included (V-170).</summary>
    /// <returns>Null when there are no nodes for it and the posting lets fork fail then (V-175).</returns>
    IVolatileRanges? CopyFor(AddressSpace child);

    /// <summary>The address space ends: nothing may be found from it any more (V-176, V-177).</summary>
    void Closed();
}
