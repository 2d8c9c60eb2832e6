using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>A buffer of the caller.</summary>
/// <param name="Address">Where it begins.</param>
/// <param name="Length">Bytes.</param>
internal readonly record struct UserBuffer(ulong Address, ulong Length)
{
    /// <summary>False when it reaches above user space, which is EFAULT whatever there is to copy.</summary>
    /// <remarks>Source: [Linux arch/x86/include/asm/uaccess_64.h, __access_ok].</remarks>
    public bool IsOfUser => Address <= VirtRange.TaskSize && Length <= VirtRange.TaskSize - Address;
}
