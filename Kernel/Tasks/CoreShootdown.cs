using MmuEmu.Emulator.Machine;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Kernel.Tasks;

/// <summary>Carries the kernel's flushes out on the processor.</summary>
/// <remarks>User pages are never global, so a space's entries are those of its PCID. Source: [Linux arch/x86/mm/tlb.c, flush_tlb_func].</remarks>
public sealed class CoreShootdown(Core core) : ITlbShootdown
{
    /// <inheritdoc/>
    public void Invalidate(in FlushRequest request)
    {
        if (request.Scope == FlushScope.Space)
        {
            core.Mmu.Invalidate(TlbInvalidation.PcidKeepGlobal(request.Space.Pcid));
            return;
        }

        for (VirtAddr at = request.Range.Start; at.Raw < request.Range.End.Raw; at += 4096)
        {
            core.Mmu.Invalidate(TlbInvalidation.PageKeepGlobal(at, request.Space.Pcid));
        }
    }
}
