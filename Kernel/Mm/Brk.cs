using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary><c>brk(2)</c>: moves the end of the heap.</summary>
/// <remarks>Source: [Linux mm/mmap.c, brk, do_brk_flags].</remarks>
internal static class Brk
{
    private const string HeapLabel = "[heap]";
    private const ulong GuardBytes = 256 * 4096;

    /// <summary>Moves the program break; where that cannot be, it stays.</summary>
    /// <returns>The break as it is afterwards: the call has no errno, but a cause when the break stays where it was.</returns>
    public static SysResult Set(MemorySystem mem, AddressSpace space, VirtAddr wanted)
    {
        if (wanted.Raw < space.BrkStart.Raw)
        {
            // What every libc asks for first: 0, to be told the break.
            return Stays(space, ErrnoCause.None);
        }

        if (wanted.Raw > VirtRange.TaskSize)
        {
            return Stays(space, ErrnoCause.BeyondUserSpace);
        }

        VirtAddr oldEnd = new(VirtRange.PageAlign(space.Brk.Raw));
        VirtAddr newEnd = new(VirtRange.PageAlign(wanted.Raw));
        Refusal refusal = newEnd.Raw < oldEnd.Raw
            ? Unmap.Range(mem, space, new VirtRange(newEnd, oldEnd))
            : newEnd == oldEnd ? Refusal.None : Grow(mem, space, new VirtRange(oldEnd, newEnd));
        if (refusal != Refusal.None)
        {
            return Stays(space, refusal.Cause);
        }

        space.Brk = wanted;
        return SysResult.Of(wanted.Raw);
    }

    private static SysResult Stays(AddressSpace space, ErrnoCause why) => SysResult.Of(space.Brk.Raw) with { Cause = why };

    private static Refusal Grow(MemorySystem mem, AddressSpace space, VirtRange added)
    {
        VmFlags flags = VmFlags.Read | VmFlags.Write | VmFlagsOps.MayAccess | VmFlags.Account | space.DefaultFlags;
        Vma? above = space.Vmas.FindAtOrAbove(added.Start);
        ulong gap = above is not null && above.Has(VmFlags.GrowsDown) ? GuardBytes : 0;
        Refusal refusal = added switch
        {
            _ when added.End.Raw - space.BrkStart.Raw > space.Limits.DataBytes => new Refusal(Errno.ENOMEM, ErrnoCause.DataLimit),
            _ when space.Vmas.Overlaps(new VirtRange(added.Start, added.End + gap)) => new Refusal(Errno.ENOMEM, ErrnoCause.PlaceTaken),
            _ when space.Vmas.Count >= space.Limits.MapCount => new Refusal(Errno.ENOMEM, ErrnoCause.TooManyMappings),
            _ => Room.Check(mem, space, added, flags),
        };
        if (refusal != Refusal.None)
        {
            return refusal;
        }

        // A volatile range left behind under an earlier heap must not reach into the new one.
        space.Volatile?.Forget(added, MappingChange.HeapGrows);
        space.Vmas.Insert(new Vma(space, added, flags) { Label = HeapLabel });
        if (flags.Has(VmFlags.Locked))
        {
            space.LockedPages += added.PageCount;
            _ = Populate.Range(mem, space, added);
        }

        VmaEdit.Join(space, added);
        return Refusal.None;
    }
}
