using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary>Brings pages in before they are touched.</summary>
/// <remarks>Source: [Linux mm/gup.c, __mm_populate].</remarks>
internal static class Populate
{
    /// <summary>Fills every page of the mapped parts of the range as the mapping's own use would: written where it is private and writable.</summary>
    /// <returns>None; ENOMEM for a hole in the range, a mapping without any right, a page that cannot be had, or one that would raise a signal.</returns>
    public static Refusal Range(MemorySystem mem, AddressSpace space, VirtRange range)
    {
        VirtAddr at = range.Start;
        while (at.Raw < range.End.Raw)
        {
            if (space.FindVma(at) is not { } vma)
            {
                return new Refusal(Errno.ENOMEM, ErrnoCause.NotMapped);
            }

            VirtRange part = range.Intersect(vma.Range);
            if (!vma.Flags.HasAny(VmFlagsOps.Access))
            {
                return new Refusal(Errno.ENOMEM, ErrnoCause.MappingForbids);
            }

            Refusal refusal = FillPart(mem, vma, part);
            if (refusal != Refusal.None)
            {
                return refusal with { Errno = Errno.ENOMEM };
            }

            at = part.End;
        }

        return Refusal.None;
    }

    /// <summary>Fills every page of a mapped range as an access of <paramref name="kind"/> would.</summary>
    /// <returns>None; EFAULT where the access would raise a signal; ENOMEM when memory is out.</returns>
    public static Refusal As(MemorySystem mem, AddressSpace space, VirtRange range, AccessKind kind)
    {
        for (VirtAddr at = range.Start; at.Raw < range.End.Raw; at += 4096)
        {
            Refusal refusal = mem.Filler?.Fill(space, at, kind) ?? Refusal.None;
            if (refusal != Refusal.None)
            {
                return refusal;
            }
        }

        return Refusal.None;
    }

    private static Refusal FillPart(MemorySystem mem, Vma vma, VirtRange part)
    {
        bool writes = vma.Has(VmFlags.Write) && !vma.Has(VmFlags.Shared);
        return As(mem, vma.Space, part, writes ? AccessKind.Write : AccessKind.Read);
    }
}
