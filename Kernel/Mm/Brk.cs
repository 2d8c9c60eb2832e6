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
    /// <returns>The break as it is afterwards: the call has no errno.</returns>
    public static VirtAddr Set(MemorySystem mem, AddressSpace space, VirtAddr wanted)
    {
        if (wanted.Raw < space.BrkStart.Raw || wanted.Raw > VirtRange.TaskSize)
        {
            return space.Brk;
        }

        VirtAddr oldEnd = new(VirtRange.PageAlign(space.Brk.Raw));
        VirtAddr newEnd = new(VirtRange.PageAlign(wanted.Raw));
        bool moved = newEnd.Raw < oldEnd.Raw
            ? Unmap.Range(mem, space, new VirtRange(newEnd, oldEnd)) == Errno.None
            : newEnd == oldEnd || TryGrow(mem, space, new VirtRange(oldEnd, newEnd));
        if (moved)
        {
            space.Brk = wanted;
        }

        return space.Brk;
    }

    private static bool TryGrow(MemorySystem mem, AddressSpace space, VirtRange added)
    {
        VmFlags flags = VmFlags.Read | VmFlags.Write | VmFlagsOps.MayAccess | VmFlags.Account | space.DefaultFlags;
        bool heapTooLarge = added.End.Raw - space.BrkStart.Raw > space.Limits.DataBytes;
        Vma? above = space.Vmas.FindAtOrAbove(added.Start);
        ulong gap = above is not null && above.Has(VmFlags.GrowsDown) ? GuardBytes : 0;
        if (heapTooLarge
            || space.Vmas.Overlaps(new VirtRange(added.Start, added.End + gap))
            || space.Vmas.Count >= space.Limits.MapCount
            || Room.Check(mem, space, added, flags) != Errno.None)
        {
            return false;
        }

        // A volatile range left behind under an earlier heap must not reach into the new one.
        space.Volatile?.Forget(added);
        space.Vmas.Insert(new Vma(space, added, flags) { Label = HeapLabel });
        if (flags.Has(VmFlags.Locked))
        {
            space.LockedPages += added.PageCount;
            _ = Populate.Range(mem, space, added);
        }

        VmaEdit.Join(space, added);
        return true;
    }
}
