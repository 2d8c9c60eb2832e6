using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.PageCopy;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.UserCopy;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>A system call as its handler sees it: the six arguments, and on whose behalf.</summary>
/// <param name="System">The parts of the kernel.</param>
/// <param name="Thread">The caller, which runs now.</param>
/// <param name="A0">RDI.</param>
/// <param name="A1">RSI.</param>
/// <param name="A2">RDX.</param>
/// <param name="A3">R10.</param>
/// <param name="A4">R8.</param>
/// <param name="A5">R9.</param>
internal readonly record struct SyscallCall(
    TaskSystem System, UserThread Thread, ulong A0, ulong A1, ulong A2, ulong A3, ulong A4, ulong A5)
{
    /// <summary>PATH_MAX.</summary>
    private const int MaxPathBytes = 4096;

    /// <summary>True when times in its structs have 32 bits a field.</summary>
    public bool NarrowTimes { get; init; }

    /// <summary>Bytes of a pointer in the caller's structs: 4 when the call came through <c>int $0x80</c>, otherwise 8.</summary>
    public int PointerBytes => Thread.Call is { Compat: true } ? 4 : 8;

    /// <summary>The caller's process.</summary>
    public Process Process => Thread.Process;

    /// <summary>The caller's address space.</summary>
    public AddressSpace Space => Thread.Process.Space;

    /// <summary>The caller's memory.</summary>
    public UserMemory Guest => System.Guest;

    /// <summary>Bytes that an earlier try of this call has moved; 0 at the first try.</summary>
    public ulong Done => Thread.Call?.Done ?? 0;

    /// <summary>The copy that an earlier try of this call sleeps in; null at the first try, and in every other call.</summary>
    public CopyState? Copy => Thread.Call?.Copy;

    /// <summary>The moment at which waiting ends, fixed at the first try: <paramref name="spanNs"/> from then.</summary>
    public ulong DeadlineAfter(ulong spanNs) => Thread.Call?.DeadlineNs ?? System.Clock.After(spanNs);

    /// <summary>Reads a pointer in a struct, <see cref="PointerBytes"/> long.</summary>
    public bool TryReadPointer(ulong address, out ulong pointer)
    {
        if (PointerBytes == 8)
        {
            return Guest.TryReadUInt64(address, out pointer);
        }

        bool read = Guest.TryReadUInt32(address, out uint half);
        pointer = half;
        return read;
    }

    /// <summary>Reads a field of a time: 64 bits, or 32 bits with a sign.</summary>
    public bool TryReadSigned(ulong address, out ulong value)
    {
        if (!NarrowTimes)
        {
            return Guest.TryReadUInt64(address, out value);
        }

        bool read = Guest.TryReadUInt32(address, out uint half);
        value = unchecked((ulong)(int)half);
        return read;
    }

    /// <summary>Reads a path argument: EFAULT, ENAMETOOLONG.</summary>
    public Result<string> PathAt(ulong address) => Guest.ReadString(address, MaxPathBytes);

    /// <summary>The open file of a descriptor argument: EBADF.</summary>
    public Result<OpenFile> FileOf(ulong descriptor) =>
        Process.Files.TryGet((int)descriptor, out OpenFile? file) ? file : Errno.EBADF;
}
