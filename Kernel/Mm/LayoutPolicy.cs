using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Kernel.Mm;

/// <summary>Where the parts of a program are put.</summary>
/// <remarks>
/// Without randomness: position-independent programs at 555555554000, mappings down from 7ffff7fff000, the stack down from
/// 7ffffffff000, the heap right behind the program. Source: [Linux arch/x86/mm/mmap.c; fs/binfmt_elf.c, ELF_ET_DYN_BASE].
/// </remarks>
/// <param name="random">Draws offsets; null for none.</param>
internal sealed class LayoutPolicy(SeededRandom? random)
{
    private const ulong StackTopFixed = 0x7FFF_FFFF_F000;
    private const ulong MmapTopFixed = 0x7FFF_F7FF_F000;
    private const ulong PieBase = 0x5555_5555_4000;

    /// <summary>One past the highest byte of the stack.</summary>
    public VirtAddr StackTop() => new(StackTopFixed - (Draw(bits: 22) << 12));

    /// <summary>The address below which mappings are put.</summary>
    public VirtAddr MmapTop() => new(MmapTopFixed - (Draw(bits: 28) << 12));

    /// <summary>The base of a position-independent program.</summary>
    public VirtAddr ProgramBase() => new(PieBase + (Draw(bits: 28) << 12));

    /// <summary>Where the heap begins, for a program that ends at <paramref name="programEnd"/>.</summary>
    public VirtAddr HeapStart(VirtAddr programEnd) => programEnd + (Draw(bits: 13) << 12);

    private ulong Draw(int bits) => random is null ? 0 : random.Next() & ((1UL << bits) - 1);
}
