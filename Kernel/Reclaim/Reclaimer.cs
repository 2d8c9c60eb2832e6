using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Reclaim;

/// <summary>Frees frames: goes over the lists with growing insistence until enough came free.</summary>
/// <remarks>Source: [Linux mm/vmscan.c, do_try_to_free_pages, shrink_lruvec].</remarks>
internal static class Reclaimer
{
    /// <summary>Frames that one round of direct reclaim asks for, SWAP_CLUSTER_MAX.</summary>
    public const ulong ClusterSize = 32;

    /// <summary>The first and mildest priority: one 4096th of each list is looked at.</summary>
    public const int MildestPriority = 12;

    /// <summary>Frees up to about <paramref name="wanted"/> frames.</summary>
    /// <returns>Frames freed; 0 when nothing can be had.</returns>
    public static ulong Run(MemorySystem mem, ulong wanted, ReclaimReason reason)
    {
        ulong freed = 0;
        for (int priority = MildestPriority; priority >= 0 && freed < wanted; priority--)
        {
            freed += ShrinkFiles(mem, wanted - freed, priority, reason);
            if (freed < wanted && IsTurnOfRanges(mem, RangeTrigger.BetweenTheLists, priority))
            {
                freed += mem.Volatile!.PurgeRanges(wanted - freed, reason);
            }

            if (freed < wanted && MayScanAnon(mem))
            {
                freed += mem.Profile.Copy.Reclaim == ReclaimKind.BySpace
                    ? SpaceScan.Run(mem, wanted - freed, reason)
                    : ShrinkAnon(mem, wanted - freed, priority, reason);
            }

            if (freed < wanted && IsTurnOfRanges(mem, RangeTrigger.AfterTheLists, priority))
            {
                freed += mem.Volatile!.PurgeRanges(wanted - freed, reason);
            }

            if (freed < wanted && mem.Volatile is { } pins)
            {
                freed += pins.PurgeUnpinned(wanted - freed, reason);
            }
        }

        mem.Counters.Add(MmCounter.PgSteal, freed);
        return freed;
    }

    /// <summary>Makes all pages one step older: every A bit is cleared; used pages go to the young end, unused active ones turn inactive.</summary>
    public static void Age(MemorySystem mem)
    {
        Span<LruKind> order = [LruKind.InactiveAnon, LruKind.InactiveFile, LruKind.ActiveAnon, LruKind.ActiveFile];
        foreach (LruKind kind in order)
        {
            for (int left = mem.Lru[kind].Count; left > 0 && mem.Lru[kind].Tail is { } frame; left--)
            {
                AgeOne(mem, frame);
            }
        }
    }

    /// <summary>True when anonymous pages have somewhere to go: free swap, lazy-free pages to drop (F-120, F-121), or volatile pages that no range list reaches (V-156).</summary>
    private static bool MayScanAnon(MemorySystem mem) =>
        mem.Swap.FreeSlots > 0 || (mem.Lru.LazyFreeCount > 0 && mem.Profile.MadvFree != MadvFreeVersion.Linux412) || mem.Volatile is { WantsAnonScan: true };

    /// <summary>True when whole ranges are purged at this place of a round.</summary>
    /// <remarks>Between the lists they wait while file pages that were used once are worth a look, unless anonymous pages are in turn anyhow (V-154).</remarks>
    private static bool IsTurnOfRanges(MemorySystem mem, RangeTrigger place, int priority) =>
        mem.Vrange.WholeRanges == place && mem.Volatile is { HasCandidates: true }
        && (place == RangeTrigger.AfterTheLists || mem.Swap.FreeSlots > 0 || priority < MildestPriority - 2);

    private static ulong ShrinkFiles(MemorySystem mem, ulong wanted, int priority, ReclaimReason reason)
    {
        if (LruShrink.InactiveIsLow(mem, LruKind.InactiveFile, LruKind.ActiveFile))
        {
            LruShrink.Deactivate(mem, LruKind.ActiveFile, LruShrink.ShareOf(mem, LruKind.ActiveFile, priority));
        }

        return LruShrink.ShrinkInactive(mem, LruKind.InactiveFile, new ShrinkGoal(wanted, priority, reason));
    }

    private static ulong ShrinkAnon(MemorySystem mem, ulong wanted, int priority, ReclaimReason reason)
    {
        if (LruShrink.InactiveIsLow(mem, LruKind.InactiveAnon, LruKind.ActiveAnon))
        {
            LruShrink.Deactivate(mem, LruKind.ActiveAnon, LruShrink.ShareOf(mem, LruKind.ActiveAnon, priority));
        }

        return LruShrink.ShrinkInactive(mem, LruKind.InactiveAnon, new ShrinkGoal(wanted, priority, reason));
    }

    private static void AgeOne(MemorySystem mem, PageFrame frame)
    {
        bool used = References.TestAndClear(mem, frame).Entries > 0;
        bool wasActive = frame.Has(PageFlags.Active);
        if (!used && wasActive)
        {
            mem.Counters.Add(MmCounter.PgDeactivate);
        }

        if (used || wasActive)
        {
            mem.Lru.Move(frame, PageFlags.None, used ? PageFlags.Referenced : PageFlags.Referenced | PageFlags.Active);
            return;
        }

        mem.Lru.Move(frame, PageFlags.None, PageFlags.Referenced);
    }
}
