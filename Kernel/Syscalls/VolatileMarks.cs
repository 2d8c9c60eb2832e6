using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>Changes the marks on one part of one mapping, in the ranges of whom they belong to.</summary>
internal static class VolatileMarks
{
    /// <summary>In the ranges of an address space: private memory.</summary>
    /// <returns><see cref="Refusal.None"/>; ENOMEM when there is no node to be had, and then nothing changed.</returns>
    public static Refusal OfSpace(IVolatileRanges ranges, VirtRange part, VrangeMode mode, out bool purged, bool partly = false)
    {
        purged = false;
        return mode == VrangeMode.Volatile ? ranges.Mark(part, partly) : ranges.Unmark(part, out purged);
    }

    /// <summary>In the ranges of the file that <paramref name="vma"/> maps shared.</summary>
    /// <returns>As <see cref="OfSpace"/>.</returns>
    public static Refusal OfFile(IVolatileFile ranges, Vma vma, VirtRange part, VrangeMode mode, out bool purged)
    {
        purged = false;
        ulong key = ranges.KeyOf(vma, part.Start);
        ulong length = part.End.Raw - part.Start.Raw;
        return mode == VrangeMode.Volatile ? ranges.Mark(key, length) : ranges.Unmark(key, length, out purged);
    }
}
