using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.UserCopy;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>The system call <c>vrange(start, length, mode, purged)</c>: marks memory volatile or not.</summary>
/// <remarks>It was posted and never merged. Source: [vrange v10 04/16, sys_vrange, do_vrange].</remarks>
/// <param name="purge">Who keeps the ranges and purges them.</param>
/// <param name="guest">Where the purged word is stored.</param>
internal sealed class VrangeCall(IVolatilePurge purge, UserMemory guest)
{
    private const VmFlags Refused = VmFlags.Locked | VmFlags.HugeTlb | VmFlags.MixedMap | VmFlagsOps.Special;

    /// <summary>Runs the call for <paramref name="space"/>, which is the one that runs.</summary>
    /// <returns>
    /// Bytes marked or unmarked from the start on, holes included (V-044); fewer than asked for when it met the end of the
    /// mappings, a locked or special one, or ran out of memory; 0 when the first mapping is such a one or there is none.
    /// EINVAL see <see cref="VrangeArgs.Check"/>; EFAULT when the purged word cannot be written; ENOMEM when no node can be
    /// had for the first mapping. Nothing is marked or unmarked then.
    /// </returns>
    public SysResult Vrange(AddressSpace space, in VrangeArgs args)
    {
        Refusal refused = args.Check();
        if (refused != Refusal.None)
        {
            return SysResult.Of(refused);
        }

        if (!TryStorePurged(args, 0))
        {
            return BadWord;
        }

        SysResult result = Walk(space, args, out bool purged);

        // The word was written a moment ago. Memory for a node may since have been had by swapping its page out, or by purging it.
        return TryStorePurged(args, purged ? 1U : 0) ? result : BadWord;
    }

    private static SysResult BadWord => SysResult.Of(new Refusal(Errno.EFAULT, ErrnoCause.BadPointer));

    private bool TryStorePurged(in VrangeArgs args, uint value) =>
        args.Purged.Raw == 0 || guest.TryWriteUInt32(args.Purged.Raw, value);

    private SysResult Walk(AddressSpace space, in VrangeArgs args, out bool purged)
    {
        purged = false;
        VirtRange rest = VirtRange.Of(args.Start, args.LengthBytes);
        ulong done = 0;
        while (!rest.IsEmpty && space.Vmas.FindAtOrAbove(rest.Start) is { } vma && vma.Start.Raw < rest.End.Raw && !vma.Flags.HasAny(Refused))
        {
            VirtRange part = rest.Intersect(vma.Range);
            Refusal failed = Apply(vma, part, args.Mode, ref purged);
            if (failed != Refusal.None)
            {
                return done > 0 ? SysResult.Of(done) : SysResult.Of(failed);
            }

            rest = rest with { Start = part.End };
            done = rest.Start.Raw - args.Start.Raw;
        }

        return SysResult.Of(done);
    }

    /// <summary>Marks or unmarks the part of the request that lies in one mapping: of the file where that is shared, else of the space (V-110, V-111).</summary>
    private Refusal Apply(Vma vma, VirtRange part, VrangeMode mode, ref bool purged)
    {
        bool met;
        Refusal failed = vma.Has(VmFlags.MayShare) && vma.Backing is { } file
            ? VolatileMarks.OfFile(purge.RangesOf(file), vma, part, mode, out met)
            : VolatileMarks.OfSpace(vma.Space.Volatile ?? purge.RangesOf(vma.Space), part, mode, out met);
        purged |= met;
        return failed;
    }
}
