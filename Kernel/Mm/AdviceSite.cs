using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary>One mapping's part of an advised range.</summary>
/// <param name="Mem">Memory management.</param>
/// <param name="Vma">The mapping.</param>
/// <param name="Part">The part of the range that lies in it.</param>
internal readonly record struct AdviceSite(MemorySystem Mem, Vma Vma, VirtRange Part)
{
    /// <summary>The address space.</summary>
    public AddressSpace Space => Vma.Space;

    /// <summary>EINVAL for a mapping whose pages must stay: locked, or special; None for others.</summary>
    public Refusal WhyUntouchable() => Vma.Has(VmFlags.Locked) ? new Refusal(Errno.EINVAL, ErrnoCause.MappingLocked) : WhySpecial();

    /// <summary>EINVAL for a mapping of huge pages or of a device; None for others.</summary>
    public Refusal WhySpecial() =>
        Vma.Flags.HasAny(VmFlags.HugeTlb | VmFlags.PfnMap) ? new Refusal(Errno.EINVAL, ErrnoCause.MappingSpecial) : Refusal.None;
}

/// <summary>Acts on advice for one mapping.</summary>
/// <returns>None, or the errno that ends the walk.</returns>
internal delegate Refusal AdviceHandler(in AdviceSite site);

/// <summary>One kind of advice.</summary>
/// <param name="Advice">The number.</param>
/// <param name="Handler">What is done.</param>
/// <param name="Note">For the documentation.</param>
internal sealed record AdviceRow(Advice Advice, AdviceHandler Handler, string Note)
{
    /// <summary>True when the walk ends at the first hole, whatever lies behind it.</summary>
    public bool EndsAtHole { get; init; }
}
