using MmuEmu.Emulator.Memory;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary>Checks a new or grown mapping against the limits of its space and of the machine.</summary>
/// <remarks>Source: [Linux mm/mmap.c, may_expand_vm, mlock_future_check; mm/util.c, __vm_enough_memory in heuristic mode].</remarks>
internal static class Room
{
    /// <summary>None, or ENOMEM or EAGAIN as the limit met says.</summary>
    public static Refusal Check(MemorySystem mem, AddressSpace space, VirtRange added, VmFlags flags)
    {
        ulong bytes = added.LengthBytes;
        if (space.Vmas.TotalBytes + bytes > space.Limits.AddressBytes)
        {
            return new Refusal(Errno.ENOMEM, ErrnoCause.AddressLimit);
        }

        if (IsDataOverLimit(space, bytes, flags))
        {
            return new Refusal(Errno.ENOMEM, ErrnoCause.DataLimit);
        }

        if (flags.Has(VmFlags.Locked) && (space.LockedPages << 12) + bytes > space.Limits.LockedBytes)
        {
            return new Refusal(Errno.EAGAIN, ErrnoCause.LockLimit);
        }

        return !flags.Has(VmFlags.Account) || Fits(mem, bytes) ? Refusal.None : new Refusal(Errno.ENOMEM, ErrnoCause.MoreThanMachine);
    }

    /// <summary>True when RAM and swap together could hold <paramref name="bytes"/>.</summary>
    public static bool Fits(MemorySystem mem, ulong bytes)
    {
        bool fits = bytes >> 12 <= mem.Buddy.ManagedCount + (ulong)mem.Swap.TotalSlots;

        // Of a wish that no machine could fulfil, RAM is not the cause.
        if (!fits && bytes <= PhysicalMemory.MaxBytes)
        {
            mem.Report.Refuse(bytes);
        }

        return fits;
    }

    /// <summary>Checks memory that becomes writable: it counts as data, and is charged for.</summary>
    /// <returns>None; ENOMEM as the limit met says.</returns>
    /// <remarks>Source: [Linux mm/mprotect.c, mprotect_fixup].</remarks>
    public static Refusal CheckWritable(MemorySystem mem, AddressSpace space, VirtRange part, VmFlags old, VmFlags flags)
    {
        if (!old.Has(VmFlags.Write) && IsDataOverLimit(space, part.LengthBytes, flags))
        {
            return new Refusal(Errno.ENOMEM, ErrnoCause.DataLimit);
        }

        bool charged = flags.Has(VmFlags.Account) && !old.Has(VmFlags.Account);
        return !charged || Fits(mem, part.LengthBytes) ? Refusal.None : new Refusal(Errno.ENOMEM, ErrnoCause.MoreThanMachine);
    }

    private static bool IsDataOverLimit(AddressSpace space, ulong bytes, VmFlags flags)
    {
        const VmFlags Data = VmFlags.Write;
        if (space.Limits.DataBytes == ulong.MaxValue || !flags.Has(Data) || flags.HasAny(VmFlags.Shared | VmFlags.GrowsDown))
        {
            return false;
        }

        ulong data = 0;
        foreach (Vma vma in space.Vmas)
        {
            data += vma.Has(Data) && !vma.Flags.HasAny(VmFlags.Shared | VmFlags.GrowsDown) ? vma.Range.LengthBytes : 0;
        }

        return data + bytes > space.Limits.DataBytes;
    }
}
