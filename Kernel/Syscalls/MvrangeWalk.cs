using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>One call of mvrange, over every mapping that it meets.</summary>
/// <param name="purge">Who keeps the ranges.</param>
/// <param name="perProcess">Shared mappings are marked for the process alone (V-215), not for the file.</param>
/// <param name="mode">What is asked.</param>
internal readonly struct MvrangeWalk(IVolatilePurge purge, bool perProcess, FileVrangeMode mode)
{
    private const VmFlags Passed = VmaVolatility.NeverPurged;

    /// <summary>Goes over the mappings of <paramref name="range"/>.</summary>
    /// <returns>0 or 1; ENOMEM when there is no node, and then what came before it is marked.</returns>
    public SyscallOutcome Run(AddressSpace space, VirtRange range)
    {
        bool yes = false;
        for (int at = space.Vmas.IndexAtOrAbove(range.Start); at < space.Vmas.Count && space.Vmas[at].Start.Raw < range.End.Raw; at++)
        {
            Vma vma = space.Vmas[at];
            Refusal refusal = IsMeant(vma) ? One(vma, range.Intersect(vma.Range), ref yes) : Refusal.None;
            if (refusal != Refusal.None)
            {
                return refusal;
            }
        }

        return SyscallOutcome.Of(yes ? 1UL : 0);
    }

    private bool IsMeant(Vma vma) => mode switch
    {
        _ when vma.Flags.HasAny(Passed) => false,
        FileVrangeMode.VolatileAnon => !vma.Has(VmFlags.MayShare),
        FileVrangeMode.VolatileFile => vma.Has(VmFlags.MayShare),
        _ => true,
    };

    private Refusal One(Vma vma, VirtRange part, ref bool yes)
    {
        bool met = false;
        Refusal refusal = Refusal.None;
        if (mode == FileVrangeMode.IsVolatile)
        {
            met = IsVolatile(vma, part);
        }
        else
        {
            VrangeMode change = mode == FileVrangeMode.NonVolatile ? VrangeMode.NonVolatile : VrangeMode.Volatile;
            refusal = !perProcess && vma.Has(VmFlags.MayShare) && vma.Backing is { } file
                ? VolatileMarks.OfFile(purge.RangesOf(file), vma, part, change, out met)
                : VolatileMarks.OfSpace(vma.Space.Volatile ?? purge.RangesOf(vma.Space), part, change, out met);
        }

        yes |= met;
        return refusal;
    }

    private static bool IsVolatile(Vma vma, VirtRange part) =>
        vma.Space.Volatile?.HasRange(part) == true
        || (vma.SharedRanges() is { } file && file.IsVolatile(file.KeyOf(vma, part.Start), part.End.Raw - part.Start.Raw));
}
