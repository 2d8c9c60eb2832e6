using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary><c>mmap(2)</c>: makes a mapping.</summary>
/// <remarks>Source: [Linux mm/mmap.c, do_mmap, mmap_region].</remarks>
internal static class Map
{
    private const MapFlags TypeMask = (MapFlags)0x0F;

    /// <summary>Makes a mapping and gives its address.</summary>
    /// <returns>
    /// The first byte; EINVAL for length 0, no sharing type, or an unaligned fixed address; ENOMEM when the range does not
    /// fit into user space or limits; EOVERFLOW when file pages wrap; EEXIST for MAP_FIXED_NOREPLACE over a mapping;
    /// EOPNOTSUPP for MAP_SHARED_VALIDATE with a flag that is not known; EACCES when the rights exceed what the file allows, or it was not opened
    /// for reading; ENODEV for what cannot be mapped; EPERM for a fixed address below 64 KiB of one who is not root; EAGAIN when locked memory exceeds its limit.
    /// </returns>
    public static Result<VirtAddr> Place(MemorySystem mem, AddressSpace space, MapRequest request)
    {
        bool isHuge = request.Backing is IHugeBacking;
        ulong length = isHuge ? MapBits.HugeAlign(request.LengthBytes) : VirtRange.PageAlign(request.LengthBytes);
        Refusal refusal = Check(space, request, length);
        if (refusal != Refusal.None)
        {
            return refusal;
        }

        if (!Placement.Choose(space, request, length).Has(out VirtAddr start, out refusal))
        {
            return refusal;
        }

        refusal = CheckKind(request);
        if (refusal != Refusal.None)
        {
            return refusal;
        }

        VmFlags flags = FlagsOf(mem, space, request);
        VirtRange range = VirtRange.Of(start, length);
        refusal = Room.Check(mem, space, range, flags);
        return refusal == Refusal.None ? Insert(mem, space, request, range, flags) : refusal;
    }

    private static Result<VirtAddr> Insert(MemorySystem mem, AddressSpace space, MapRequest request, VirtRange range, VmFlags flags)
    {
        Refusal refusal = Unmap.Range(mem, space, range);
        if (refusal != Refusal.None)
        {
            return refusal;
        }

        space.Volatile?.Forget(range, MappingChange.Begins);
        Vma vma = new(space, range, flags)
        {
            Backing = request.Backing,
            PgOff = request.Backing is null ? range.Start.Raw >> 12 : request.PageOffset,
            Label = request.Label,
        };
        space.Vmas.Insert(vma);
        if (flags.Has(VmFlags.Locked))
        {
            space.LockedPages += range.PageCount;
        }

        VmaEdit.Join(space, range);
        bool fill = (request.Flags & MapFlags.Populate) != 0 && (request.Flags & MapFlags.NonBlock) == 0;
        if (fill || flags.Has(VmFlags.Locked))
        {
            _ = Populate.Range(mem, space, range);
        }

        return range.Start;
    }

    private static Refusal Check(AddressSpace space, MapRequest request, ulong length)
    {
        bool fixedPlace = (request.Flags & (MapFlags.Fixed | MapFlags.FixedNoReplace)) != 0;
        return request switch
        {
            { LengthBytes: 0 } => new(Errno.EINVAL, ErrnoCause.LengthZero),
            _ when length is 0 or > VirtRange.TaskSize => new(Errno.ENOMEM, ErrnoCause.LengthTooLarge),
            _ when unchecked(request.PageOffset + (length >> 12)) < request.PageOffset => new(Errno.EOVERFLOW, ErrnoCause.OffsetWraps),
            _ when space.Vmas.Count > space.Limits.MapCount => new(Errno.ENOMEM, ErrnoCause.TooManyMappings),
            _ when fixedPlace && request.Address.PageOffset != 0 => new(Errno.EINVAL, ErrnoCause.StartUnaligned),
            _ when (request.Flags & MapFlags.HugeTlb) != 0 && request.Backing is not IHugeBacking => new(Errno.EINVAL, ErrnoCause.FileNotHuge),
            { Backing: IHugeBacking } when fixedPlace && !HugePage.IsAligned(request.Address.Raw) => new(Errno.EINVAL, ErrnoCause.HugePageCut),
            _ => Refusal.None,
        };
    }

    /// <summary>What is asked last, when the range is settled: how it is shared, and what its file allows.</summary>
    private static Refusal CheckKind(MapRequest request)
    {
        MapFlags type = request.Flags & TypeMask;
        bool shared = type is MapFlags.Shared or MapFlags.SharedValidate;
        bool ofFile = request.Backing is not null || request.Against != Refusal.None;
        return request switch
        {
            _ when !shared && type != MapFlags.Private => new(Errno.EINVAL, ErrnoCause.NoSharingType),
            _ when CheckMay(request, shared) is var may && may != Refusal.None => may,
            _ when request.Against != Refusal.None => request.Against,
            _ when (request.Flags & MapFlags.GrowsDown) != 0 && (shared || ofFile) => new(Errno.EINVAL, ErrnoCause.GrowsDownNeedsPrivate),
            _ => Refusal.None,
        };
    }

    private static Refusal CheckMay(MapRequest request, bool shared)
    {
        VmFlags wanted = request.Prot.ToVmFlags();
        VmFlags granted = (VmFlags)((ulong)(request.May & VmFlagsOps.MayAccess) >> 4);
        if (!shared && granted.Has(VmFlags.Read))
        {
            granted |= VmFlags.Write;
        }

        return (wanted & ~granted) == 0 ? Refusal.None : new Refusal(Errno.EACCES, ErrnoCause.RightsNotGranted);
    }

    private static VmFlags FlagsOf(MemorySystem mem, AddressSpace space, MapRequest request)
    {
        bool shared = (request.Flags & TypeMask) is MapFlags.Shared or MapFlags.SharedValidate;
        VmFlags flags = request.Prot.ToVmFlags() | (request.May & VmFlagsOps.MayAccess) | request.Extra | space.DefaultFlags;
        flags |= shared ? VmFlags.MayShare : VmFlags.MayWrite;
        flags |= shared && request.May.Has(VmFlags.MayWrite) ? VmFlags.Shared : VmFlags.None;
        flags |= request.Backing is IHugeBacking ? VmFlags.HugeTlb | VmFlags.DontExpand : VmFlags.None;
        flags |= (request.Flags & MapFlags.GrowsDown) != 0 ? VmFlags.GrowsDown : VmFlags.None;
        flags |= (request.Flags & MapFlags.Locked) != 0 ? VmFlags.Locked : VmFlags.None;
        bool unreserved = (request.Flags & MapFlags.NoReserve) != 0 && mem.Profile.Overcommit != Overcommit.Never;
        flags |= unreserved ? VmFlags.NoReserve : VmFlags.None;
        bool accounted = !shared && !flags.Has(VmFlags.HugeTlb) && flags.Has(VmFlags.Write) && !flags.Has(VmFlags.NoReserve);
        return accounted ? flags | VmFlags.Account : flags;
    }
}
