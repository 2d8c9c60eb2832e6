using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Kernel.Abi;

/// <summary>Prices kernel work: the mini-kernel's own instructions are not executed by the machine.</summary>
/// <remarks>A path has a fixed price; pages that the kernel goes over are priced by their cache lines.</remarks>
internal interface IKernelCost
{
    /// <summary>Charges <paramref name="count"/> times the fixed price of <paramref name="path"/>.</summary>
    void Charge(KernelPath path, ulong count);

    /// <summary>Charges <paramref name="count"/> times what the processor takes for something that the kernel had it do.</summary>
    void Charge(HardwarePath path, ulong count);

    /// <summary>The kernel wrote every line of <paramref name="frame"/>.</summary>
    void PageZeroed(Pfn frame);

    /// <summary>The kernel read every line of one frame and wrote every line of the other.</summary>
    void PageCopied(Pfn from, Pfn to);

    /// <summary>The kernel wrote the 8 bytes of one page-table entry.</summary>
    void EntryWritten(PhysAddr slot);
}
