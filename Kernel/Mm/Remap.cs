using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary><c>mremap(2)</c>: moves, shrinks or enlarges a mapping.</summary>
/// <remarks>Source: [Linux mm/mremap.c].</remarks>
internal static class Remap
{
    private const RemapFlags Known = RemapFlags.MayMove | RemapFlags.Fixed | RemapFlags.DontUnmap;

    /// <summary>Gives the mapping its new length and, if need be, its new place.</summary>
    /// <returns>
    /// The address afterwards; EINVAL for bad flags, unaligned addresses, a new length of 0, or overlapping ranges; EFAULT
    /// when the old range is not one mapping; EAGAIN when locked memory exceeds its limit; ENOMEM when it cannot grow in
    /// place and may not move, or limits forbid it.
    /// </returns>
    public static Result<VirtAddr> Move(MemorySystem mem, AddressSpace space, in RemapRequest request)
    {
        ulong oldLength = VirtRange.PageAlign(request.OldLengthBytes);
        ulong newLength = VirtRange.PageAlign(request.NewLengthBytes);
        if (!FlagsAreValid(request.Flags, oldLength, newLength) || request.Old.PageOffset != 0 || newLength is 0 or > VirtRange.TaskSize)
        {
            return Errno.EINVAL;
        }

        RemapPlan plan = new(mem, space, request.Old, oldLength, newLength, request.Flags);
        if ((request.Flags & (RemapFlags.Fixed | RemapFlags.DontUnmap)) != 0)
        {
            return MoveTo(plan, request.New);
        }

        if (CheckMapped(plan) != Errno.None)
        {
            return Errno.EFAULT;
        }

        if (oldLength == newLength)
        {
            return request.Old;
        }

        if (oldLength > newLength)
        {
            Errno errno = Unmap.Range(mem, space, request.Old + newLength, oldLength - newLength);
            return errno == Errno.None ? request.Old : errno;
        }

        return Grow(plan);
    }

    private static bool FlagsAreValid(RemapFlags flags, ulong oldLength, ulong newLength)
    {
        bool mayMove = (flags & RemapFlags.MayMove) != 0;
        bool placed = (flags & (RemapFlags.Fixed | RemapFlags.DontUnmap)) != 0;
        bool keepsOld = (flags & RemapFlags.DontUnmap) != 0;
        return (flags & ~Known) == 0 && (mayMove || !placed) && (!keepsOld || oldLength == newLength);
    }

    private static Result<VirtAddr> Grow(in RemapPlan plan)
    {
        Errno errno = CheckResize(plan, out Vma vma);
        if (errno != Errno.None)
        {
            return errno;
        }

        if (plan.OldLength == vma.End.Raw - plan.Old.Raw && TryGrowInPlace(plan, vma))
        {
            return plan.Old;
        }

        if ((plan.Flags & RemapFlags.MayMove) == 0)
        {
            return Errno.ENOMEM;
        }

        return Placement.Search(plan.Space, plan.NewLength).Ok(out VirtAddr place, out errno) ? MoveVma.Run(plan, vma, place) : errno;
    }

    private static bool TryGrowInPlace(in RemapPlan plan, Vma vma)
    {
        VirtRange added = VirtRange.Of(vma.End, plan.NewLength - plan.OldLength);
        if (added.End.Raw > VirtRange.TaskSize || added.End.Raw < added.Start.Raw || plan.Space.Vmas.Overlaps(added))
        {
            return false;
        }

        plan.Space.Volatile?.Forget(added);
        plan.Space.Vmas.Resize(vma, new VirtRange(vma.Start, added.End));
        if (vma.Has(VmFlags.Locked))
        {
            plan.Space.LockedPages += added.PageCount;
            _ = Populate.Range(plan.Mem, plan.Space, added);
        }

        VmaEdit.Join(plan.Space, added);
        return true;
    }

