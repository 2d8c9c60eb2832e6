using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Huge;

/// <summary>The huge page of zeros: 2 MiB that all reads of untouched huge ranges share, there while somebody maps it.</summary>
/// <remarks>Its leaves have the special bit, as those of the small zero page: no frame counts them. Source: [Linux mm/huge_memory.c, mm_get_huge_zero_page].</remarks>
internal static class HugeZero
{
    /// <summary>The leaf that maps it in <paramref name="vma"/>; false when it cannot be had.</summary>
    public static bool TryUse(MemorySystem mem, Vma vma, out Pte leaf)
    {
        leaf = default;
        if (mem.Huge.Zero is null)
        {
            if (mem.Source.TryTakeBlock(HugePage.Order, FrameContent.Zero) is not { } made)
            {
                return false;
            }

            made.Set(PageFlags.Reserved | PageFlags.Head);
            mem.Huge.Zero = made;
            mem.Counters.Add(MmCounter.ThpZeroPageAlloc);
        }

        mem.Huge.ZeroUsers++;
        leaf = new Pte(vma.ReadOnlyEntryOf(mem.Huge.Zero.Pfn, PteBits.PS).Raw | SoftPteFormat.SpecialBit);
        return true;
    }

    /// <summary>One leaf more maps it: a child's.</summary>
    public static void Share(MemorySystem mem) => mem.Huge.ZeroUsers++;

    /// <summary>One leaf fewer maps it, and its flush is done; the last one frees it.</summary>
    public static void Leave(MemorySystem mem)
    {
        if (--mem.Huge.ZeroUsers == 0)
        {
            PageFrame zero = mem.Huge.Zero!;
            mem.Huge.Zero = null;
            mem.Source.Release(zero);
        }
    }
}
