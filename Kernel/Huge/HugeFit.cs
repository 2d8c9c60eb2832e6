using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Huge;

/// <summary>Where a transparent huge page may be.</summary>
/// <remarks>Source: [Linux include/linux/huge_mm.h, thp_vma_allowable_order; mm/huge_memory.c].</remarks>
internal static class HugeFit
{
    /// <summary>True for a mapping whose faults may make huge pages.</summary>
    public static bool MayFault(MemorySystem mem, Vma vma) => IsSuited(vma) && !vma.Space.ForbidsHuge && mem.Huge.Mode switch
    {
        HugeMode.Never => false,
        HugeMode.Madvise => vma.Has(VmFlags.HugePage),
        HugeMode.Always => true,
    };

    /// <summary>True for a mapping that can hold huge pages at all: private anonymous memory that nobody asked to keep small.</summary>
    public static bool IsSuited(Vma vma) => vma.IsAnonymous && !vma.Flags.HasAny(VmFlags.NoHugePage | VmFlags.HugeTlb | VmFlags.MixedMap | VmFlagsOps.Special);

    /// <summary>The aligned 2 MiB around <paramref name="address"/>; false when they reach out of the mapping.</summary>
    public static bool TryRange(Vma vma, VirtAddr address, out VirtRange range)
    {
        range = VirtRange.Of(HugePage.StartOf(address), HugePage.Bytes);
        return vma.Range.Contains(range);
    }
}
