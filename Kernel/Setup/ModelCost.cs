using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Setup;

/// <summary>Kernel work priced by a cycle model: fixed prices for paths, and the model's caches for every line that is touched.</summary>
internal sealed class ModelCost(CycleModel model) : IKernelCost
{
    private const ulong PageBytes = 4096;

    /// <inheritdoc/>
    public void Charge(KernelPath path, ulong count) => model.Software(KernelCosts.Rows[(int)path].Cost, count);

    /// <inheritdoc/>
    public void Charge(HardwarePath path, ulong count) => model.Hardware(path, count);

    /// <inheritdoc/>
    public void PageZeroed(Pfn frame) => model.KernelStream(frame.Base, PageBytes);

    /// <inheritdoc/>
    public void PageCopied(Pfn from, Pfn to)
    {
        model.KernelStream(from.Base, PageBytes);
        model.KernelStream(to.Base, PageBytes);
    }

    /// <inheritdoc/>
    public void EntryWritten(PhysAddr slot)
    {
        Charge(KernelPath.PtePerPage, 1);
        model.KernelTouch(slot, MemoryUse.Update);
    }
}
