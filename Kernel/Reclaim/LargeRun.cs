using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Kernel.Windows;

namespace MmuEmu.Kernel.Reclaim;

/// <summary>Makes 512 aligned frames free at once: from the zone that is kept for them, off the free lists, or by taking their pages away.</summary>
/// <remarks>By the reverse map only who maps these frames is looked at; by address spaces every entry of everybody.</remarks>
internal static class LargeRun
{
    private const ulong Frames = 1UL << LargeZone.Order;

    /// <summary>A run; null when none can be had.</summary>
    public static PageFrame? TryMake(MemorySystem mem)
    {
        if ((mem.LargeZone.TryTake() ?? mem.Buddy.TryTake(LargeZone.Order)) is { } ready)
        {
            return ready;
        }

        for (ulong first = 0; first + Frames <= mem.Frames.FrameCount; first += Frames)
        {
            if (IsMovable(mem, first) && TryEmpty(mem, first))
            {
                return mem.Buddy.TryTake(LargeZone.Order);
            }
        }

        return null;
    }

    /// <summary>Takes away every page of a run; true when all its frames are free.</summary>
    public static bool TryEmpty(MemorySystem mem, ulong first)
    {
        if (mem.Profile.Copy.Reclaim == ReclaimKind.BySpace)
        {
            EmptyBySpaces(mem, first);
        }
        else
        {
            EmptyByPages(mem, first);
        }

        return IsFree(mem, first);
    }

    /// <summary>True when the run's frames are free or hold anonymous pages, which can go to swap.</summary>
    private static bool IsMovable(MemorySystem mem, ulong first)
    {
        for (ulong raw = first; raw < first + Frames; raw++)
        {
            Pfn pfn = new(raw);
            bool movable = mem.Buddy.IsFree(pfn)
                || (mem.Frames.Peek(pfn) is { } frame && frame.Mapping.LeadsToAnonVma && frame.Has(PageFlags.Lru) && !frame.Has(PageFlags.Unevictable));
            if (!movable)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsFree(MemorySystem mem, ulong first)
    {
        for (ulong raw = first; raw < first + Frames; raw++)
        {
            if (!mem.Buddy.IsFree(new Pfn(raw)))
            {
                return false;
            }
        }

        return true;
    }

    private static void EmptyByPages(MemorySystem mem, ulong first)
    {
        List<RmapSite> sites = [];
        for (ulong raw = first; raw < first + Frames; raw++)
        {
            if (mem.Frames.Peek(new Pfn(raw)) is not { MapCount: > 0 } frame || !frame.Has(PageFlags.Lru))
            {
                continue;
            }

            sites.Clear();
            mem.Rmap.Collect(frame, RmapWanted.Present, sites);
            mem.WindowCounts.Add(WindowCounter.RunVisits, (ulong)sites.Count);
            _ = References.TestAndClear(mem, frame);
            _ = LruShrink.TryOne(mem, frame, ReclaimReason.Direct);
        }
    }

    private static void EmptyBySpaces(MemorySystem mem, ulong first)
    {
        foreach (AddressSpace space in (List<AddressSpace>)[.. mem.Spaces])
        {
            if (SwapOut.IsKept(mem, space))
            {
                continue;
            }

            TableCursor cursor = mem.Editor.Over(space.Tables, new VirtRange(default, new VirtAddr(VirtRange.TaskSize)));
            while (cursor.MoveNext())
            {
                mem.WindowCounts.Add(WindowCounter.RunVisits);
                if (cursor.TryPte(out PteSlot at) && SoftPteFormat.HasFrame(at.Entry) && at.Entry.Frame.Raw >= first && at.Entry.Frame.Raw < first + Frames)
                {
                    SpaceScan.TakeNow(mem, space, at);
                }
            }
        }
    }
}
