using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Swap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary>Checks what must always hold between page tables, frames, lists and swap; for tests and for a debugger.</summary>
internal static class MmInvariants
{
    /// <summary>Goes over all address spaces and frames; changes nothing.</summary>
    /// <returns>One sentence per violation; empty when all is well.</returns>
    public static IReadOnlyList<string> Check(MemorySystem mem)
    {
        List<string> found = [];
        Dictionary<ulong, int> maps = [];
        Dictionary<ulong, int> slots = [];
        Tally tally = new(maps, slots, found);
        foreach (AddressSpace space in mem.Spaces)
        {
            CheckSpace(mem, space, tally);
        }

        foreach (FileMapping file in mem.Rmap.Files)
        {
            CheckFile(mem, file, tally);
        }

        HugeInvariants.CheckMachine(mem, tally);

        CheckFrames(mem, maps, found);
        CheckSlots(mem, slots, found);
        return found;
    }

    private static void CheckSpace(MemorySystem mem, AddressSpace space, Tally tally)
    {
        SpaceTally seen = new();
        TableCursor cursor = mem.Editor.Over(space.Tables, new VirtRange(default, new VirtAddr(1UL << 47)));
        while (cursor.MoveNext())
        {
            if (space.FindVma(cursor.Address) is not { } vma)
            {
                tally.Found.Add($"space {space.Tag.Id}: entry {cursor.Entry} at {cursor.Address} outside every mapping");
            }
            else if (!cursor.IsPte)
            {
                HugeInvariants.CheckLeaf(mem, vma, cursor.Current, tally, seen);
            }
            else if (SoftPteFormat.IsSpecial(cursor.Entry))
            {
                continue;
            }
            else if (SoftPteFormat.HasFrame(cursor.Entry))
            {
                seen.Resident++;
                tally.CountMap(cursor.Entry.Frame);
                CheckLeaf(mem, vma, cursor.Current, cursor.Entry.Frame, tally.Found);
            }
            else if (mem.SoftPtes.KindOf(cursor.Entry) == SoftPteKind.Swap)
            {
                seen.Swapped++;
                tally.CountSlot(SoftPteFormat.SwapOf(cursor.Entry));
            }
        }

        if (seen.Resident != space.Rss.Resident || seen.Swapped != space.Rss.Swap)
        {
            tally.Found.Add($"space {space.Tag.Id}: counts {space.Rss.Resident} resident, {space.Rss.Swap} swapped; tables hold {seen.Resident}, {seen.Swapped}");
        }

        HugeInvariants.CheckCounts(space, tally, seen);
    }

    /// <summary>Every present leaf is owned: the reverse map finds it, and its rights do not exceed its mapping's.</summary>
    internal static void CheckLeaf(MemorySystem mem, Vma vma, in TableEntry at, Pfn first, List<string> found)
    {
        PageFrame frame = mem.Frames[first];
        List<RmapSite> sites = [];
        mem.Rmap.Collect(frame, RmapWanted.Present, sites);
        PhysAddr slot = at.Slot;
        if (!sites.Exists(site => site.Slot == slot))
        {
            found.Add($"space {vma.Space.Tag.Id}: the reverse map misses {frame} at {at.Address}");
        }

        if (at.Entry.Has(PteBits.P | PteBits.RW) && !vma.Has(VmFlags.Write))
        {
            found.Add($"space {vma.Space.Tag.Id}: writable entry at {at.Address} in {vma}");
        }

        if (at.Entry.Has(PteBits.P | PteBits.RW) && !vma.Has(VmFlags.Shared) && frame.MapCount > 1)
        {
            found.Add($"space {vma.Space.Tag.Id}: writable private entry at {at.Address} of a page with {frame.MapCount} mappings");
        }
    }

    /// <summary>The slots of a file's pages count as named once each; no page is in RAM and in swap at once.</summary>
    private static void CheckFile(MemorySystem mem, FileMapping file, Tally tally)
    {
        foreach (ulong raw in file.Owner.Slots)
        {
            tally.CountSlot(SwapEntry.OfRaw(raw));
            if (mem.Swap.FindCached(SwapEntry.OfRaw(raw)) is { } cached)
            {
                tally.Found.Add($"{file.Owner.Name}: a page in swap is {cached} too");
            }
        }
    }

