using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Huge;
using MmuEmu.Kernel.Reclaim;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary>Advice that acts on the pages at once.</summary>
/// <remarks>Source: [Linux mm/madvise.c].</remarks>
internal static class AdvisePages
{
    public static Refusal DontNeed(in AdviceSite site) => site.WhyUntouchable() is var why && why != Refusal.None ? why : Drop(site);

    public static Refusal DontNeedLocked(in AdviceSite site) => site.WhySpecial() is var why && why != Refusal.None ? why : Drop(site);

    public static Refusal PopulateRead(in AdviceSite site) => PopulateAs(site, AccessKind.Read);

    public static Refusal PopulateWrite(in AdviceSite site) => PopulateAs(site, AccessKind.Write);

    /// <summary>Punches the part out of the file that a shared mapping may write to.</summary>
    /// <remarks>Source: [Linux mm/madvise.c, madvise_remove].</remarks>
    public static Refusal Remove(in AdviceSite site) => site.Vma switch
    {
        { } vma when vma.Has(VmFlags.Locked) => new Refusal(Errno.EINVAL, ErrnoCause.MappingLocked),
        { Backing: null } => new Refusal(Errno.EINVAL, ErrnoCause.NoFile),
        { } vma when !vma.Has(VmFlags.Shared | VmFlags.MayWrite) => new Refusal(Errno.EACCES, ErrnoCause.RightsNotGranted),
        { Backing: { } file } vma => file.Punch(vma.IndexOf(site.Part.Start) << 12, site.Part.LengthBytes),
    };

    /// <summary>Swapped pages are brought in; a page that cannot be had is left, for this is only advice.</summary>
    public static Refusal WillNeed(in AdviceSite site)
    {
        TableCursor cursor = site.Mem.Editor.Over(site.Space.Tables, site.Part);
        while (cursor.MoveNext())
        {
            if (cursor.TryPte(out _) && site.Mem.SoftPtes.KindOf(cursor.Entry) == SoftPteKind.Swap && site.Vma.Flags.HasAny(VmFlagsOps.Access))
            {
                _ = site.Mem.Filler?.Fill(site.Space, cursor.Address, AccessKind.Read);
            }
        }

        if (site.Vma.Backing is { Slots.Count: > 0 } file)
        {
            BringBack(site, file);
        }

        return Refusal.None;
    }

    /// <summary>Brings the pages back that a file of memory has in swap.</summary>
    /// <remarks>Source: [Linux mm/madvise.c, shmem_swapin_range].</remarks>
    private static void BringBack(in AdviceSite site, IBacking file)
    {
        ulong first = site.Vma.IndexOf(site.Part.Start);
        ulong end = Math.Min(first + site.Part.PageCount, (file.SizeBytes + 0xFFF) >> 12);
        for (ulong index = first; index < end; index++)
        {
            if (file.SlotOf(index) is not null && file.GetPage(index).Ok(out PageFrame? frame, out _))
            {
                site.Mem.Source.Release(frame);
            }
        }
    }

    /// <summary>Clears the A bits and moves the pages to the young end of the inactive lists.</summary>
    public static Refusal Cold(in AdviceSite site)
    {
        if (site.WhyUntouchable() is var why && why != Refusal.None)
        {
            return why;
        }

        foreach (PageFrame frame in CoolDown(site, keepsHuge: true))
        {
            if (frame.Has(PageFlags.Lru) && !frame.Has(PageFlags.Unevictable))
            {
                site.Mem.Lru.Move(frame, PageFlags.None, PageFlags.Active | PageFlags.Referenced);
            }
        }

        return Refusal.None;
    }

    /// <summary>Reclaims the pages now, those that only this mapping has.</summary>
    public static Refusal PageOut(in AdviceSite site)
    {
        if (site.WhyUntouchable() is var why && why != Refusal.None)
        {
            return why;
        }

        foreach (PageFrame frame in CoolDown(site, keepsHuge: false))
        {
            if (frame.MapCount == 1 && frame.Has(PageFlags.Lru) && !frame.Has(PageFlags.Unevictable))
            {
                _ = LruShrink.TryOne(site.Mem, frame, ReclaimReason.Direct);
            }
        }

        return Refusal.None;
    }

    private static Refusal Drop(in AdviceSite site)
    {
        using TlbGather gather = site.Mem.Gathers.Take(site.Space.Tag);
        Zap.Range(site.Mem, site.Vma, site.Part, gather);
        return Refusal.None;
    }

    private static Refusal PopulateAs(in AdviceSite site, AccessKind kind)
    {
        bool allowed = site.Vma.Has(kind == AccessKind.Write ? VmFlags.Write : VmFlags.Read) && !site.Vma.Has(VmFlags.PfnMap);
        return allowed ? Populate.As(site.Mem, site.Space, site.Part, kind) : new Refusal(Errno.EINVAL, ErrnoCause.MappingForbids);
    }

    /// <summary>Clears A in every entry of the part; gives the pages, which are none of the zero page's.</summary>
    /// <param name="site">The part.</param>
    /// <param name="keepsHuge">A huge page of this mapping alone stays whole when the part covers it; otherwise it is split.</param>
    private static List<PageFrame> CoolDown(in AdviceSite site, bool keepsHuge)
    {
        List<PageFrame> frames = [];
        using TlbGather gather = site.Mem.Gathers.Take(site.Space.Tag);
        TableCursor cursor = site.Mem.Editor.Over(site.Space.Tables, site.Part);
        while (cursor.MoveNext())
        {
            if (!cursor.Entry.Present || SoftPteFormat.IsSpecial(cursor.Entry))
            {
                continue;
            }

            PageFrame frame = site.Mem.Frames.HeadOf(cursor.Entry.LeafFrame(cursor.Current.Size));
            if (cursor.IsPte || (keepsHuge && site.Part.Contains(cursor.Current.Range)))
            {
                _ = site.Mem.Editor.Write(cursor.Current, cursor.Entry.Without(PteBits.A), gather);
                frames.Add(frame);
            }
            else if (frame.MapCount == 1)
            {
                HugeSplit.At(site.Mem, site.Space, cursor.Current);
                cursor.Again();
            }
        }

        return frames;
    }
}
