using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Run;

/// <summary>System calls whose work has a price of its own, besides the entry and the exit that every call pays.</summary>
/// <remarks>Numbers: [Linux arch/x86/entry/syscalls/syscall_64.tbl]; 314 and 321 are the proposals' own.</remarks>
public static class SyscallPrices
{
    /// <summary>The path of system call <paramref name="number"/>; false when entry and exit are all that is charged.</summary>
    public static bool TryPathOf(ulong number, out KernelPath path)
    {
        KernelPath? found = number switch
        {
            9 => KernelPath.Mmap,                // mmap
            10 => KernelPath.Mprotect,           // mprotect
            11 => KernelPath.Munmap,             // munmap
            12 => KernelPath.Mmap,               // brk
            15 => KernelPath.SignalReturn,       // rt_sigreturn
            25 => KernelPath.Mremap,             // mremap
            28 => KernelPath.Madvise,            // madvise
            56 or 57 or 58 => KernelPath.Fork,   // clone, fork, vfork
            314 => KernelPath.Vrange,            // vrange
            321 => KernelPath.Mremap,            // remap_anon_pages
            _ => null,
        };
        path = found ?? default;
        return found is not null;
    }
}
