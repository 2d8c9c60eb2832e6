using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;

namespace MmuEmu.Kernel.Mm;

/// <summary>What the bits of mmap's flags mean in one profile, and which are refused.</summary>
/// <remarks>Source: [Linux mm/mmap.c, do_mmap; include/linux/mman.h, LEGACY_MAP_MASK]; rows K-070 to K-078.</remarks>
internal static class MapBits
{
    private const int SizeShift = 26;
    private const uint SizeMask = 0x3F;

    /// <summary>The flags that a mapping of a file with MAP_SHARED_VALIDATE may have; MAP_FIXED_NOREPLACE is not among them, as on Linux.</summary>
    private const MapFlags Legacy = MapFlags.Shared | MapFlags.Private | MapFlags.Fixed | MapFlags.Anonymous | MapFlags.Map32Bit | MapFlags.Above4G
        | MapFlags.GrowsDown | MapFlags.DenyWrite | MapFlags.Executable | MapFlags.Locked | MapFlags.NoReserve | MapFlags.Populate
        | MapFlags.NonBlock | MapFlags.Stack | MapFlags.HugeTlb | MapFlags.Uninitialized;

    private const MapFlags Known = Legacy | MapFlags.Sync | MapFlags.FixedNoReplace;

    /// <summary>The flags as this kernel's profile has them: the bit 0x40 stands for what it means there.</summary>
    /// <returns>The flags; EOPNOTSUPP for an unknown bit with MAP_SHARED_VALIDATE (K-074); EINVAL for MAP_SHARED_VALIDATE without a file, for a
    /// size of huge pages that no processor has, and, where the profile is strict, for an unknown bit (K-075).</returns>
    public static Result<MapFlags> Of(KernelProfile profile, MapFlags raw)
    {
        MapFlags sizeBits = (raw & MapFlags.HugeTlb) != 0 ? (MapFlags)(SizeMask << SizeShift) : MapFlags.None;
        MapFlags bits = raw & ~sizeBits;
        bool validates = ((uint)raw & 0xF) == (uint)MapFlags.SharedValidate;
        if (profile.Has(ProfileSwitches.StrictMapFlags) && (bits & ~KnownTo(profile)) != 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.FlagsUnknown);
        }

        if (validates && (raw & MapFlags.Anonymous) != 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.NoSharingType);
        }

        if (validates && (bits & ~Legacy) != 0)
        {
            return new Refusal(Errno.EOPNOTSUPP, (bits & MapFlags.Sync) != 0 ? ErrnoCause.NoSync : ErrnoCause.FlagsUnknown);
        }

        return ((uint)(raw & sizeBits) >> SizeShift) switch
        {
            0 or 21 => WithBit40(profile, bits),
            30 => new Refusal(Errno.ENOMEM, ErrnoCause.NoHugePages),
            _ => new Refusal(Errno.EINVAL, ErrnoCause.HugeSizeUnknown),
        };
    }

    private static MapFlags KnownTo(KernelProfile profile) => profile.Bit40 == MapBit40.Ignore ? Known & ~MapFlags.Map32Bit : Known;

    private static MapFlags WithBit40(KernelProfile profile, MapFlags flags) => (flags & MapFlags.Map32Bit) == 0 ? flags : profile.Bit40 switch
    {
        MapBit40.Map32Bit => flags,
        MapBit40.Ignore => flags & ~MapFlags.Map32Bit,
        MapBit40.BigPage => (flags & ~MapFlags.Map32Bit) | ((flags & MapFlags.Anonymous) != 0 ? MapFlags.HugeTlb : MapFlags.None),
    };

    /// <summary>Bytes rounded up to whole huge pages; 0 when that wraps.</summary>
    public static ulong HugeAlign(ulong bytes) => unchecked(bytes + HugePage.Bytes - 1) & ~(HugePage.Bytes - 1);
}
