using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Faults;

/// <summary>The entry allows the access already: somebody else was quicker, or a TLB was behind.</summary>
/// <remarks>Source: [Linux mm/memory.c, the end of handle_pte_fault].</remarks>
internal static class SpuriousFault
{
    /// <summary>Marks the entry used, and dirty for a write, and lets the access be tried again.</summary>
    public static FaultOutcome Settle(in FaultSite site)
    {
        Pte entry = site.Entry;
        if (!entry.Present && Tables.SoftPteFormat.HasFrame(entry))
        {
            entry = site.Vma.Reprotected(entry);
        }

        site.Install(entry.Present ? entry.With(site.IsWrite ? PteBits.A | PteBits.D : PteBits.A) : entry);
        return FaultOutcome.Resume(FaultKind.Spurious);
    }
}
