using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Memory;

/// <summary>Empties one entry of a page table: a page, a swap slot or a marker alike.</summary>
/// <remarks>Source: [Linux mm/memory.c, zap_pte_range].</remarks>
internal static class EntryZap
{
    /// <summary>Makes the entry none; what it held is let go after the flush.</summary>
    public static void One(MemorySystem mem, Vma vma, in PteSlot at, TlbGather gather)
    {
        Pte old = mem.Editor.Write(at, Pte.None, gather);
        if (SoftPteFormat.HasFrame(old))
        {
            DropFrame(mem, vma, old, gather);
        }
        else if (mem.SoftPtes.KindOf(old) == SoftPteKind.Swap)
        {
            vma.Space.Rss.Swap--;
            SwapCacheRules.DropEntry(mem, SoftPteFormat.SwapOf(old));
        }
    }

    private static void DropFrame(MemorySystem mem, Vma vma, Pte old, TlbGather gather)
    {
        if (SoftPteFormat.IsSpecial(old))
        {
            return;
        }

        PageFrame frame = mem.Frames[old.Frame];
        if (frame.Mapping.IsFile && old.Has(PteBits.D))
        {
            frame.Set(PageFlags.Dirty);
        }

        ReverseMap.DropMapping(frame, vma.Space);
        if (frame.Mapping.IsFile && frame.Has(PageFlags.Unevictable) && vma.Has(VmFlags.Locked))
        {
            Unlock(mem, frame);
        }

        gather.Unmapped(frame);
    }

    /// <summary>A locked mapping let a file's page go, which stays in RAM: it may leave again unless another one locks it.</summary>
    /// <remarks>Source: [Linux mm/mlock.c, munlock_folio].</remarks>
    private static void Unlock(MemorySystem mem, PageFrame frame)
    {
        List<RmapSite> sites = [];
        mem.Rmap.Collect(frame, RmapWanted.Present, sites);
        if (!sites.Exists(static site => site.Vma.Has(VmFlags.Locked)))
        {
            mem.Lru.Move(frame, PageFlags.None, PageFlags.Unevictable);
        }
    }
}
