using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary>Checks a new or grown mapping against the limits of its space and of the machine.</summary>
/// <remarks>Source: [Linux mm/mmap.c, may_expand_vm, mlock_future_check; mm/util.c, __vm_enough_memory].</remarks>
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

        if (flags.Has(VmFlags.Locked) && (space.LockedPages << 12) + bytes > space.Limits.MayLockBytes)
        {
            return new Refusal(Errno.EAGAIN, ErrnoCause.LockLimit);
        }

        return flags.Has(VmFlags.Account) ? Commit.Check(mem, space, added.PageCount) : Refusal.None;
    }

    /// <summary>True when <paramref name="bytes"/> more with <paramref name="flags"/> would exceed RLIMIT_DATA.</summary>
    public static bool IsDataOverLimit(AddressSpace space, ulong bytes, VmFlags flags)
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
