using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Faults;

/// <summary>Fills pages in advance by making the fault that a user access would make.</summary>
/// <remarks>Source: [Linux mm/gup.c, faultin_page].</remarks>
internal sealed class PageFiller(MemorySystem mem) : IPageFiller
{
    /// <summary>Faults that one page may take before there is no room for it: it needs its content and a copy of its own, and goes again and again while room is made for these.</summary>
    public const int MostTries = 64;

    /// <inheritdoc/>
    public Refusal Fill(AddressSpace space, VirtAddr address, AccessKind kind)
    {
        for (int tries = 0; !IsIn(space, address, kind); tries++)
        {
            if (tries == MostTries)
            {
                return new Refusal(Errno.ENOMEM, ErrnoCause.NoFrame);
            }

            PageFaultCode code = PageFaultCode.US | (kind == AccessKind.Write ? PageFaultCode.WR : PageFaultCode.None);
            FaultOutcome outcome = FaultHandler.Handle(mem, space, new PageFault(address, code));
            if (outcome.End != FaultEnd.Resume)
            {
                return outcome.End == FaultEnd.OutOfMemory
                    ? new Refusal(Errno.ENOMEM, ErrnoCause.NoFrame)
                    : new Refusal(Errno.EFAULT, ErrnoCause.TouchSignals);
            }
        }

        return Refusal.None;
    }

    private bool IsIn(AddressSpace space, VirtAddr address, AccessKind kind)
    {
        Pte entry = mem.Editor.Find(space.Tables, address).Entry;
        return entry.Present && (kind != AccessKind.Write || entry.Has(PteBits.RW));
    }
}
