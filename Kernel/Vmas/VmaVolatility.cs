using MmuEmu.Emulator.Values;

namespace MmuEmu.Kernel.Vmas;

/// <summary>Asks of a mapping's page whether it is volatile or purged, whoever keeps that: its address space, or the file that it shares.</summary>
internal static class VmaVolatility
{
    /// <summary>Mappings whose pages are never purged.</summary>
    public const VmFlags NeverPurged = VmFlags.Locked | VmFlags.HugeTlb | VmFlags.MixedMap | VmFlagsOps.Special;

    /// <summary>The ranges of the file that <paramref name="vma"/> maps shared; null for private memory and for a file that nobody marked.</summary>
    public static IVolatileFile? SharedRanges(this Vma vma) => vma.Has(VmFlags.MayShare) ? vma.Backing?.Mapping.Volatile : null;

    /// <summary>True when the page at <paramref name="address"/> may be purged as far as this mapping is concerned.</summary>
    public static bool IsVolatile(Vma vma, VirtAddr address)
    {
        if (vma.Flags.HasAny(NeverPurged))
        {
            return false;
        }

        return vma.Space.Volatile?.IsVolatile(vma, address) == true
            || (vma.SharedRanges() is { } file && file.IsVolatile(file.KeyOf(vma, address.PageBase)));
    }

    /// <summary>True when a touch of a purged entry at <paramref name="address"/> must be SIGBUS.</summary>
    public static bool IsPurged(Vma vma, VirtAddr address) =>
        vma.Space.Volatile?.IsPurged(vma, address) == true || vma.SharedRanges()?.IsPurged(vma, address) == true;

    /// <summary>True when there is no entry at <paramref name="address"/> because the mapping is younger than the purge of its page (OPEN-11).</summary>
    public static bool IsLost(Vma vma, VirtAddr address) => vma.SharedRanges()?.IsLost(vma.IndexOf(address)) == true;
}
