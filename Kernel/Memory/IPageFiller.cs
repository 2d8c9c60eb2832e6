using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Memory;

/// <summary>Fills pages before anybody touches them: the fault handler as lower floors see it.</summary>
internal interface IPageFiller
{
    /// <summary>Brings the page in as an access of <paramref name="kind"/> would.</summary>
    /// <returns><see cref="Refusal.None"/>; EFAULT where the access would raise a signal; ENOMEM when memory is out.</returns>
    Refusal Fill(AddressSpace space, VirtAddr address, AccessKind kind);
}
