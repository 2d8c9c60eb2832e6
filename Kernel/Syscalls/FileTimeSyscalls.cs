using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>The calls that set a file's times.</summary>
/// <remarks>Source: [Linux fs/utimes.c].</remarks>
internal static class FileTimeSyscalls
{
    private const ulong Second = 1_000_000_000;
    private const ulong Now = 0x3FFF_FFFF;
    private const ulong Omit = 0x3FFF_FFFE;
    private const ulong CurrentFolder = unchecked((ulong)-100L);

    /// <summary>In what unit a call gives the part of a second.</summary>
    private enum Fraction : ulong
    {
        Nanoseconds = 1,
        Microseconds = 1000,
    }

    /// <summary><c>utimensat</c>; without a path it sets the times of the descriptor.</summary>
    /// <returns>0; ENOENT and kin; EBADF; EFAULT; EINVAL for a fraction that is none.</returns>
    public static SyscallOutcome UTimensAt(in SyscallCall call)
    {
        Result<Inode> found = call.A1 != 0
            ? Paths.FindInode(call, call.A0, call.A1, call.A3)
            : call.FileOf(call.A0).Ok(out OpenFile? file, out Errno bad) ? file.Inode : bad;
        return Set(call, found, call.A2, Fraction.Nanoseconds);
    }

    /// <summary><c>utime</c>: whole seconds.</summary>
    /// <returns>0; ENOENT and kin; EFAULT.</returns>
    public static SyscallOutcome UTime(in SyscallCall call)
    {
        if (!Paths.FindInode(call, CurrentFolder, call.A0, 0).Ok(out Inode? inode, out Errno errno))
        {
            return errno;
        }

        (ulong accessed, ulong modified) = (0, 0);
        if (call.A1 != 0 && !(call.Guest.TryReadUInt64(call.A1, out accessed) && call.Guest.TryReadUInt64(call.A1 + 8, out modified)))
        {
            return Errno.EFAULT;
        }

        long now = (long)call.System.Clock.RealtimeNs;
        inode.AccessedNs = call.A1 == 0 ? now : (long)(accessed * Second);
        inode.ModifiedNs = call.A1 == 0 ? now : (long)(modified * Second);
        return Errno.None;
    }

    /// <summary><c>utimes</c>: microseconds.</summary>
    /// <returns>0; ENOENT and kin; EFAULT; EINVAL.</returns>
    public static SyscallOutcome UTimes(in SyscallCall call) =>
        Set(call, Paths.FindInode(call, CurrentFolder, call.A0, 0), call.A1, Fraction.Microseconds);

    /// <summary><c>futimesat</c>: microseconds, below a folder.</summary>
    /// <returns>0; ENOENT and kin; EBADF; EFAULT; EINVAL.</returns>
    public static SyscallOutcome FUTimesAt(in SyscallCall call) =>
        Set(call, Paths.FindInode(call, call.A0, call.A1, 0), call.A2, Fraction.Microseconds);

    private static SyscallOutcome Set(in SyscallCall call, Result<Inode> found, ulong times, Fraction unit)
    {
        if (!found.Ok(out Inode? inode, out Errno errno))
        {
            return errno;
        }

        if (!TryTime(call, times, unit, inode.AccessedNs ?? inode.ModifiedNs, out long accessed, out Refusal refusal)
            || !TryTime(call, times == 0 ? 0 : times + 16, unit, inode.ModifiedNs, out long modified, out refusal))
        {
            return refusal;
        }

        (inode.AccessedNs, inode.ModifiedNs) = (accessed, modified);
        return Errno.None;
    }

    /// <summary>The time at an address, or now when there is no address; the old one where the caller leaves it.</summary>
    private static bool TryTime(in SyscallCall call, ulong address, Fraction unit, long old, out long time, out Refusal refusal)
    {
        (ulong seconds, ulong fraction) = (0, Now);
        time = old;
        refusal = Errno.EFAULT;
        if (address != 0 && !(call.Guest.TryReadUInt64(address, out seconds) && call.Guest.TryReadUInt64(address + 8, out fraction)))
        {
            return false;
        }

        bool word = unit == Fraction.Nanoseconds || address == 0;
        time = fraction switch
        {
            Now when word => (long)call.System.Clock.RealtimeNs,
            Omit when word => old,
            _ => (long)((seconds * Second) + (fraction * (ulong)unit)),
        };
        bool sound = (word && fraction is (Now or Omit)) || fraction < Second / (ulong)unit;
        refusal = sound ? Refusal.None : new Refusal(Errno.EINVAL, ErrnoCause.FractionTooLarge);
        return sound;
    }
}
