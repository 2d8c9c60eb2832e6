using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Memory;

/// <summary>What the machine as a whole knows of huge pages: who gets them, the huge page of zeros, the pool of hugetlb.</summary>
internal sealed class HugeState(HugeMode mode) : IStateful
{
    /// <summary>Which anonymous mappings get huge pages.</summary>
    public HugeMode Mode { get; set; } = mode;

    /// <summary>The head of the huge page of zeros that reads of untouched memory share; null while nobody maps it.</summary>
    public PageFrame? Zero { get; set; }

    /// <summary>Leaves that map it.</summary>
    public int ZeroUsers { get; set; }

    /// <summary>The pages of hugetlb.</summary>
    public HugePool Pool { get; } = new();

    /// <summary>True when segments of shared memory are made of pages of the pool (K-076).</summary>
    public bool HugeSegments { get; set; }

    object IStateful.Save(object? last) => SavedItems.Same((Mode, Zero, ZeroUsers, HugeSegments), last);

    void IStateful.Restore(object state) => (Mode, Zero, ZeroUsers, HugeSegments) = ((HugeMode, PageFrame?, int, bool))state;

    void IStateful.SeeParts(StateVisitor visitor) => visitor.See(Pool);
}
