using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Swap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Faults;

/// <summary>A write to a present entry without RW in a mapping that allows writes.</summary>
/// <remarks>Source: [Linux mm/memory.c, do_wp_page; mm/swapfile.c, reuse_swap_page].</remarks>
internal static class CopyOnWriteFault
{
    /// <summary>Makes the page writable where nobody else has it, and copies it otherwise.</summary>
    public static FaultOutcome Break(in FaultSite site)
    {
        if (SoftPteFormat.IsSpecial(site.Entry))
        {
            return CopySpecial(site);
        }

        PageFrame old = site.Mem.Frames[site.Entry.Frame];
        if (site.Vma.Has(VmFlags.Shared) || MayReuse(site.Mem, old))
        {
            return Reuse(site, old);
        }

        return Copy(site, old);
    }

    /// <summary>True when this entry is the only user of an anonymous page: no other entry, no swap slot that others name.</summary>
    internal static bool MayReuse(MemorySystem mem, PageFrame frame)
    {
        if (!frame.Mapping.IsAnon || frame.Mapping.IsKsm || !frame.TryLock())
        {
            return false;
        }

        bool alone = frame.MapCount == 1
            && (!frame.Has(PageFlags.SwapCache) || mem.Swap.CountOf(SwapEntry.OfRaw(frame.Swap)) == 0);
        if (alone)
        {
            _ = SwapCacheRules.TryFreeSlot(mem, frame);
        }

        frame.Unlock();
        return alone;
    }

    private static FaultOutcome Reuse(in FaultSite site, PageFrame frame)
    {
        site.Mem.Counters.Add(MmCounter.CowReuse);
        if (frame.Mapping.IsFile)
        {
            frame.Set(PageFlags.Dirty);
        }

        site.Install(site.Entry.With(PteBits.RW | PteBits.A | PteBits.D));
        return FaultOutcome.Resume(FaultKind.CopyOnWrite);
    }

    /// <summary>Copies a page whose entries are not counted: the zero page, or one of the kernel's own.</summary>
    private static FaultOutcome CopySpecial(in FaultSite site)
    {
        bool isZero = site.Vma.Backing is null;
        if (site.Mem.Source.TryTake(isZero ? FrameContent.Zero : FrameContent.Any) is not { } frame)
        {
            return FaultOutcome.OutOfMemory(FaultKind.CopyOnWrite);
        }

        if (!isZero)
        {
            site.Mem.Ram.CopyPage(site.Entry.Frame, frame.Pfn);
        }

        AnonymousFault.NewAnonPage(site, frame);
        return FaultOutcome.Resume(FaultKind.CopyOnWrite);
    }

    /// <summary>Copies the page; the old one is pinned meanwhile, because making room may try to reclaim it.</summary>
    private static FaultOutcome Copy(in FaultSite site, PageFrame old)
    {
        MemorySystem mem = site.Mem;
        old.RefCount++;
        PageFrame? copy = mem.Source.TryTake(FrameContent.Any);
        if (copy is null || mem.Editor.Read(site.Slot).Frame != old.Pfn || !mem.Editor.Read(site.Slot).Present)
        {
            return GiveUp(mem, old, copy);
        }

        PageBytes.Copy(mem, old, copy);
        if (mem.Cost is { } cost)
        {
            Price(cost, old, copy);
        }

        mem.Counters.Add(MmCounter.CowBreak);
        ReverseMap.DropMapping(old, site.Space);
        AnonymousFault.NewAnonPage(site, copy);
        mem.Sink.Unmapped(old);
        mem.Source.Release(old);
        return FaultOutcome.Resume(FaultKind.CopyOnWrite);
    }

    /// <summary>Apart from the copying, which mostly is free.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Price(IKernelCost cost, PageFrame old, PageFrame copy)
    {
        cost.Charge(KernelPath.CopyOnWrite, 1);
        cost.PageCopied(old.Pfn, copy.Pfn);
    }

    /// <summary>Memory is out, or making room took the old page away: the next try meets what there is then.</summary>
    private static FaultOutcome GiveUp(MemorySystem mem, PageFrame old, PageFrame? copy)
    {
        mem.Source.Release(old);
        if (copy is null)
        {
            return FaultOutcome.OutOfMemory(FaultKind.CopyOnWrite);
        }

        mem.Source.Release(copy);
        return FaultOutcome.Resume(FaultKind.CopyOnWrite);
    }
}
