using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.UserCopy;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>The system call vrange, in every posting that had one; v13 calls it mvolatile.</summary>
/// <remarks>It was posted and never merged. Source: [vrange v7 03/11, v10 04/16, v11 2/3, v12 1/5], [mvolatile v13 1/4].</remarks>
/// <param name="purge">Who keeps the ranges and purges them.</param>
/// <param name="guest">Where the purged word is stored.</param>
internal sealed class VrangeCall(IVolatilePurge purge, UserMemory guest)
{
    /// <summary>Runs the call for <paramref name="space"/>, which is the one that runs.</summary>
    /// <returns>
    /// Bytes marked or unmarked from the start on, see <see cref="VrangeWalk"/>; in v7, 1 when a page of what is unmarked was lost, else 0.
    /// EINVAL see <see cref="VrangeArgs.Check"/>, and for a file at the start where files are not supported; EFAULT when the purged word cannot
    /// be written; ENOMEM when no node or mapping can be had for the first mapping, or none is at the start where holes are not skipped.
    /// Nothing is marked or unmarked then.
    /// </returns>
    public SysResult Vrange(AddressSpace space, in VrangeArgs args)
    {
        Refusal refused = args.Check(purge.Traits);
        if (refused != Refusal.None)
        {
            return SysResult.Of(refused);
        }

        if (!TryStorePurged(args, 0))
        {
            return BadWord;
        }

        SysResult result = new VrangeWalk(purge, space).Run(args.InPages(), out bool purged);
        if (purge.Traits.Shape == VrangeShape.Behaviour)
        {
            return result.IsOk ? SysResult.Of(purged ? 1UL : 0) : result;
        }

        // The word was written a moment ago. Memory for a node may since have been had by swapping its page out, or by purging it.
        return TryStorePurged(args, purged ? 1U : 0) || purge.Traits.Has(VrangeQuirks.LostWordIsSilent) ? result : BadWord;
    }

    private static SysResult BadWord => SysResult.Of(new Refusal(Errno.EFAULT, ErrnoCause.BadPointer));

    private bool TryStorePurged(in VrangeArgs args, uint value) =>
        args.Purged.Raw == 0 || guest.TryWriteUInt32(args.Purged.Raw, value);
}
