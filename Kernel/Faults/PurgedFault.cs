using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Faults;

/// <summary>A touch of a page that vrange purged: SIGBUS while its range is volatile, else the stale entry is dropped.</summary>
/// <remarks>The kind of access does not matter (V-080, V-081).</remarks>
internal static class PurgedFault
{
    /// <summary>Asks the volatile ranges; without any, the entry is stale and the retry fills a page of zeros (V-088).</summary>
    public static FaultOutcome Judge(in FaultSite site)
    {
        if (site.Space.Volatile is { } ranges && ranges.IsPurged(site.Vma, site.Fault.Cr2))
        {
            return FaultOutcome.Bus(FaultKind.Purged, site.Fault.Cr2);
        }

        site.Install(Pte.None);
        return FaultOutcome.Resume(FaultKind.Purged);
    }
}
