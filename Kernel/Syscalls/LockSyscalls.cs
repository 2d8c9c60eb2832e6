using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>Locks on files: flock, and fcntl's records of a process or of a description.</summary>
/// <remarks>Source: [Linux fs/locks.c].</remarks>
internal static class LockSyscalls
{
    private const uint Shared = 1;
    private const uint Exclusive = 2;
    private const uint DoNotWait = 4;
    private const uint Unlock = 8;

    // LOCK_MAND: Linux has had no such locks since 5.15, and says yes to who asks for one.
    private const uint Mandatory = 32;

    /// <summary><c>flock</c>.</summary>
    /// <returns>
    /// 0; EINVAL for an unknown operation; EBADF, also for a name only; EAGAIN with LOCK_NB while another description has a lock against it; EINTR.
    /// A lock that is converted is given up first, and stays so when the new one cannot be had.
    /// </returns>
    public static SyscallOutcome Flock(in SyscallCall call)
    {
        if (call.Thread.Wait is { Cause: FileLockWait earlier })
        {
            return Again(call, earlier.Request);
        }

        uint operation = (uint)call.A1;
        if ((operation & Mandatory) != 0)
        {
            return Errno.None;
        }

        FileLockMode? mode = (operation & ~DoNotWait) switch
        {
            Shared => FileLockMode.Read,
            Exclusive => FileLockMode.Write,
            Unlock => FileLockMode.None,
            _ => null,
        };
        if (mode is not { } wanted)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.FlagsUnknown);
        }

        if (!call.FileOf(call.A0).Ok(out OpenFile? file, out Errno errno))
        {
            return errno;
        }

        return (file.Flags & OpenFlags.PathOnly) != 0
            ? Errno.EBADF
            : Take(call, new FileLock(FileLockKind.Flock, file, file, call.Process.Pid, wanted), (operation & DoNotWait) == 0);
    }

    /// <summary>F_SETLK and F_SETLKW, and their kin.</summary>
    /// <param name="call">The call.</param>
    /// <param name="file">The file.</param>
    /// <param name="kind">Whose lock it is.</param>
    /// <param name="waits">True for F_SETLKW.</param>
    /// <param name="layout">How the struct lies.</param>
    /// <returns>
    /// 0; EFAULT; EINVAL for a type or a whence that there is not, for what begins before the file, and for a description's lock with l_pid; EOVERFLOW for
    /// what ends beyond all offsets; EBADF for a lock to read with a descriptor not open for that, and likewise to write; EAGAIN while another owner has a
    /// lock against it; when it waits EDEADLK, where its own locks keep that owner waiting, and EINTR.
    /// </returns>
    public static SyscallOutcome SetRecord(in SyscallCall call, OpenFile file, FileLockKind kind, bool waits, FlockLayout layout)
    {
        if (call.Thread.Wait is { Cause: FileLockWait earlier })
        {
            return Again(call, earlier.Request);
        }

        if (!FlockStruct.Read(call, call.A2, layout).Has(out FlockStruct flock, out Refusal refusal)
            || !RequestOf(call, file, kind, flock).Has(out FileLock? request, out refusal))
        {
            return refusal;
        }

        bool allowed = request.Mode switch
        {
            FileLockMode.Read => file.CanRead,
            FileLockMode.Write => file.CanWrite,
            FileLockMode.None => true,
        };
        if (!allowed)
        {
            return Errno.EBADF;
        }

        return kind == FileLockKind.Description && flock.Pid != 0 ? Errno.EINVAL : Take(call, request, waits);
    }

    /// <summary>F_GETLK and F_OFD_GETLK: the first lock in the way, or l_type F_UNLCK and nothing else.</summary>
    /// <returns>0; EFAULT; EINVAL and EOVERFLOW as when a lock is set; EINVAL for F_GETLK of F_UNLCK, which of a description means its own lock.</returns>
    public static SyscallOutcome GetRecord(in SyscallCall call, OpenFile file, FileLockKind kind, FlockLayout layout)
    {
        if (!FlockStruct.Read(call, call.A2, layout).Has(out FlockStruct flock, out Refusal refusal))
        {
            return refusal;
        }

        bool unlocks = flock.Type == (ushort)FileLockMode.None;
        if (unlocks && kind == FileLockKind.Posix)
        {
            return Errno.EINVAL;
        }

        if (!RequestOf(call, file, kind, flock).Has(out FileLock? request, out refusal))
        {
            return refusal;
        }

        if (kind == FileLockKind.Description && flock.Pid != 0)
        {
            return Errno.EINVAL;
        }

        FileLock? found = unlocks ? file.Inode.Locks.Own(request) : file.Inode.Locks.Against(request);
        flock = found is null ? flock with { Type = (ushort)FileLockMode.None } : new FlockStruct(
            (ushort)found.Mode,
            0,
            (long)found.First,
            found.Last == FileLock.MaxOffset ? 0 : (long)(found.Last - found.First + 1),
            found.Kind == FileLockKind.Description ? -1 : found.Pid);
        return flock.Write(call, call.A2, layout);
    }

    /// <summary>The lock that a struct means: EINVAL, EOVERFLOW.</summary>
    /// <remarks>Source: [Linux fs/locks.c, flock64_to_posix_lock].</remarks>
    private static Result<FileLock> RequestOf(in SyscallCall call, OpenFile file, FileLockKind kind, in FlockStruct flock)
    {
        long? origin = flock.Whence switch
        {
            0 => 0,
            1 => (long)file.Position,
            2 => (long)file.Inode.SizeBytes,
            _ => null,
        };
        if (origin is not { } from)
        {
            return Errno.EINVAL;
        }

        if (flock.Start > long.MaxValue - from)
        {
            return Errno.EOVERFLOW;
        }

        long first = from + flock.Start;
        if (first < 0 || (flock.Length < 0 && first + flock.Length < 0))
        {
            return Errno.EINVAL;
        }

        if (flock.Length > 0 && flock.Length - 1 > long.MaxValue - first)
        {
            return Errno.EOVERFLOW;
        }

        if (flock.Type > (ushort)FileLockMode.None)
        {
            return Errno.EINVAL;
        }

        (long start, long last) = flock.Length switch
        {
            > 0 => (first, first + flock.Length - 1),
            < 0 => (first + flock.Length, first - 1),
            0 => (first, long.MaxValue),
        };
        return new FileLock(kind, file, kind == FileLockKind.Posix ? call.Process.Files : file, call.Process.Pid, (FileLockMode)flock.Type)
        {
            First = (ulong)start,
            Last = (ulong)last,
        };
    }

    private static SyscallOutcome Take(in SyscallCall call, FileLock request, bool waits)
    {
        // A request keeps its place among those that wait; a lock has its place by when it is taken.
        ulong order = call.System.Files.LockOrder.Next();
        request = request.Order == 0 ? request with { Order = order } : request;
        if (request.File.Inode.Locks.TryTake(request with { Order = order }) is not { } blocker)
        {
            return Errno.None;
        }

        if (!waits)
        {
            return Errno.EAGAIN;
        }

        return FileLockQueue.WouldDeadlock(call.System, request, blocker)
            ? Errno.EDEADLK
            : SyscallOutcome.Until(new WaitFor(new FileLockWait(request, blocker), VirtualClock.Never, Interruption.RestartsIfAsked));
    }

    /// <summary>Tries again for a lock that was waited for: of the file that it was asked of, whatever the descriptor means by now.</summary>
    /// <returns>As the first try; EBADF when a record came for a descriptor that is another file's since: it is given up.</returns>
    private static SyscallOutcome Again(in SyscallCall call, FileLock request)
    {
        SyscallOutcome outcome = Take(call, request, waits: true);
        bool isTaken = outcome.End == SyscallEnd.Returns && outcome.Result.IsOk;
        if (isTaken && !request.File.IsOpen)
        {
            request.File.GiveUpLocks(request.File);
        }

        bool isOurs = request.Kind == FileLockKind.Flock || (call.FileOf(call.A0).Ok(out OpenFile? file, out _) && file == request.File);
        if (!isTaken || isOurs)
        {
            return outcome;
        }

        _ = request.File.Inode.Locks.TryTake(request with { Mode = FileLockMode.None });
        return Errno.EBADF;
    }
}
