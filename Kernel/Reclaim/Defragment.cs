using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Reclaim;

/// <summary>What freeing a run took.</summary>
/// <param name="Freed">The run is free, in one block.</param>
/// <param name="PagesMoved">Pages copied elsewhere.</param>
/// <param name="EntriesVisited">Entries that hold a frame and were looked at to find the run's.</param>
internal readonly record struct DefragResult(bool Freed, int PagesMoved, ulong EntriesVisited);

/// <summary>Frees an aligned run of 512 frames by moving the pages in it elsewhere: what a large page is made from.</summary>
/// <remarks>Anonymous pages that only entries refer to can move; any other frame in use keeps the run. Source: [Linux mm/compaction.c, mm/migrate.c]; K-051.</remarks>
internal static class Defragment
{
    /// <summary>Frees the first run, lowest addresses first, in which every page can move and there is room to; false when there is none.</summary>
    public static bool TryMakeRun(MemorySystem mem)
    {
        for (ulong first = HugePage.Frames; first + HugePage.Frames <= mem.Frames.FrameCount; first += HugePage.Frames)
        {
            if (TryFree(mem, new Pfn(first), mem.Profile.Copy.Reclaim).Freed)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Frees the run that begins at <paramref name="first"/>, a multiple of 512; nothing moves when a frame of it cannot.</summary>
    /// <param name="mem">Memory management.</param>
    /// <param name="first">The first frame.</param>
    /// <param name="search">How the entries that map its pages are found: from each page, or through all tables of all spaces.</param>
    public static DefragResult TryFree(MemorySystem mem, Pfn first, ReclaimKind search)
    {
        List<PageFrame> pages = [];
        for (ulong i = 0; i < HugePage.Frames; i++)
        {
            if (mem.Buddy.IsFree(first + i))
            {
                continue;
            }

            if (mem.Frames.Peek(first + i) is not { } frame || !MayMove(mem, frame))
            {
                return default;
            }

            pages.Add(frame);
        }

        // A copy of each page, its two tables at most, and the watermark.
        if (mem.Buddy.FreeCount < (ulong)pages.Count + HugePage.Frames + mem.Watermarks.Low)
        {
            return default;
        }

        Dictionary<PageFrame, List<RmapSite>> sites = [];
        ulong visited = search == ReclaimKind.ByPage ? ByRmap(mem, pages, sites) : ByTables(mem, first, pages, sites);
        MoveAll(mem, first, pages, sites);
        return new DefragResult(true, pages.Count, visited);
    }

    private static bool MayMove(MemorySystem mem, PageFrame frame) =>
        mem.Frames.PeekHead(frame.Pfn) == frame
        && !frame.Has(PageFlags.Head)
        && frame.Mapping.LeadsToAnonVma
        && frame.MapCount > 0
        && frame.RefCount == frame.MapCount
        && !frame.Has(PageFlags.Locked);

    private static ulong ByRmap(MemorySystem mem, List<PageFrame> pages, Dictionary<PageFrame, List<RmapSite>> sites)
    {
        ulong visited = 0;
        foreach (PageFrame frame in pages)
        {
            List<RmapSite> found = [];
            mem.Rmap.Collect(frame, RmapWanted.Present, found);
            sites[frame] = found;
            visited += (ulong)found.Count;
        }

        return visited;
    }

    private static ulong ByTables(MemorySystem mem, Pfn first, List<PageFrame> pages, Dictionary<PageFrame, List<RmapSite>> sites)
    {
        ulong visited = 0;
        foreach (PageFrame frame in pages)
        {
            sites[frame] = [];
        }

        foreach (AddressSpace space in mem.Spaces)
        {
            TableCursor cursor = mem.Editor.Over(space.Tables, new VirtRange(default, new VirtAddr(VirtRange.TaskSize)));
            while (cursor.MoveNext())
            {
                if (!SoftPteFormat.HasFrame(cursor.Entry) || SoftPteFormat.IsSpecial(cursor.Entry))
                {
                    continue;
                }

                visited++;
                bool inside = cursor.IsPte && cursor.Entry.Frame.Raw - first.Raw < HugePage.Frames;
                if (inside && space.FindVma(cursor.Address) is { } vma)
                {
                    sites[mem.Frames[cursor.Entry.Frame]].Add(new RmapSite(vma, cursor.Address, cursor.Slot, cursor.Entry));
                }
            }
        }

        return visited;
    }

    private static void MoveAll(MemorySystem mem, Pfn first, List<PageFrame> pages, Dictionary<PageFrame, List<RmapSite>> sites)
    {
        List<PageFrame> held = [];
        foreach (PageFrame page in pages)
        {
            PageFrame target = mem.Buddy.TryTake(0)!;
            while (target.Pfn.Raw - first.Raw < HugePage.Frames)
            {
                held.Add(target);
                target = mem.Buddy.TryTake(0)!;
            }

            mem.Counters.Add(MmCounter.PgAlloc);
            MoveOne(mem, page, target, sites[page]);
        }

        foreach (PageFrame frame in held)
        {
            frame.RefCount = 0;
            mem.Buddy.Free(frame);
        }
    }

    /// <summary>The entries go, the bytes are copied, and the new frame takes all that the old one was.</summary>
    private static void MoveOne(MemorySystem mem, PageFrame from, PageFrame to, List<RmapSite> sites)
    {
        Pte[] old = new Pte[sites.Count];
        for (int i = 0; i < old.Length; i++)
        {
            old[i] = RmapUnmap.ClearAndFlush(mem, sites[i]);
        }

        mem.Ram.CopyPage(from.Pfn, to.Pfn);
        mem.Cost?.PageCopied(from.Pfn, to.Pfn);
        bool listed = from.Has(PageFlags.Lru);
        mem.Lru.Remove(from);
        (to.Flags, to.Mapping, to.Index) = (from.Flags, from.Mapping, from.Index);
        (to.MapCount, to.RefCount) = (from.MapCount, from.RefCount);
        (from.Mapping, from.MapCount, from.RefCount) = (MappingWord.None, 0, 1);
        if (listed)
        {
            mem.Lru.Add(to);
        }

        for (int i = 0; i < old.Length; i++)
        {
            RmapUnmap.Put(mem, sites[i], new Pte((old[i].Raw & ~Pte.FrameMask) | (to.Pfn.Raw << 12)));
        }

        mem.Source.Release(from);
        mem.Counters.Add(MmCounter.PgMigrate);
    }
}
