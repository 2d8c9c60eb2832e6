using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Reclaim;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>Memory pressure on request, by the same code that natural pressure runs.</summary>
internal static class Pressure
{
    /// <summary>Reclaims up to <paramref name="frames"/> frames.</summary>
    /// <returns>Frames freed.</returns>
    public static ulong Reclaim(MemorySystem mem, ulong frames) => mem.Source.ReclaimNow(frames);

    /// <summary>Purges volatile pages and discards lazily freed, unwritten ones in <paramref name="range"/>, and nothing else.</summary>
    public static void Purge(MemorySystem mem, AddressSpace space, VirtRange range)
    {
        _ = space.Volatile?.PurgeNow(range);
        PurgeShared(space, range.Intersect(UserSpace));
        if (mem.Lru.LazyFreeCount == 0)
        {
            return;
        }

        List<PageFrame> marked = [];
        TableCursor cursor = mem.Editor.Over(space.Tables, range.Intersect(UserSpace));
        while (cursor.MoveNext())
        {
            if (cursor.TryPte(out PteSlot at) && SoftPteFormat.HasFrame(at.Entry) && !SoftPteFormat.IsSpecial(at.Entry)
                && mem.Frames[at.Entry.Frame] is { Mapping.IsLazyFree: true } frame && frame.Has(PageFlags.Lru))
            {
                marked.Add(frame);
            }
        }

        foreach (PageFrame frame in marked)
        {
            _ = LruShrink.TryOne(mem, frame, ReclaimReason.Direct);
        }
    }

    /// <summary>Makes 512 aligned frames free at once, if that can be done: pages move out of the way as they would for a large page.</summary>
    public static void FreeRun(MemorySystem mem)
    {
        if (mem.Buddy.TryTake(HugePage.Order) is { } run)
        {
            run.RefCount = 0;
            mem.Buddy.Free(run);
            return;
        }

        _ = Defragment.TryMakeRun(mem);
    }

    /// <summary>Takes the page at <paramref name="address"/> out of its entries, and out of memory when it has a place to go: what reclaim does when it comes by.</summary>
    public static void Evict(MemorySystem mem, AddressSpace space, VirtAddr address)
    {
        if (mem.Editor.FindPte(space.Tables, address, out PteSlot at) != Descent.Found || !SoftPteFormat.HasFrame(at.Entry) || SoftPteFormat.IsSpecial(at.Entry))
        {
            return;
        }

        PageFrame frame = mem.Frames[at.Entry.Frame];
        _ = References.TestAndClear(mem, frame);
        frame.Clear(PageFlags.Referenced);
        if (frame.Has(PageFlags.Lru) && !frame.Has(PageFlags.Unevictable))
        {
            _ = LruShrink.TryOne(mem, frame, ReclaimReason.Direct);
            return;
        }

        // What has no place to go is unmapped all the same, as a scan over address spaces does.
        if (frame.TryLock())
        {
            _ = SwapOut.TryUnmap(mem, frame);
            frame.Unlock();
        }
    }

    /// <summary>Does the same in every address space, and in every file.</summary>
    public static void PurgeAll(MemorySystem mem)
    {
        List<FileMapping> files = mem.Volatile is { HasRanges: true } ? [.. mem.Rmap.Files] : [];
        files.Sort(static (one, other) => one.Id.CompareTo(other.Id));
        foreach (FileMapping file in files)
        {
            _ = file.Volatile?.PurgeNow(0, ulong.MaxValue);
        }

        foreach (AddressSpace space in (List<AddressSpace>)[.. mem.Spaces])
        {
            Purge(mem, space, UserSpace);
        }
    }

    private static void PurgeShared(AddressSpace space, VirtRange range)
    {
        for (int at = space.Vmas.IndexAtOrAbove(range.Start); at < space.Vmas.Count && space.Vmas[at].Start.Raw < range.End.Raw; at++)
        {
            Vma vma = space.Vmas[at];
            if (vma.SharedRanges() is { } file)
            {
                VirtRange part = range.Intersect(vma.Range);
                _ = file.PurgeNow(file.KeyOf(vma, part.Start), part.End.Raw - part.Start.Raw);
            }
        }
    }

    private static VirtRange UserSpace => new(default, new(VirtRange.TaskSize));
}
