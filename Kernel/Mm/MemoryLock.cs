using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary><c>mlock(2)</c> and kin: keeps pages in memory.</summary>
/// <remarks>Source: [Linux mm/mlock.c].</remarks>
internal static class MemoryLock
{
    /// <summary>Locks the pages that the bytes touch, and brings them in.</summary>
    /// <returns>
    /// None; EINVAL when the range wraps; ENOMEM when the limit is exceeded, the range meets a hole (what lies below is
    /// locked), or a page cannot be had.
    /// </returns>
    public static Errno Range(MemorySystem mem, AddressSpace space, VirtAddr start, ulong lengthBytes)
    {
        if (!TryRound(start, lengthBytes, out VirtRange range))
        {
            return Errno.EINVAL;
        }

        if (range.IsEmpty)
        {
            return Errno.None;
        }

        ulong pages = range.PageCount + space.LockedPages;
        if (pages << 12 > space.Limits.LockedBytes)
        {
            pages -= LockedIn(space, range);
        }

        if (pages << 12 > space.Limits.LockedBytes)
        {
            return Errno.ENOMEM;
        }

        Errno errno = SetFlag(mem, space, range, VmFlags.Locked);
        return errno == Errno.None ? Populate.Range(mem, space, range) : errno;
    }

    /// <summary>Unlocks the pages that the bytes touch.</summary>
    /// <returns>None; EINVAL when the range wraps; ENOMEM when it meets a hole (what lies below is unlocked).</returns>
    public static Errno Release(MemorySystem mem, AddressSpace space, VirtAddr start, ulong lengthBytes)
    {
        if (!TryRound(start, lengthBytes, out VirtRange range))
        {
            return Errno.EINVAL;
        }

        return range.IsEmpty ? Errno.None : SetFlag(mem, space, range, VmFlags.None);
    }

    /// <summary>mlockall(MCL_CURRENT) or, with no flag, munlockall: every mapping of the space.</summary>
    /// <returns>None; ENOMEM when the limit is exceeded.</returns>
    public static Errno All(MemorySystem mem, AddressSpace space, VmFlags locked)
    {
        if (locked != VmFlags.None && space.Vmas.TotalBytes > space.Limits.LockedBytes)
        {
            return Errno.ENOMEM;
        }

        for (int i = 0; i < space.Vmas.Count; i++)
        {
            SetOne(mem, space.Vmas[i], locked);
        }

        for (int i = 0; locked != VmFlags.None && i < space.Vmas.Count; i++)
        {
            _ = Populate.Range(mem, space, space.Vmas[i].Range);
        }

        return Errno.None;
    }

    /// <summary>Rounds to whole pages; a length that rounds to 2^64 counts as 0, as Linux has it.</summary>
    private static bool TryRound(VirtAddr start, ulong lengthBytes, out VirtRange range)
    {
        ulong length = VirtRange.PageAlign(unchecked(lengthBytes + (ulong)start.PageOffset));
        range = VirtRange.Of(start.PageBase, length);
        return range.End.Raw >= range.Start.Raw;
    }

    private static ulong LockedIn(AddressSpace space, VirtRange range)
    {
        ulong pages = 0;
        for (int i = space.Vmas.IndexAtOrAbove(range.Start); i < space.Vmas.Count && space.Vmas[i].Range.Overlaps(range); i++)
        {
            pages += space.Vmas[i].Has(VmFlags.Locked) ? space.Vmas[i].Range.Intersect(range).PageCount : 0;
        }

        return pages;
    }

    private static Errno SetFlag(MemorySystem mem, AddressSpace space, VirtRange range, VmFlags locked)
    {
        VirtAddr at = range.Start;
        Errno errno = Errno.None;
        while (errno == Errno.None && at.Raw < range.End.Raw)
        {
            if (space.FindVma(at) is not { } vma)
            {
                errno = Errno.ENOMEM;
                break;
            }

            VirtRange part = range.Intersect(vma.Range);
            if ((vma.Flags & VmFlags.Locked) != locked)
            {
                errno = VmaEdit.Isolate(space, part);
                if (errno == Errno.None)
                {
                    SetOne(mem, space.FindVma(at)!, locked);
                }
            }

            at = part.End;
        }

        VmaEdit.Join(space, range);
        return errno;
    }

    private static void SetOne(MemorySystem mem, Vma vma, VmFlags locked)
    {
        if ((vma.Flags & VmFlags.Locked) == locked)
        {
            return;
        }

        vma.Flags = (vma.Flags & ~VmFlags.Locked) | locked;
        vma.Space.LockedPages += locked == VmFlags.None ? 0UL - vma.Range.PageCount : vma.Range.PageCount;
        MovePages(mem, vma);
    }

    /// <summary>Puts the resident pages of the mapping on the list that fits: unevictable while a locked mapping holds them.</summary>
    /// <remarks>A larger leaf has no page on a list.</remarks>
    private static void MovePages(MemorySystem mem, Vma vma)
    {
        List<RmapSite> sites = [];
        TableCursor cursor = mem.Editor.Over(vma.Space.Tables, vma.Range);
        while (cursor.MoveNext())
        {
            if (!cursor.TryPte(out PteSlot at) || !SoftPteFormat.HasFrame(at.Entry) || SoftPteFormat.IsSpecial(at.Entry))
            {
                continue;
            }

            PageFrame frame = mem.Frames[at.Entry.Frame];
            sites.Clear();
            mem.Rmap.Collect(frame, RmapWanted.Present, sites);
            bool locked = sites.Exists(site => site.Vma.Has(VmFlags.Locked));
            mem.Lru.Move(
                frame,
                locked ? PageFlags.Unevictable : PageFlags.None,
                locked ? PageFlags.Active : PageFlags.Unevictable);
        }
    }
}
