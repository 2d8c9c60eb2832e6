using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>dup, fcntl, ioctl, pipe: what concerns descriptors themselves.</summary>
/// <remarks>Source: [Linux fs/file.c, fs/fcntl.c, fs/ioctl.c, fs/pipe.c].</remarks>
internal static class DescriptorSyscalls
{
    private const ulong FionRead = 0x541B;
    private const ulong FionBio = 0x5421;

    private enum Command : ulong
    {
        DupFd = 0,
        GetFd = 1,
        SetFd = 2,
        GetFl = 3,
        SetFl = 4,
        GetLk = 5,
        SetLk = 6,
        SetLkW = 7,
        CompatGetLk64 = 12,
        CompatSetLk64 = 13,
        CompatSetLkW64 = 14,
        OfdGetLk = 36,
        OfdSetLk = 37,
        OfdSetLkW = 38,
        DupFdCloseOnExec = 1030,
        SetPipeSize = 1031,
        GetPipeSize = 1032,
        AddSeals = 1033,
        GetSeals = 1034,
    }

    /// <summary><c>dup</c>.</summary>
    /// <returns>The lowest free descriptor; EBADF; EMFILE.</returns>
    public static SyscallOutcome Dup(in SyscallCall call) => DupFrom(call, 0, OnExec.Keep);

    /// <summary><c>dup2</c>.</summary>
    /// <returns>The new descriptor; EBADF.</returns>
    public static SyscallOutcome Dup2(in SyscallCall call)
    {
        if (!call.FileOf(call.A0).Ok(out OpenFile? file, out Errno errno))
        {
            return errno;
        }

        return call.A0 == call.A1 ? SyscallOutcome.Of(call.A1) : PutAt(call, file, OnExec.Keep);
    }

    /// <summary><c>dup3</c>.</summary>
    /// <returns>As dup2; EINVAL when both are the same or for unknown flags.</returns>
    public static SyscallOutcome Dup3(in SyscallCall call)
    {
        bool unknown = (call.A2 & ~(ulong)OpenFlags.CloseOnExec) != 0;
        if (unknown || call.A0 == call.A1)
        {
            return new Refusal(Errno.EINVAL, unknown ? ErrnoCause.FlagsUnknown : ErrnoCause.SameDescriptor);
        }

        OnExec onExec = call.A2 != 0 ? OnExec.Close : OnExec.Keep;
        return call.FileOf(call.A0).Ok(out OpenFile? file, out Errno errno) ? PutAt(call, file, onExec) : errno;
    }

    /// <summary><c>pipe</c>.</summary>
    /// <returns>0; EMFILE; EFAULT.</returns>
    public static SyscallOutcome Pipe(in SyscallCall call) => Pipe2(call with { A1 = 0 });

    /// <summary><c>pipe2</c>.</summary>
    /// <returns>As pipe; EINVAL for unknown flags.</returns>
    public static SyscallOutcome Pipe2(in SyscallCall call)
    {
        OpenFlags flags = (OpenFlags)call.A1;
        if ((flags & ~(OpenFlags.CloseOnExec | OpenFlags.NonBlock)) != 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.FlagsUnknown);
        }

        Pipe pipe = new();
        ulong number = call.System.Files.Numbers.Next();
        string name = $"pipe:[{number}]";
        Mount mount = call.System.Files.Mounts.Pipes;
        OnExec onExec = (flags & OpenFlags.CloseOnExec) != 0 ? OnExec.Close : OnExec.Keep;
        FileTable files = call.Process.Files;
        Inode readEnd = new(number, InodeKind.Pipe, 0x180) { Content = pipe.ReadEnd, Mount = mount };
        Inode writeEnd = new(number, InodeKind.Pipe, 0x180) { Content = pipe.WriteEnd, Mount = mount, Locks = readEnd.Locks };
        OpenFile reader = new(readEnd, flags & OpenFlags.NonBlock, name);
        OpenFile writer = new(writeEnd, (flags & OpenFlags.NonBlock) | OpenFlags.WriteOnly, name);
        if (!files.Add(reader, onExec).Ok(out int readFd, out Errno errno))
        {
            return errno;
        }

