using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Volatile;

/// <summary>The system call <c>vrange(start, length, mode, purged)</c>, number 314: marks private memory volatile or not.</summary>
/// <remarks>It was posted and never merged. Source: [vrange v10 04/16, sys_vrange, do_vrange].</remarks>
public sealed class VrangeCall(RangePurger purger, IUserWords words)
{
    /// <summary>Its number on x86-64 (V-001).</summary>
    public const int Number = 314;

    private const VmFlags Refused = VmFlags.Locked | VmFlags.HugeTlb | VmFlags.MixedMap | VmFlagsOps.Special;

    /// <summary>Runs the call for <paramref name="space"/>.</summary>
    /// <returns>
    /// Bytes marked or unmarked from the start on, holes included (V-044); fewer than asked for when it met the end of the
    /// mappings, a locked or special one, or ran out of memory; 0 when the first mapping is such a one or there is none.
    /// EINVAL see <see cref="VrangeArgs.Check"/>; EFAULT when the purged word cannot be written; ENOMEM when no node can be
    /// had for the first mapping. Nothing is marked or unmarked then.
    /// </returns>
    public SysResult Vrange(AddressSpace space, in VrangeArgs args)
    {
        Errno refused = args.Check();
        if (refused != Errno.None)
        {
            return refused;
        }

        if (!TryStorePurged(space, args, 0))
        {
            return Errno.EFAULT;
        }

        SysResult result = Walk(space, args, out bool purged);

        // The word was written a moment ago; only a swap-in that finds no memory can make this store fail.
        return TryStorePurged(space, args, purged ? 1 : 0) ? result : Errno.EFAULT;
    }

    private bool TryStorePurged(AddressSpace space, in VrangeArgs args, int value) =>
        args.Purged.Raw == 0 || words.TryStore(space, args.Purged, value);

    private SysResult Walk(AddressSpace space, in VrangeArgs args, out bool purged)
    {
        purged = false;
        ulong end = args.Start.Raw + args.LengthBytes;
        ulong next = args.Start.Raw;
        ulong done = 0;
        while (next < end && space.Vmas.FindAtOrAbove(new VirtAddr(next)) is { } vma && vma.Start.Raw < end && !vma.Flags.HasAny(Refused))
        {
            ByteInterval bytes = new(Math.Max(next, vma.Start.Raw), Math.Min(end, vma.End.Raw) - 1);
            Errno failed = Apply(vma, bytes, args.Mode, ref purged);
            if (failed != Errno.None)
            {
                return done > 0 ? SysResult.Of(done) : failed;
            }

            next = bytes.Last + 1;
            done = next - args.Start.Raw;
        }

        return SysResult.Of(done);
    }

    /// <summary>Marks or unmarks the part of the request that lies in one mapping.</summary>
    /// <remarks>Shared mappings are counted and never purged, which any kernel is free to do (V-167).</remarks>
    private Errno Apply(Vma vma, ByteInterval bytes, VrangeMode mode, ref bool purged)
    {
        if (vma.Has(VmFlags.Shared))
        {
            return Errno.None;
        }

        VolatileTree tree = SpaceRanges.Of(vma.Space, purger).Tree;
        if (mode == VrangeMode.Volatile)
        {
            return tree.Mark(bytes);
        }

        Errno failed = tree.Unmark(bytes, out bool met);
        purged |= met;
        return failed;
    }
}
