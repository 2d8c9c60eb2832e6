using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
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
    /// EACCES when the rights exceed what the file allows; EPERM for a fixed address below 64 KiB; EAGAIN when locked memory exceeds its limit.
    /// </returns>
    public static Result<VirtAddr> Place(MemorySystem mem, AddressSpace space, MapRequest request)
    {
        ulong length = VirtRange.PageAlign(request.LengthBytes);
        Errno errno = Check(space, request, length);
        if (errno != Errno.None)
        {
            return errno;
        }

        if (!Placement.Choose(space, request, length).Ok(out VirtAddr start, out errno))
        {
            return errno;
        }

        VmFlags flags = FlagsOf(space, request);
        VirtRange range = VirtRange.Of(start, length);
        errno = Room.Check(mem, space, range, flags);
        return errno == Errno.None ? Insert(mem, space, request, range, flags) : errno;
    }

    private static Result<VirtAddr> Insert(MemorySystem mem, AddressSpace space, MapRequest request, VirtRange range, VmFlags flags)
    {
        Errno errno = Unmap.Range(mem, space, range);
        if (errno != Errno.None)
        {
            return errno;
        }

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

    private static Errno Check(AddressSpace space, MapRequest request, ulong length)
    {
        MapFlags type = request.Flags & TypeMask;
        bool fixedPlace = (request.Flags & (MapFlags.Fixed | MapFlags.FixedNoReplace)) != 0;
        bool shared = type is MapFlags.Shared or MapFlags.SharedValidate;
        return request switch
        {
            { LengthBytes: 0 } => Errno.EINVAL,
            _ when length is 0 or > VirtRange.TaskSize => Errno.ENOMEM,
            _ when unchecked(request.PageOffset + (length >> 12)) < request.PageOffset => Errno.EOVERFLOW,
            _ when space.Vmas.Count > space.Limits.MapCount => Errno.ENOMEM,
            _ when fixedPlace && request.Address.PageOffset != 0 => Errno.EINVAL,
            _ when !shared && type != MapFlags.Private => Errno.EINVAL,
            _ when (request.Flags & MapFlags.HugeTlb) != 0 => Errno.ENOMEM,
            _ when type == MapFlags.SharedValidate && (request.Flags & MapFlags.Sync) != 0 => Errno.EOPNOTSUPP,
            _ when (request.Flags & MapFlags.GrowsDown) != 0 && (shared || request.Backing is not null) => Errno.EINVAL,
            _ => CheckMay(request, shared),
        };
    }

    private static Errno CheckMay(MapRequest request, bool shared)
    {
        VmFlags wanted = request.Prot.ToVmFlags();
        VmFlags granted = (VmFlags)((ulong)(request.May & VmFlagsOps.MayAccess) >> 4);
        if (!shared && granted.Has(VmFlags.Read))
        {
            granted |= VmFlags.Write;
        }

        return (wanted & ~granted) == 0 ? Errno.None : Errno.EACCES;
    }

    private static VmFlags FlagsOf(AddressSpace space, MapRequest request)
    {
        bool shared = (request.Flags & TypeMask) is MapFlags.Shared or MapFlags.SharedValidate;
        VmFlags flags = request.Prot.ToVmFlags() | (request.May & VmFlagsOps.MayAccess) | request.Extra | space.DefaultFlags;
        flags |= shared ? VmFlags.MayShare : VmFlags.MayWrite;
        flags |= shared && request.May.Has(VmFlags.MayWrite) ? VmFlags.Shared : VmFlags.None;
        flags |= (request.Flags & MapFlags.GrowsDown) != 0 ? VmFlags.GrowsDown : VmFlags.None;
        flags |= (request.Flags & MapFlags.Locked) != 0 ? VmFlags.Locked : VmFlags.None;
        flags |= (request.Flags & MapFlags.NoReserve) != 0 ? VmFlags.NoReserve : VmFlags.None;
        bool accounted = !shared && flags.Has(VmFlags.Write) && !flags.Has(VmFlags.NoReserve);
        return accounted ? flags | VmFlags.Account : flags;
    }
}
