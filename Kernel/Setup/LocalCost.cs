using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Setup;

/// <summary>Kernel work is paid for by the processor that does it.</summary>
internal sealed class LocalCost(ProcessorSet processors, IReadOnlyList<ModelCost> costs) : IKernelCost
{
    private ModelCost Here => costs[processors.Here.Number];

    /// <inheritdoc/>
    public void Charge(KernelPath path, ulong count) => Here.Charge(path, count);

    /// <inheritdoc/>
    public void Charge(HardwarePath path, ulong count) => Here.Charge(path, count);

    /// <inheritdoc/>
    public void PageZeroed(Pfn frame) => Here.PageZeroed(frame);

    /// <inheritdoc/>
    public void PageCopied(Pfn from, Pfn to) => Here.PageCopied(from, to);

    /// <inheritdoc/>
    public void EntryWritten(PhysAddr slot) => Here.EntryWritten(slot);
}