        if (!files.Add(writer, onExec).Ok(out int writeFd, out errno))
        {
            _ = files.Close(readFd);
            return errno;
        }

        if (call.Guest.TryWriteUInt64(call.A0, (uint)readFd | ((ulong)(uint)writeFd << 32)))
        {
            return Errno.None;
        }

        _ = files.Close(readFd);
        _ = files.Close(writeFd);
        return Errno.EFAULT;
    }

    /// <summary><c>fcntl</c>: descriptors, flags, seals and locks.</summary>
    /// <returns>By command; EBADF, also for what a name only cannot do; EINVAL for an unknown one; EMFILE; EFAULT; see <see cref="SealSyscalls"/> and <see cref="LockSyscalls"/>.</returns>
    public static SyscallOutcome Fcntl(in SyscallCall call)
    {
        if (call.Thread.Wait is { Cause: FileLockWait earlier })
        {
            return LockSyscalls.SetRecord(call, earlier.Request.File, earlier.Request.Kind, waits: true, FlockLayout.Native);
        }

        if (!call.FileOf(call.A0).Ok(out OpenFile? file, out Errno errno))
        {
            return errno;
        }

        FileTable files = call.Process.Files;
        int fd = (int)call.A0;
        switch ((Command)call.A1)
        {
            case Command.DupFd:
                return DupAbove(call, OnExec.Keep);
            case Command.DupFdCloseOnExec:
                return DupAbove(call, OnExec.Close);
            case Command.GetFd:
                return SyscallOutcome.Of(files.OnExecOf(fd) == OnExec.Close ? 1UL : 0);
            case Command.SetFd:
                files.SetOnExec(fd, (call.A2 & 1) != 0 ? OnExec.Close : OnExec.Keep);
                return Errno.None;
            case Command.GetFl:
                return SyscallOutcome.Of((ulong)file.StatusFlags);
            case var _ when (file.Flags & OpenFlags.PathOnly) != 0:
                return Errno.EBADF;
            case Command.SetFl:
                file.Flags = (file.Flags & ~OpenFlags.Settable) | ((OpenFlags)call.A2 & OpenFlags.Settable);
                return Errno.None;
            case Command.AddSeals:
                return SealSyscalls.Add(file, call.A2);
            case Command.GetSeals:
                return SealSyscalls.Get(file);
            case Command.SetPipeSize or Command.GetPipeSize:
                return file.Inode.Kind == InodeKind.Pipe ? SyscallOutcome.Of((ulong)Files.Pipe.Capacity) : Errno.EBADF;
            default:
                return Lock(call, file);
        }
    }

    /// <summary><c>fcntl</c> of <c>int $0x80</c>: <c>fcntl64</c> without the commands that this one is older than.</summary>
    /// <returns>As fcntl64; EINVAL for those commands.</returns>
    public static SyscallOutcome FcntlOld(in SyscallCall call) =>
        (Command)call.A1 is >= Command.CompatGetLk64 and <= Command.CompatSetLkW64 or >= Command.OfdGetLk and <= Command.OfdSetLkW
            ? new Refusal(Errno.EINVAL, ErrnoCause.CommandUnknown)
            : Fcntl(call);

    /// <summary>The commands about locks, with the struct that goes with each.</summary>
    private static SyscallOutcome Lock(in SyscallCall call, OpenFile file)
    {
        bool compat = call.PointerBytes == 4;
        FlockLayout layout = compat ? FlockLayout.Compat : FlockLayout.Native;
        FlockLayout wide = compat ? FlockLayout.CompatWide : FlockLayout.Native;
        return (Command)call.A1 switch
        {
            Command.GetLk => LockSyscalls.GetRecord(call, file, FileLockKind.Posix, layout),
            Command.SetLk => LockSyscalls.SetRecord(call, file, FileLockKind.Posix, waits: false, layout),
            Command.SetLkW => LockSyscalls.SetRecord(call, file, FileLockKind.Posix, waits: true, layout),
            Command.CompatGetLk64 when compat => LockSyscalls.GetRecord(call, file, FileLockKind.Posix, wide),
            Command.CompatSetLk64 when compat => LockSyscalls.SetRecord(call, file, FileLockKind.Posix, waits: false, wide),
            Command.CompatSetLkW64 when compat => LockSyscalls.SetRecord(call, file, FileLockKind.Posix, waits: true, wide),
            Command.OfdGetLk => LockSyscalls.GetRecord(call, file, FileLockKind.Description, wide),
            Command.OfdSetLk => LockSyscalls.SetRecord(call, file, FileLockKind.Description, waits: false, wide),
            Command.OfdSetLkW => LockSyscalls.SetRecord(call, file, FileLockKind.Description, waits: true, wide),
            _ => new Refusal(Errno.EINVAL, ErrnoCause.CommandUnknown),
        };
    }

    /// <summary><c>fsync</c>, <c>fdatasync</c>: what is written is where it stays.</summary>
    /// <returns>0; EBADF; EINVAL for pipes and streams.</returns>
    public static SyscallOutcome Fsync(in SyscallCall call)
    {
        if (!call.FileOf(call.A0).Ok(out OpenFile? file, out Errno errno))
        {
            return errno;
        }

        return file.Content is { Seekable: false } ? new Refusal(Errno.EINVAL, ErrnoCause.NothingToSync) : Errno.None;
    }

    /// <summary><c>ioctl</c>: what terminals and pipes are asked.</summary>
    /// <returns>0; EBADF; ENOTTY; EFAULT.</returns>
    public static SyscallOutcome Ioctl(in SyscallCall call)
    {
        if (!call.FileOf(call.A0).Ok(out OpenFile? file, out Errno errno))
        {
            return errno;
        }

        switch (call.A1)
        {
            case FionRead:
                ulong waiting = file.Inode.Kind == InodeKind.Regular ? file.Inode.SizeBytes - Math.Min(file.Position, file.Inode.SizeBytes) : file.Content?.SizeBytes ?? 0;
                return call.Guest.TryWriteUInt32(call.A2, (uint)waiting) ? Errno.None : Errno.EFAULT;
            case FionBio:
                if (!call.Guest.TryReadUInt32(call.A2, out uint on))
                {
                    return Errno.EFAULT;
                }

                file.Flags = on != 0 ? file.Flags | OpenFlags.NonBlock : file.Flags & ~OpenFlags.NonBlock;
                return Errno.None;
            case var _ when file.Content is AshmemArea area:
                return AshmemRequests.Answer(call, area);
            default:
                return file.Content is HostStreamContent { Stream.IsTerminal: true } terminal ? TerminalRequests.Answer(call, terminal.Stream) : Errno.ENOTTY;
        }
    }

    /// <summary>F_DUPFD and F_DUPFD_CLOEXEC: the lowest free descriptor from the argument on.</summary>
    private static SyscallOutcome DupAbove(in SyscallCall call, OnExec onExec) =>
        call.A2 >= FileTable.Limit ? new Refusal(Errno.EINVAL, ErrnoCause.DescriptorLimit) : DupFrom(call, (int)call.A2, onExec);

    private static SyscallOutcome DupFrom(in SyscallCall call, int lowest, OnExec onExec)
    {
        if (!call.FileOf(call.A0).Ok(out OpenFile? file, out Errno errno))
        {
            return errno;
        }

        Result<int> added = call.Process.Files.Add(file.Share(), onExec, lowest);
        if (!added.Ok(out _, out _))
        {
            file.Release();
        }

        return SyscallOutcome.Of(added);
    }

    private static SyscallOutcome PutAt(in SyscallCall call, OpenFile file, OnExec onExec)
    {
        if (call.A1 >= FileTable.Limit)
        {
            return Errno.EBADF;
        }

        call.Process.Files.Put((int)call.A1, file.Share(), onExec);
        return SyscallOutcome.Of(call.A1);
    }
}