    private static void CheckFrames(MemorySystem mem, Dictionary<ulong, int> maps, List<string> found)
    {
        ulong free = 0;
        for (ulong raw = 0; raw < mem.Frames.FrameCount; raw++)
        {
            Pfn pfn = new(raw);
            if (mem.Buddy.IsFree(pfn))
            {
                free++;
            }

            if (mem.Frames.Peek(pfn) is { } frame)
            {
                CheckFrame(mem, frame, maps.GetValueOrDefault(raw), found);
            }
            else if (maps.ContainsKey(raw))
            {
                found.Add($"frame {pfn} is mapped and was never taken");
            }
        }

        if (free != mem.Buddy.FreeCount)
        {
            found.Add($"the allocator counts {mem.Buddy.FreeCount} free frames; its lists hold {free}");
        }
    }

    private static void CheckFrame(MemorySystem mem, PageFrame frame, int mapped, List<string> found)
    {
        if (frame.MapCount != mapped)
        {
            found.Add($"{frame}: tables hold it {mapped} times");
        }

        bool free = mem.Buddy.IsFree(frame.Pfn);
        if (free && (frame.RefCount != 0 || mapped != 0 || frame.Has(PageFlags.Lru) || frame.Has(PageFlags.SwapCache)))
        {
            found.Add($"{frame}: on a free list and in use");
        }

        int known = mapped + (frame.Has(PageFlags.SwapCache) ? 1 : 0);
        if (!free && frame.RefCount < known)
        {
            found.Add($"{frame}: fewer references than users, {known}");
        }

        if (!free && frame.Mapping.IsFile && mem.Rmap.FileOf(frame) is { } file && (file.Owner.SlotOf(frame.Index) is not null || !IsOwned(file, frame)))
        {
            found.Add($"{frame}: not the page {frame.Index} that {file.Owner.Name} has");
        }

        bool listed = frame.Has(PageFlags.Lru);
        if (listed && !mem.Lru[LruLists.KindOf(frame)].Holds(frame))
        {
            found.Add($"{frame}: not on the list that its flags name");
        }
    }

    /// <summary>True when the file has the frame, or only set it aside: then it shows no page.</summary>
    private static bool IsOwned(FileMapping file, PageFrame frame) =>
        file.Owner.FindPage(frame.Index) == frame || !frame.Has(PageFlags.UpToDate);

    private static void CheckSlots(MemorySystem mem, Dictionary<ulong, int> slots, List<string> found)
    {
        for (int type = 0; type < mem.Swap.Areas.Count; type++)
        {
            for (int slot = 1; slot < mem.Swap.Areas[type].SlotCount; slot++)
            {
                SwapEntry entry = new(type, (ulong)slot);
                int named = slots.GetValueOrDefault(entry.Raw);
                if (mem.Swap.CountOf(entry) != named)
                {
                    found.Add($"swap slot {type}:{slot} counts {mem.Swap.CountOf(entry)} users; tables and files name it {named} times");
                }
            }
        }
    }
}

/// <summary>What the tables of all spaces hold together, and what was found wrong.</summary>
internal sealed record Tally(Dictionary<ulong, int> Maps, Dictionary<ulong, int> Slots, List<string> Found)
{
    /// <summary>Leaves of the huge zeros.</summary>
    public int HugeZeros { get; set; }

    public void CountMap(Pfn frame) => Maps[frame.Raw] = Maps.GetValueOrDefault(frame.Raw) + 1;

    public void CountSlot(SwapEntry entry) => Slots[entry.Raw] = Slots.GetValueOrDefault(entry.Raw) + 1;
}

/// <summary>What the tables of one space hold.</summary>
internal sealed class SpaceTally
{
    public long Resident { get; set; }

    public long Swapped { get; set; }

    public long AnonHuge { get; set; }

    public long HugeTlb { get; set; }

    public int SpareTables { get; set; }
}
