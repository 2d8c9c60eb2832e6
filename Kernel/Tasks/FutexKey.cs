using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Tasks;

/// <summary>How a futex word is known.</summary>
internal enum FutexSharing
{
    /// <summary>FUTEX_PRIVATE_FLAG: by address space and address, whatever is mapped there.</summary>
    Private,

    /// <summary>By what is mapped: the place in the file of shared memory, the address in memory of the space's own.</summary>
    Shared,
}

/// <summary>Names a futex word, so that all who can reach it find the same waiters.</summary>
/// <param name="Home">The address space, or the file.</param>
/// <param name="Offset">The address, or the byte of the file.</param>
/// <param name="Sharing">Private and shared calls on one word of a space's own memory do not meet.</param>
/// <remarks>Source: [Linux kernel/futex/core.c, get_futex_key].</remarks>
internal readonly record struct FutexKey(object Home, ulong Offset, FutexSharing Sharing)
{
    /// <summary>The key of the word at <paramref name="address"/> in <paramref name="space"/>.</summary>
    public static FutexKey Of(AddressSpace space, VirtAddr address, FutexSharing sharing)
    {
        bool isFile = sharing == FutexSharing.Shared;
        if (isFile && space.FindVma(address) is { Backing: { } file } vma && vma.Has(VmFlags.MayShare))
        {
            return new FutexKey(file.Mapping, (vma.IndexOf(address) << 12) | (uint)address.PageOffset, sharing);
        }

        return new FutexKey(space, address.Raw, sharing);
    }
}
