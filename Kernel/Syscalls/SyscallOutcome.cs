using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.PageCopy;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>What happens to the caller after its handler has run.</summary>
internal enum SyscallEnd
{
    /// <summary>RAX gets the result.</summary>
    Returns,

    /// <summary>All registers are set already: execve, rt_sigreturn, or the caller is gone.</summary>
    KeepsRegisters,

    /// <summary>The caller waits; the call is made again later.</summary>
    Waits,
}

/// <summary>How a system call ends.</summary>
/// <param name="End">What happens to the caller.</param>
/// <param name="Result">What goes into RAX.</param>
internal readonly record struct SyscallOutcome(SyscallEnd End, SysResult Result)
{
    /// <summary>What the caller waits for, when it waits.</summary>
    public WaitFor? Wait { get; init; }

    /// <summary>Bytes moved before it had to wait.</summary>
    public ulong Done { get; init; }

    /// <summary>The copy that it sleeps in; null for none.</summary>
    public CopyState? Copy { get; init; }

    /// <summary>All registers are set already.</summary>
    public static SyscallOutcome KeepsRegisters => new(SyscallEnd.KeepsRegisters, default);

    /// <summary>The caller waits for <paramref name="wait"/>, having moved <paramref name="done"/> bytes.</summary>
    public static SyscallOutcome Until(WaitFor wait, ulong done = 0) =>
        new(SyscallEnd.Waits, default) { Wait = wait, Done = done };

    /// <summary>Success with a value.</summary>
    public static SyscallOutcome Of(ulong value) => SysResult.Of(value);

    /// <summary>The value, or the errno with its cause.</summary>
    public static SyscallOutcome Of(Result<int> result) => result.Has(out int value, out Refusal refusal) ? Of((ulong)value) : refusal;

    /// <summary>The address, or the errno with its cause.</summary>
    public static SyscallOutcome Of(Result<VirtAddr> result) => result.Has(out VirtAddr at, out Refusal refusal) ? Of(at.Raw) : refusal;

    /// <summary>Lets a handler return a result.</summary>
    public static implicit operator SyscallOutcome(SysResult result) => new(SyscallEnd.Returns, result);

    /// <summary>Lets a handler write <c>return Errno.EINVAL;</c>; <see cref="Errno.None"/> is success with 0.</summary>
    public static implicit operator SyscallOutcome(Errno errno) => new(SyscallEnd.Returns, errno);

    /// <summary>Lets a handler return an errno with its cause; <see cref="Refusal.None"/> is success with 0.</summary>
    public static implicit operator SyscallOutcome(Refusal refusal) => new(SyscallEnd.Returns, SysResult.Of(refusal));
}
