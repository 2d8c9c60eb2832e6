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
    /// None; EINVAL when the range wraps; ENOMEM when a limit that binds is exceeded, the range meets a hole (what lies below is
    /// locked), or a page cannot be had.
    /// </returns>
    public static Refusal Range(MemorySystem mem, AddressSpace space, VirtAddr start, ulong lengthBytes)
    {
        if (!TryRound(start, lengthBytes, out VirtRange range))
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.RangeWraps);
        }

        if (range.IsEmpty)
        {
            return Refusal.None;
        }

        ulong pages = range.PageCount + space.LockedPages;
        if (pages << 12 > space.Limits.MayLockBytes)
        {
            pages -= LockedIn(space, range);
        }

        if (pages << 12 > space.Limits.MayLockBytes)
        {
            return new Refusal(Errno.ENOMEM, ErrnoCause.LockLimit);
        }

        Refusal refusal = SetFlag(mem, space, range, VmFlags.Locked);
        return refusal == Refusal.None ? Populate.Range(mem, space, range) : refusal;
    }

    /// <summary>Unlocks the pages that the bytes touch.</summary>
    /// <returns>None; EINVAL when the range wraps; ENOMEM when it meets a hole (what lies below is unlocked).</returns>
    public static Refusal Release(MemorySystem mem, AddressSpace space, VirtAddr start, ulong lengthBytes)
    {
        if (!TryRound(start, lengthBytes, out VirtRange range))
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.RangeWraps);
        }

        return range.IsEmpty ? Refusal.None : SetFlag(mem, space, range, VmFlags.None);
    }

    /// <summary>mlockall(MCL_CURRENT) or, with no flag, munlockall: every mapping of the space.</summary>
    /// <returns>None; ENOMEM when the limit is exceeded.</returns>
    public static Refusal All(MemorySystem mem, AddressSpace space, VmFlags locked)
    {
        if (locked != VmFlags.None && space.Vmas.TotalBytes > space.Limits.MayLockBytes)
        {
            return new Refusal(Errno.ENOMEM, ErrnoCause.LockLimit);
        }

        for (int i = 0; i < space.Vmas.Count; i++)
        {
            SetOne(mem, space.Vmas[i], locked);
        }

        for (int i = 0; locked != VmFlags.None && i < space.Vmas.Count; i++)
        {
            _ = Populate.Range(mem, space, space.Vmas[i].Range);
        }

        return Refusal.None;
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

    private static Refusal SetFlag(MemorySystem mem, AddressSpace space, VirtRange range, VmFlags locked)
    {
        VirtAddr at = range.Start;
        Refusal refusal = Refusal.None;
        while (refusal == Refusal.None && at.Raw < range.End.Raw)
        {
            if (space.FindVma(at) is not { } vma)
            {
                refusal = new Refusal(Errno.ENOMEM, ErrnoCause.NotMapped);
                break;
            }

            VirtRange part = range.Intersect(vma.Range);
            if ((vma.Flags & VmFlags.Locked) != locked)
            {
                refusal = Cut.Out(mem, space, part);
                if (refusal == Refusal.None)
                {
                    SetOne(mem, space.FindVma(at)!, locked);
                }
            }

            at = part.End;
        }

        VmaEdit.Join(space, range);
        return refusal;
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
    /// <remarks>Pages of hugetlb are on no list.</remarks>
    private static void MovePages(MemorySystem mem, Vma vma)
    {
        List<RmapSite> sites = [];
        TableCursor cursor = mem.Editor.Over(vma.Space.Tables, vma.Range);
        while (cursor.MoveNext())
        {
            if (!SoftPteFormat.HasFrame(cursor.Entry) || SoftPteFormat.IsSpecial(cursor.Entry))
            {
                continue;
            }

            PageFrame frame = mem.Frames.HeadOf(cursor.Entry.LeafFrame(cursor.Current.Size));
            if (frame.Has(PageFlags.HugeTlb))
            {
                continue;
            }

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