    private static Result<VirtAddr> MoveTo(in RemapPlan given, VirtAddr wanted)
    {
        VirtRange target = VirtRange.Of(wanted, given.NewLength);
        if (wanted.PageOffset != 0
            || wanted.Raw > VirtRange.TaskSize - given.NewLength
            || VirtRange.Of(given.Old, given.OldLength).Overlaps(target))
        {
            return Errno.EINVAL;
        }

        // A move that also shrinks is judged by what is left after the cut.
        Errno errno = given.OldLength > given.NewLength ? CheckMapped(given) : CheckResize(given, out _);
        if (errno != Errno.None)
        {
            return errno;
        }

        errno = PrepareTarget(given, target, out RemapPlan plan);
        if (errno != Errno.None)
        {
            return errno;
        }

        errno = CheckResize(plan, out Vma vma);
        if (errno != Errno.None)
        {
            return errno;
        }
        if ((plan.Flags & RemapFlags.Fixed) != 0)
        {
            return wanted.Raw < Placement.MinAddress ? Errno.EPERM : MoveVma.Run(plan, vma, wanted);
        }

        return Placement.Search(plan.Space, plan.NewLength).Ok(out VirtAddr place, out errno) ? MoveVma.Run(plan, vma, place) : errno;
    }

    /// <summary>Empties the target of a fixed move and cuts off what shrinking drops.</summary>
    private static Errno PrepareTarget(in RemapPlan given, VirtRange target, out RemapPlan plan)
    {
        plan = given;
        if ((given.Flags & RemapFlags.Fixed) != 0)
        {
            Errno errno = Unmap.Range(given.Mem, given.Space, target);
            if (errno != Errno.None)
            {
                return errno;
            }
        }

        if (given.OldLength <= given.NewLength)
        {
            return Errno.None;
        }

        plan = given with { OldLength = given.NewLength };
        return Unmap.Range(given.Mem, given.Space, given.Old + given.NewLength, given.OldLength - given.NewLength);
    }

    private static Errno CheckMapped(in RemapPlan plan) => plan.Space.FindVma(plan.Old) is null ? Errno.EFAULT : Errno.None;

    private static Errno CheckResize(in RemapPlan plan, out Vma vma)
    {
        vma = plan.Space.FindVma(plan.Old)!;
        if (vma is null)
        {
            return Errno.EFAULT;
        }

        bool special = vma.Flags.HasAny(VmFlagsOps.Special);
        if ((plan.OldLength == 0 && !vma.Has(VmFlags.MayShare)) || (special && (plan.Flags & RemapFlags.DontUnmap) != 0))
        {
            return Errno.EINVAL;
        }

        if (plan.OldLength > vma.End.Raw - plan.Old.Raw)
        {
            return Errno.EFAULT;
        }

        ulong growth = plan.NewLength - Math.Min(plan.NewLength, plan.OldLength);
        if ((plan.Flags & RemapFlags.DontUnmap) != 0)
        {
            growth = plan.NewLength;
        }

        if (growth == 0)
        {
            return Errno.None;
        }

        return special ? Errno.EFAULT : Room.Check(plan.Mem, plan.Space, VirtRange.Of(vma.End, growth), vma.Flags);
    }
}

/// <summary>What <c>mremap(2)</c> is asked for.</summary>
/// <param name="Old">Where the mapping is; page-aligned.</param>
/// <param name="OldLengthBytes">Its length; 0 makes a second view of a shared mapping.</param>
/// <param name="NewLengthBytes">Its new length.</param>
/// <param name="Flags">May it move, and must it.</param>
/// <param name="New">Its new place, with MREMAP_FIXED.</param>
internal readonly record struct RemapRequest(VirtAddr Old, ulong OldLengthBytes, ulong NewLengthBytes, RemapFlags Flags, VirtAddr New);

/// <summary>A checked request on its way, lengths in whole pages.</summary>
internal readonly record struct RemapPlan(
    MemorySystem Mem, AddressSpace Space, VirtAddr Old, ulong OldLength, ulong NewLength, RemapFlags Flags);
