using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;

namespace MmuEmu.Kernel.Vmas;

/// <summary>On whose account memory is reclaimed.</summary>
public enum ReclaimReason
{
    /// <summary>Free memory fell below the low watermark: balancing.</summary>
    Balance,

    /// <summary>An allocation could not be served, or somebody asked for the reclaim.</summary>
    Direct,
}

/// <summary>vrange as reclaim and the call see it: the door that the volatile floor implements.</summary>
internal interface IVolatilePurge
{
    /// <summary>The posting.</summary>
    VrangeTraits Traits { get; }

    /// <summary>True when there is any range, of whomever.</summary>
    bool HasRanges { get; }

    /// <summary>True when there is a range that a purge could take pages from.</summary>
    bool HasCandidates { get; }

    /// <summary>True when anonymous lists are worth a walk without swap: what is left of ranges that were tried goes page by page (V-156), or the posting wants it (V-150).</summary>
    bool WantsAnonScan { get; }

    /// <summary>Purges whole ranges, oldest first, until <paramref name="framesWanted"/> frames came free (V-151, V-152).</summary>
    /// <returns>Frames freed.</returns>
    ulong PurgeRanges(ulong framesWanted, ReclaimReason reason);

    /// <summary>Purges the one page that reclaim holds locked at the tail of the LRU, if every sharer lets it (V-141, V-146).</summary>
    /// <returns>True when no table maps the page any more and its content may go.</returns>
    bool TryPurge(PageFrame frame, ReclaimReason reason);

    /// <summary>The ranges of <paramref name="space"/>, made empty when it has none yet.</summary>
    IVolatileRanges RangesOf(AddressSpace space);

    /// <summary>The ranges of <paramref name="file"/>, common to all who share it, made empty when it has none yet.</summary>
    IVolatileFile RangesOf(IBacking file);

    /// <summary>The pins of an area of ashmem, all of it pinned when it has none yet.</summary>
    IVolatileFile PinsOf(IBacking area);

    /// <summary>Pages that unpinned ranges of ashmem cover which were not purged.</summary>
    ulong UnpinnedPages { get; }

    /// <summary>Purges unpinned ranges of ashmem, the one unpinned first first, until <paramref name="framesWanted"/> frames came free.</summary>
    /// <returns>Frames freed.</returns>
    ulong PurgeUnpinned(ulong framesWanted, ReclaimReason reason);
}
