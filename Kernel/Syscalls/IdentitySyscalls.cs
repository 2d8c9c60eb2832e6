using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>Who the caller is: ids of processes, groups and sessions; the user is always root.</summary>
internal static class IdentitySyscalls
{
    private const ulong RootId = 0;

    /// <summary><c>getpid</c>.</summary>
    /// <returns>The process id.</returns>
    public static SyscallOutcome GetPid(in SyscallCall call) => SyscallOutcome.Of((ulong)call.Process.Pid);

    /// <summary><c>getppid</c>.</summary>
    /// <returns>The parent's id; 1 for orphans.</returns>
    public static SyscallOutcome GetPPid(in SyscallCall call) => SyscallOutcome.Of((ulong)call.Process.ParentPid);

    /// <summary><c>getuid</c> and the other calls whose answer is root's id.</summary>
    /// <returns>0.</returns>
    public static SyscallOutcome Root(in SyscallCall call) => SyscallOutcome.Of(RootId);

    /// <summary><c>setuid</c> and the other calls that make root what it is.</summary>
    /// <returns>0 for root's id; EPERM for another, which this kernel does not have.</returns>
    public static SyscallOutcome SetRoot(in SyscallCall call) =>
        call.A0 is 0 or uint.MaxValue or ulong.MaxValue ? Errno.None : new Refusal(Errno.EPERM, ErrnoCause.OneUser);

    /// <summary><c>getresuid</c>, <c>getresgid</c>.</summary>
    /// <returns>0; EFAULT.</returns>
    public static SyscallOutcome GetThree(in SyscallCall call) =>
        call.Guest.TryWriteUInt32(call.A0, 0) && call.Guest.TryWriteUInt32(call.A1, 0) && call.Guest.TryWriteUInt32(call.A2, 0)
            ? Errno.None
            : Errno.EFAULT;

    /// <summary><c>capget</c>: root has every capability.</summary>
    /// <returns>0; EINVAL for an unknown version, after the version that is known was written, unless the caller asks for that only; EFAULT.</returns>
    /// <remarks>Source: [Linux kernel/capability.c, cap_validate_magic, sys_capget].</remarks>
    public static SyscallOutcome CapGet(in SyscallCall call)
    {
        const uint Version1 = 0x1998_0330;
        const uint Version2 = 0x2007_1026;
        const uint Version3 = 0x2008_0522;
        if (!call.Guest.TryReadUInt32(call.A0, out uint version))
        {
            return Errno.EFAULT;
        }

        if (version is not (Version1 or Version2 or Version3))
        {
            bool told = call.Guest.TryWriteUInt32(call.A0, Version3);
            return !told ? Errno.EFAULT : call.A1 == 0 ? Errno.None : Errno.EINVAL;
        }

        // Effective, permitted and inheritable ones, of 32 capabilities each; there are 41.
        StructWriter sets = new(version == Version1 ? 12 : 24);
        sets.Put64(0, ulong.MaxValue);
        if (version != Version1)
        {
            sets.Put64(12, 0x1FF_0000_01FF);
        }

        return call.A1 == 0 || call.Guest.TryWrite(call.A1, sets.Bytes) ? Errno.None : Errno.EFAULT;
    }

    /// <summary><c>getpgrp</c>.</summary>
    /// <returns>The group's id.</returns>
    public static SyscallOutcome GetPgrp(in SyscallCall call) => SyscallOutcome.Of((ulong)call.Process.Group);

    /// <summary><c>getpgid</c>.</summary>
    /// <returns>The group's id; ESRCH.</returns>
    public static SyscallOutcome GetPgid(in SyscallCall call) =>
        Named(call) is { } process ? SyscallOutcome.Of((ulong)process.Group) : Errno.ESRCH;

    /// <summary><c>getsid</c>.</summary>
    /// <returns>The session's id; ESRCH.</returns>
    public static SyscallOutcome GetSid(in SyscallCall call) =>
        Named(call) is { } process ? SyscallOutcome.Of((ulong)process.Session) : Errno.ESRCH;

    /// <summary><c>setpgid</c>.</summary>
    /// <returns>0; ESRCH for neither the caller nor a child; EINVAL for a negative group.</returns>
    public static SyscallOutcome SetPgid(in SyscallCall call)
    {
        if ((int)call.A1 < 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.GroupNegative);
        }

        if (Named(call) is not { } process || (process != call.Process && process.Parent != call.Process))
        {
            return Errno.ESRCH;
        }

        process.Group = (int)call.A1 == 0 ? process.Pid : (int)call.A1;
        return Errno.None;
    }

    /// <summary><c>setsid</c>.</summary>
    /// <returns>The new session's id; EPERM for the leader of a group.</returns>
    public static SyscallOutcome SetSid(in SyscallCall call)
    {
        if (call.Process.Group == call.Process.Pid)
        {
            return new Refusal(Errno.EPERM, ErrnoCause.LeadsGroup);
        }

        (call.Process.Group, call.Process.Session) = (call.Process.Pid, call.Process.Pid);
        return SyscallOutcome.Of((ulong)call.Process.Pid);
    }

    /// <summary><c>getgroups</c>: root's group.</summary>
    /// <returns>1; EFAULT; EINVAL when there is no room.</returns>
    public static SyscallOutcome GetGroups(in SyscallCall call)
    {
        if ((int)call.A0 < 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.CountNegative);
        }

        return call.A0 == 0 || call.Guest.TryWriteUInt32(call.A1, 0) ? SyscallOutcome.Of(1UL) : Errno.EFAULT;
    }

    private static Process? Named(in SyscallCall call) =>
        (int)call.A0 == 0 ? call.Process : call.System.Processes.Find((int)call.A0);
}
