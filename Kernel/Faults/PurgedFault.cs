using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Faults;

/// <summary>A touch of a page that vrange purged: SIGBUS while its range is volatile, else the stale entry is dropped.</summary>
/// <remarks>The kind of access does not matter (V-080, V-081).</remarks>
internal static class PurgedFault
{
    /// <summary>Asks the volatile ranges; without any, the entry is stale and the retry fills a page of zeros, or the file's (V-088, V-099).</summary>
    public static FaultOutcome Judge(in FaultSite site)
    {
        bool isLost = site.Entry == Pte.None;
        if (isLost || VmaVolatility.IsPurged(site.Vma, site.Fault.Cr2))
        {
            return FaultOutcome.Bus(FaultKind.Purged, site.Fault.Cr2);
        }

        site.Install(Pte.None);
        return site.Vma.Backing is not null && RefillsWithZeros(site) ? Zeros(site) : FaultOutcome.Resume(FaultKind.Purged);
    }

    /// <summary>A shared mapping must show the file: there it is a bug of the posted code.</summary>
    private static bool RefillsWithZeros(in FaultSite site) =>
        site.Mem.Vrange.RefillsFilesWithZeros && (!site.Vma.Has(VmFlags.MayShare) || site.Mem.Vrange.Has(VrangeQuirks.SharedRefillsWithZeros));

    /// <summary>A page of zeros of the mapping's own, whatever the file has there (V-206); for a read too, as a shared mapping would write to the common page of zeros.</summary>
    private static FaultOutcome Zeros(in FaultSite site)
    {
        if (site.Mem.Source.TryTake(FrameContent.Zero) is not { } frame)
        {
            return FaultOutcome.OutOfMemory(FaultKind.Purged);
        }

        AnonymousFault.NewAnonPage(site, frame);
        return FaultOutcome.Resume(FaultKind.Purged);
    }
}
