using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Huge;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary>Cuts mappings at the ends of a range, and the huge leaves that would lie across.</summary>
/// <remarks>Source: [Linux mm/mmap.c, __split_vma; mm/hugetlb.c, hugetlb_vm_op_split].</remarks>
internal static class Cut
{
    /// <summary>Makes mapping borders of both ends of <paramref name="range"/> where it meets mappings.</summary>
    /// <returns>None; ENOMEM when the space has as many mappings as it may; EINVAL inside a page of hugetlb, which cannot be cut.</returns>
    public static Refusal Out(MemorySystem mem, AddressSpace space, VirtRange range)
    {
        foreach (VirtAddr end in (ReadOnlySpan<VirtAddr>)[range.Start, range.End])
        {
            if (!HugePage.IsAligned(end.Raw) && space.Vmas.Find(end) is { } vma && vma.Has(VmFlags.HugeTlb))
            {
                return new Refusal(Errno.EINVAL, ErrnoCause.HugePageCut);
            }
        }

        HugeSplit.AtBorders(mem, space, range);
        return VmaEdit.Isolate(space, range);
    }
}
