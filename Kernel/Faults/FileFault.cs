using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Faults;

/// <summary>The first touch of a page that a file backs.</summary>
/// <remarks>Source: [Linux mm/memory.c, do_read_fault, do_cow_fault, do_shared_fault].</remarks>
internal static class FileFault
{
    /// <summary>Maps the file's page, or a private copy of it for a write to a private mapping; SIGBUS beyond the end.</summary>
    public static FaultOutcome Fill(in FaultSite site)
    {
        if (!site.Vma.Backing!.GetPage(site.Vma.IndexOf(site.Page)).Ok(out PageFrame? page, out Errno errno))
        {
            return errno == Errno.ENOMEM
                ? FaultOutcome.OutOfMemory(FaultKind.File)
                : FaultOutcome.Bus(FaultKind.File, site.Fault.Cr2);
        }

        if (site.IsWrite && !site.Vma.Has(VmFlags.Shared))
        {
            return CopyPrivately(site, page);
        }

        if (page.Has(PageFlags.Reserved))
        {
            return MapUncounted(site, page);
        }

        ReverseMap.AddMapping(page, site.Space);
        if (site.IsWrite)
        {
            page.Set(PageFlags.Dirty);
            site.Install(site.Vma.EntryOf(page.Pfn, PteBits.D));
        }
        else
        {
            site.Install(site.Vma.ReadOnlyEntryOf(page.Pfn, PteBits.None));
        }

        return FaultOutcome.Resume(FaultKind.File);
    }

    /// <summary>A page of the kernel's own: its entries are not counted.</summary>
    private static FaultOutcome MapUncounted(in FaultSite site, PageFrame page)
    {
        page.RefCount--;
        site.Install(new Pte(site.Vma.ReadOnlyEntryOf(page.Pfn, PteBits.None).Raw | SoftPteFormat.SpecialBit));
        return FaultOutcome.Resume(FaultKind.File);
    }

    private static FaultOutcome CopyPrivately(in FaultSite site, PageFrame page)
    {
        MemorySystem mem = site.Mem;
        PageFrame? copy = mem.Source.TryTake(FrameContent.Any);
        if (copy is not null)
        {
            PageBytes.Copy(mem, page, copy);
            mem.Cost?.Charge(KernelPath.CopyOnWrite, 1);
            mem.Cost?.PageCopied(page.Pfn, copy.Pfn);
            AnonymousFault.NewAnonPage(site, copy);
        }

        mem.Source.Release(page);
        return copy is null ? FaultOutcome.OutOfMemory(FaultKind.File) : FaultOutcome.Resume(FaultKind.File);
    }
}
