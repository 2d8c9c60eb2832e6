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
        ErrnoCause wrong = WhatIsWrong(request, oldLength, newLength);
        if (wrong != ErrnoCause.None)
        {
            return new Refusal(Errno.EINVAL, wrong);
        }

        RemapPlan plan = new(mem, space, request.Old, oldLength, newLength, request.Flags) { Top = request.Top };
        if ((request.Flags & (RemapFlags.Fixed | RemapFlags.DontUnmap)) != 0)
        {
            return MoveTo(plan, request.New);
        }

        Refusal refusal = CheckMapped(plan);
        if (refusal != Refusal.None)
        {
            return refusal;
        }

        if (oldLength == newLength)
        {
            return request.Old;
        }

        if (oldLength > newLength)
        {
            refusal = Unmap.Range(mem, space, request.Old + newLength, oldLength - newLength);
            return refusal == Refusal.None ? request.Old : refusal;
        }

        return Grow(plan);
    }

    private static ErrnoCause WhatIsWrong(in RemapRequest request, ulong oldLength, ulong newLength)
    {
        bool mayMove = (request.Flags & RemapFlags.MayMove) != 0;
        bool placed = (request.Flags & (RemapFlags.Fixed | RemapFlags.DontUnmap)) != 0;
        bool keepsOld = (request.Flags & RemapFlags.DontUnmap) != 0;
        return request switch
        {
            _ when (request.Flags & ~Known) != 0 => ErrnoCause.FlagsUnknown,
            _ when (placed && !mayMove) || (keepsOld && oldLength != newLength) => ErrnoCause.FlagsConflict,
            _ when request.Old.PageOffset != 0 => ErrnoCause.StartUnaligned,
            { NewLengthBytes: 0 } => ErrnoCause.LengthZero,
            _ when newLength is 0 or > VirtRange.TaskSize => ErrnoCause.LengthTooLarge,
            _ => ErrnoCause.None,
        };
    }

    private static Result<VirtAddr> Grow(in RemapPlan plan)
    {
        Refusal refusal = CheckResize(plan, out Vma vma);
        if (refusal != Refusal.None)
        {
            return refusal;
        }

        if (plan.OldLength == vma.End.Raw - plan.Old.Raw && TryGrowInPlace(plan, vma))
        {
            return plan.Old;
        }

        if ((plan.Flags & RemapFlags.MayMove) == 0)
        {
            return new Refusal(Errno.ENOMEM, ErrnoCause.CannotGrow);
        }

        return Placement.Search(plan.Space, plan.NewLength, plan.Top).Has(out VirtAddr place, out refusal) ? MoveVma.Run(plan, vma, place) : refusal;
    }

    private static bool TryGrowInPlace(in RemapPlan plan, Vma vma)
    {
        VirtRange added = VirtRange.Of(vma.End, plan.NewLength - plan.OldLength);
        if (added.End.Raw > VirtRange.TaskSize || added.End.Raw < added.Start.Raw || plan.Space.Vmas.Overlaps(added))
        {
            return false;
        }

        plan.Space.Volatile?.Forget(added, MappingChange.Begins);
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
        ErrnoCause wrong = wanted switch
        {
            { PageOffset: not 0 } => ErrnoCause.DestinationUnaligned,
            _ when wanted.Raw > VirtRange.TaskSize - given.NewLength => ErrnoCause.BeyondUserSpace,
            _ when VirtRange.Of(given.Old, given.OldLength).Overlaps(target) => ErrnoCause.RangesOverlap,
            _ => ErrnoCause.None,
        };
        if (wrong != ErrnoCause.None)
        {
            return new Refusal(Errno.EINVAL, wrong);
        }

        // A move that also shrinks is judged by what is left after the cut.
        Refusal refusal = given.OldLength > given.NewLength ? CheckMapped(given) : CheckResize(given, out _);
        if (refusal != Refusal.None)
        {
            return refusal;
        }

        refusal = PrepareTarget(given, target, out RemapPlan plan);
        if (refusal != Refusal.None)
        {
            return refusal;
        }

        refusal = CheckResize(plan, out Vma vma);
        if (refusal != Refusal.None)
        {
            return refusal;
        }

        if ((plan.Flags & RemapFlags.Fixed) != 0)
        {
            return Placement.IsTooLow(plan.Space, wanted) ? new Refusal(Errno.EPERM, ErrnoCause.BelowMinAddress) : MoveVma.Run(plan, vma, wanted);
        }

        return Placement.Search(plan.Space, plan.NewLength, plan.Top).Has(out VirtAddr place, out refusal) ? MoveVma.Run(plan, vma, place) : refusal;
    }

    /// <summary>Empties the target of a fixed move and cuts off what shrinking drops.</summary>
    private static Refusal PrepareTarget(in RemapPlan given, VirtRange target, out RemapPlan plan)
    {
        plan = given;
        if ((given.Flags & RemapFlags.Fixed) != 0)
        {
            Refusal refusal = Unmap.Range(given.Mem, given.Space, target);
            if (refusal != Refusal.None)
            {
                return refusal;
            }
        }

        if (given.OldLength <= given.NewLength)
        {
            return Refusal.None;
        }

        plan = given with { OldLength = given.NewLength };
        return Unmap.Range(given.Mem, given.Space, given.Old + given.NewLength, given.OldLength - given.NewLength);
    }

    private static Refusal CheckMapped(in RemapPlan plan) =>
        plan.Space.FindVma(plan.Old) is null ? new Refusal(Errno.EFAULT, ErrnoCause.NotMapped) : Refusal.None;

    private static Refusal CheckResize(in RemapPlan plan, out Vma vma)
    {
        vma = plan.Space.FindVma(plan.Old)!;
        if (vma is null)
        {
            return new Refusal(Errno.EFAULT, ErrnoCause.NotMapped);
        }

        if (vma.Has(VmFlags.HugeTlb))
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.MappingSpecial);
        }

        bool special = vma.Flags.HasAny(VmFlagsOps.Special);
        if (plan.OldLength == 0 && !vma.Has(VmFlags.MayShare))
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.MappingPrivate);
        }

        if (special && (plan.Flags & RemapFlags.DontUnmap) != 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.MappingSpecial);
        }

        if (plan.OldLength > vma.End.Raw - plan.Old.Raw)
        {
            return new Refusal(Errno.EFAULT, ErrnoCause.SpansMappings);
        }

        ulong growth = plan.NewLength - Math.Min(plan.NewLength, plan.OldLength);
        if ((plan.Flags & RemapFlags.DontUnmap) != 0)
        {
            growth = plan.NewLength;
        }

        if (growth == 0)
        {
            return Refusal.None;
        }

        return special ? new Refusal(Errno.EFAULT, ErrnoCause.MappingSpecial) : Room.Check(plan.Mem, plan.Space, VirtRange.Of(vma.End, growth), vma.Flags);
    }
}

/// <summary>What <c>mremap(2)</c> is asked for.</summary>
/// <param name="Old">Where the mapping is; page-aligned.</param>
/// <param name="OldLengthBytes">Its length; 0 makes a second view of a shared mapping.</param>
/// <param name="NewLengthBytes">Its new length.</param>
/// <param name="Flags">May it move, and must it.</param>
/// <param name="New">Its new place, with MREMAP_FIXED.</param>
internal readonly record struct RemapRequest(VirtAddr Old, ulong OldLengthBytes, ulong NewLengthBytes, RemapFlags Flags, VirtAddr New)
{
    /// <summary>The address below which a new place is searched for; null for anywhere.</summary>
    public VirtAddr? Top { get; init; }
}

/// <summary>A checked request on its way, lengths in whole pages.</summary>
internal readonly record struct RemapPlan(
    MemorySystem Mem, AddressSpace Space, VirtAddr Old, ulong OldLength, ulong NewLength, RemapFlags Flags)
{
    /// <summary>The address below which a new place is searched for; null for anywhere.</summary>
    public VirtAddr? Top { get; init; }
}
