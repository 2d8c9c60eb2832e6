using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Kernel.Faults;

/// <summary>The first touch of private anonymous memory: the shared zero page for a read, a fresh frame of zeros for a write.</summary>
/// <remarks>Source: [Linux mm/memory.c, do_anonymous_page].</remarks>
internal static class AnonymousFault
{
    /// <summary>Fills the hole.</summary>
    public static FaultOutcome Fill(in FaultSite site)
    {
        if (!site.IsWrite)
        {
            Pte zero = site.Vma.ReadOnlyEntryOf(site.Mem.ZeroFrame.Pfn, PteBits.None);
            site.Install(new Pte(zero.Raw | SoftPteFormat.SpecialBit));
            return FaultOutcome.Resume(FaultKind.Anonymous);
        }

        if (site.Mem.Source.TryTake(FrameContent.Zero) is not { } frame)
        {
            return FaultOutcome.OutOfMemory(FaultKind.Anonymous);
        }

        NewAnonPage(site, frame);
        return FaultOutcome.Resume(FaultKind.Anonymous);
    }

    /// <summary>Maps a frame whose content is ready as a page of the mapping's own, writable if the mapping is, and dirty.</summary>
    internal static void NewAnonPage(in FaultSite site, PageFrame frame)
    {
        site.Mem.Rmap.AdoptAnon(frame, site.Vma, site.Page);
        frame.Set(PageFlags.UpToDate | PageFlags.Active);
        if (site.Vma.Has(Vmas.VmFlags.Locked))
        {
            frame.Set(PageFlags.Unevictable);
            frame.Clear(PageFlags.Active);
        }

        ReverseMap.AddMapping(frame, site.Space);
        site.Mem.Lru.Add(frame);
        site.Install(site.Vma.EntryOf(frame.Pfn, PteBits.D));
    }
}
