using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Reclaim;

/// <summary>What one pass over a list is to reach.</summary>
/// <param name="Wanted">Frames to free.</param>
/// <param name="Priority">12 mildest, 0 all of the list.</param>
/// <param name="Reason">On whose account.</param>
internal readonly record struct ShrinkGoal(ulong Wanted, int Priority, ReclaimReason Reason);

/// <summary>One pass over one LRU list.</summary>
/// <remarks>Source: [Linux mm/vmscan.c, shrink_inactive_list, shrink_active_list, inactive_list_is_low].</remarks>
internal static class LruShrink
{
    /// <summary>The part of a list that a priority looks at: its length shifted right; all of it at 0.</summary>
    public static int ShareOf(MemorySystem mem, LruKind kind, int priority) => mem.Lru[kind].Count >> priority;

    /// <summary>True when the inactive list is too short for its active one: the pages in use must be looked at.</summary>
    /// <remarks>The ratio is the root of ten times the memory in GiB, at least 1.</remarks>
    public static bool InactiveIsLow(MemorySystem mem, LruKind inactive, LruKind active)
    {
        ulong gib = mem.Frames.FrameCount >> 18;
        int ratio = gib == 0 ? 1 : (int)Math.Sqrt(10 * gib);
        return (long)mem.Lru[inactive].Count * ratio < mem.Lru[active].Count;
    }

    /// <summary>Moves up to <paramref name="count"/> pages from the old end of an active list to the young end of its inactive one.</summary>
    /// <remarks>Their A bits are cleared. Used pages of executable file mappings stay active.</remarks>
    public static void Deactivate(MemorySystem mem, LruKind active, int count)
    {
        for (int i = 0; i < count && mem.Lru[active].Tail is { } frame; i++)
        {
            ReferenceCount seen = References.TestAndClear(mem, frame);
            if (seen.Locked)
            {
                mem.Lru.Move(frame, PageFlags.Unevictable, PageFlags.Active);
                continue;
            }

            if (seen is { Entries: > 0, Executable: true } && !frame.Has(PageFlags.SwapBacked))
            {
                mem.Lru.Move(frame, PageFlags.None, PageFlags.None);
                continue;
            }

            mem.Lru.Move(frame, PageFlags.None, PageFlags.Active);
            mem.Counters.Add(MmCounter.PgDeactivate);
        }
    }

    /// <summary>Tries the pages at the old end of an inactive list; returns frames freed.</summary>
    public static ulong ShrinkInactive(MemorySystem mem, LruKind inactive, in ShrinkGoal goal)
    {
        ulong freed = 0;
        int scan = ShareOf(mem, inactive, goal.Priority);
        for (int i = 0; i < scan && freed < goal.Wanted && mem.Lru[inactive].Tail is { } frame; i++)
        {
            freed += TryOne(mem, frame, goal.Reason);
        }

        mem.Report.For(KernelEvent.Scanned)?.Take(new TraceEvent(KernelEvent.Scanned) { Count = (ulong)scan });
        return freed;
    }

    /// <summary>Tries one page that is on a list; returns the frames that came free: 1, or 512 when a huge page went whole.</summary>
    public static ulong TryOne(MemorySystem mem, PageFrame frame, ReclaimReason reason)
    {
        bool isHuge = frame.Has(PageFlags.Head);
        frame.RefCount++;
        mem.Lru.Remove(frame);
        PageVerdict verdict = ReclaimPage.Try(mem, frame, reason);
        PutBack(mem, frame, verdict);
        ulong frames = isHuge && frame.Has(PageFlags.Head) ? HugePage.Frames : 1UL;
        mem.Source.Release(frame);
        return verdict == PageVerdict.Freed ? frames : 0;
    }

    private static void PutBack(MemorySystem mem, PageFrame frame, PageVerdict verdict)
    {
        switch (verdict)
        {
            case PageVerdict.Freed:
                return;
            case PageVerdict.Activate:
                frame.Set(PageFlags.Active);
                mem.Counters.Add(MmCounter.PgActivate);
                break;
            case PageVerdict.Cull:
                frame.Clear(PageFlags.Active);
                frame.Set(PageFlags.Unevictable);
                break;
            case PageVerdict.Keep:
                break;
        }

        mem.Lru.Add(frame);
    }
}
