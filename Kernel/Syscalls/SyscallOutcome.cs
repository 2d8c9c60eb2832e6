using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>How a system call ends.</summary>
/// <param name="Result">What goes into RAX.</param>
public readonly record struct SyscallOutcome(SysResult Result)
{
    /// <summary>Lets a handler return a result.</summary>
    public static implicit operator SyscallOutcome(SysResult result) => new(result);

    /// <summary>Lets a handler write <c>return Errno.EINVAL;</c>.</summary>
    public static implicit operator SyscallOutcome(Errno errno) => new((SysResult)errno);
}
