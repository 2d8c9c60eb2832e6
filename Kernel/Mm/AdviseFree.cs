using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Reclaim;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Kernel.Mm;

/// <summary>MADV_FREE as the page tables see it: entries lose A and D, the pages stay.</summary>
/// <remarks>What it does to the pages is <see cref="LazyFree"/>'s part, after the flush. Rows F-020 to F-036.</remarks>
internal static class AdviseFree
{
    public static Refusal Mark(in AdviceSite site)
    {
        if (site.WhyUntouchable() is var why && why != Refusal.None)
        {
            return why;
        }

        if (!site.Vma.IsAnonymous)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.MappingHasFile);
        }

        using TlbGather gather = site.Mem.Gathers.Take(site.Space.Tag);
        if (site.Mem.Profile.MadvFree == MadvFreeVersion.Linux45 && site.Mem.Swap.FreeSlots == 0)
        {
            Zap.Range(site.Mem, site.Vma, site.Part, gather);
            return Refusal.None;
        }

        TableCursor cursor = site.Mem.Editor.Over(site.Space.Tables, site.Part);
        while (cursor.MoveNext())
        {
            if (cursor.TryPte(out PteSlot at))
            {
                MarkEntry(site, at, gather);
            }
            else if (FreeHuge.Mark(site, cursor.Current, gather) == HugeFreeing.Split)
            {
                cursor.Again();
            }
        }

        return Refusal.None;
    }

    private static void MarkEntry(in AdviceSite site, in PteSlot at, TlbGather gather)
    {
        if (SoftPteFormat.HasFrame(at.Entry))
        {
            // The zero page holds nothing that could be freed.
            if (!SoftPteFormat.IsSpecial(at.Entry))
            {
                _ = site.Mem.Editor.Write(at, at.Entry.Without(PteBits.A | PteBits.D), gather);
                gather.LazyFreed(site.Mem.Frames[at.Entry.Frame]);
            }
        }
        else if (site.Mem.Profile.MadvFree != MadvFreeVersion.Rfc2014 && site.Mem.SoftPtes.KindOf(at.Entry) == SoftPteKind.Swap)
        {
            _ = site.Mem.Editor.Write(at, Pte.None, gather);
            site.Space.Rss.Swap--;
            SwapCacheRules.DropEntry(site.Mem, SoftPteFormat.SwapOf(at.Entry));
        }
    }
}
