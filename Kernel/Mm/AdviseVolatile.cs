using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary>MADV_VOLATILE and MADV_NONVOLATILE: all of the range or nothing.</summary>
/// <remarks>Source: [MADV_VOLATILE v14 2/4, madvise_volatile].</remarks>
internal static class AdviseVolatile
{
    private const VmFlags Refused = VmFlags.Locked | VmFlags.HugeTlb | VmFlags.MixedMap | VmFlagsOps.Special;

    /// <summary>Marks or unmarks the mappings of the range.</summary>
    /// <returns>
    /// 0; 1 when pages of what is unmarked were lost (V-022). EINVAL when a border is not page-aligned, the range wraps or begins above user space, or a
    /// mapping in it is locked, huge, special or of a file (V-053, V-055); ENOMEM when part of the range is not mapped (V-050), or a split needs one
    /// mapping too many (V-130). Nothing has changed then.
    /// </returns>
    public static SysResult Range(MemorySystem mem, AddressSpace space, in AdviseRequest request)
    {
        VirtRange range = VirtRange.Of(request.Start, request.LengthBytes);
        Refusal refused = Check(mem, space, range);
        if (refused != Refusal.None || range.IsEmpty)
        {
            return SysResult.Of(refused);
        }

        refused = VmaEdit.Isolate(space, range);
        bool purged = refused == Refusal.None && Apply(mem, space, range, request.Advice);
        VmaEdit.Join(space, range);
        return refused == Refusal.None ? SysResult.Of(purged ? 1UL : 0) : SysResult.Of(refused);
    }

    private static Refusal Check(MemorySystem mem, AddressSpace space, VirtRange range)
    {
        ErrnoCause wrong = range switch
        {
            _ when mem.Volatile is null => ErrnoCause.NotInProfile,
            _ when range.Start.PageOffset != 0 => ErrnoCause.StartUnaligned,
            _ when range.End.PageOffset != 0 => ErrnoCause.LengthUnaligned,
            _ when range.End.Raw < range.Start.Raw => ErrnoCause.RangeWraps,
            _ when range.Start.Raw >= VirtRange.TaskSize => ErrnoCause.BeyondUserSpace,
            _ => ErrnoCause.None,
        };
        return wrong == ErrnoCause.None ? CheckMappings(space, range) : new Refusal(Errno.EINVAL, wrong);
    }

    /// <summary>The first mapping, or hole, that stands in the way.</summary>
    private static Refusal CheckMappings(AddressSpace space, VirtRange range)
    {
        VirtAddr at = range.Start;
        while (at.Raw < range.End.Raw)
        {
            if (space.FindVma(at) is not { } vma)
            {
                return new Refusal(Errno.ENOMEM, ErrnoCause.NotMapped);
            }

            if (vma.Flags.HasAny(Refused) || vma.Backing is not null)
            {
                return new Refusal(Errno.EINVAL, vma.Backing is not null ? ErrnoCause.MappingHasFile : ErrnoCause.MappingSpecial);
            }

            at = vma.End;
        }

        return Refusal.None;
    }

    /// <summary>The borders are cut, so no mapping can refuse any more; true when pages were lost.</summary>
    private static bool Apply(MemorySystem mem, AddressSpace space, VirtRange range, Advice advice)
    {
        IVolatileRanges ranges = space.Volatile ?? mem.Volatile!.RangesOf(space);
        bool purged = false;
        VirtAddr at = range.Start;
        while (at.Raw < range.End.Raw && space.FindVma(at) is { } vma)
        {
            VirtRange part = range.Intersect(vma.Range);
            if (advice == Advice.Volatile)
            {
                _ = ranges.Mark(part);
            }
            else
            {
                _ = ranges.Unmark(part, out bool met);
                purged |= met;
            }

            at = part.End;
        }

        return purged;
    }
}
