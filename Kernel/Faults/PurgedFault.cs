using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Faults;

/// <summary>A touch of a page that vrange purged: SIGBUS while its range is volatile, else the stale entry is dropped.</summary>
/// <remarks>The kind of access does not matter (V-080, V-081).</remarks>
internal static class PurgedFault
{
    /// <summary>Asks the volatile ranges; without any, the entry is stale and the retry fills a page of zeros (V-088).</summary>
    public static FaultOutcome Judge(in FaultSite site)
    {
        bool isLost = site.Entry == Pte.None;
        if (isLost || VmaVolatility.IsPurged(site.Vma, site.Fault.Cr2))
        {
            return FaultOutcome.Bus(FaultKind.Purged, site.Fault.Cr2);
        }

        if (site.Vma.Backing is not null && FillsAnonymously(site.Mem.Profile))
        {
            return FillWithZeros(site);
        }

        site.Install(Pte.None);
        return FaultOutcome.Resume(FaultKind.Purged);
    }

    /// <summary>v8 and v9 as posted treat a purged entry of a file like one of anonymous memory (V-099).</summary>
    private static bool FillsAnonymously(KernelProfile profile) =>
        profile.Has(ProfileSwitches.VrangeQuirks) && profile.Vrange is VrangeVersion.V8 or VrangeVersion.V9;

    /// <summary>A frame of its own even for a read: a shared mapping would write to the common page of zeros.</summary>
    private static FaultOutcome FillWithZeros(in FaultSite site)
    {
        if (site.Mem.Source.TryTake(FrameContent.Zero) is not { } frame)
        {
            return FaultOutcome.OutOfMemory(FaultKind.Purged);
        }

        AnonymousFault.NewAnonPage(site, frame);
        return FaultOutcome.Resume(FaultKind.Purged);
    }
}
