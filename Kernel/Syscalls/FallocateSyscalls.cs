using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>fallocate: room set aside, and holes.</summary>
/// <remarks>Source: [Linux fs/open.c, vfs_fallocate; mm/shmem.c, shmem_fallocate; include/uapi/linux/falloc.h].</remarks>
internal static class FallocateSyscalls
{
    private const uint KeepSize = 0x01;
    private const uint PunchHole = 0x02;

    /// <summary><c>fallocate</c>: no mode, FALLOC_FL_KEEP_SIZE, and FALLOC_FL_PUNCH_HOLE with it.</summary>
    /// <returns>
    /// 0; EBADF for a descriptor not open for writing; EINVAL for a negative offset or a length that is not positive; EOPNOTSUPP for a mode
    /// that files of memory do not have; ESPIPE for a pipe; EISDIR; ENODEV for what is no regular file; EFBIG beyond the largest file; EPERM for
    /// a sealed file; ENOSPC when the file system is full; ENOMEM when memory is out.
    /// </returns>
    public static SyscallOutcome Fallocate(in SyscallCall call)
    {
        if (!call.FileOf(call.A0).Ok(out OpenFile? file, out Errno errno) || (file.Flags & OpenFlags.PathOnly) != 0)
        {
            return errno == Errno.None ? Errno.EBADF : errno;
        }

        (uint mode, long offset, long length) = ((uint)call.A1, (long)call.A2, (long)call.A3);
        Refusal refusal = Check(file, mode, offset, length);
        if (refusal != Refusal.None)
        {
            return refusal;
        }

        IFileContent content = file.Content!;
        refusal = (mode & PunchHole) == 0
            ? content.Allocate((ulong)offset, (ulong)length, (mode & KeepSize) != 0)
            : content.Backing?.Punch((ulong)offset, (ulong)length) ?? Errno.EOPNOTSUPP;
        if (refusal == Refusal.None)
        {
            file.Inode.ModifiedNs = (long)call.System.Clock.RealtimeNs;
        }

        return refusal;
    }

    private static Refusal Check(OpenFile file, uint mode, long offset, long length) => file.Inode.Kind switch
    {
        _ when offset < 0 => new Refusal(Errno.EINVAL, ErrnoCause.OffsetNegative),
        _ when length <= 0 => new Refusal(Errno.EINVAL, ErrnoCause.NotPositive),
        _ when mode is not (0 or KeepSize or (PunchHole | KeepSize)) => new Refusal(Errno.EOPNOTSUPP, ErrnoCause.ModeNotOffered),
        _ when !file.CanWrite => new Refusal(Errno.EBADF, ErrnoCause.FileNotWritable),
        InodeKind.Pipe => Errno.ESPIPE,
        InodeKind.Directory => Errno.EISDIR,
        not InodeKind.Regular => Errno.ENODEV,
        _ when length > long.MaxValue - offset => Errno.EFBIG,
        _ => Refusal.None,
    };
}
