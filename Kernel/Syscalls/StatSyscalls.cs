using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>stat and kin, access, readlink.</summary>
/// <remarks>Source: [Linux fs/stat.c, fs/open.c; arch/x86/include/uapi/asm/stat.h; include/uapi/linux/stat.h].</remarks>
internal static class StatSyscalls
{
    private const int AccessTimeAt = 64;
    private const ulong BlockBytes = 4096;
    private const uint BasicStats = 0x7FF;
    private const ulong ExecuteWanted = 1;

    /// <summary><c>stat</c>.</summary>
    /// <returns>0; ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG, EFAULT.</returns>
    public static SyscallOutcome Stat(in SyscallCall call) => Tell(call, Paths.FindInode(call, unchecked((ulong)Paths.AtCwd), call.A0, 0), call.A1);

    /// <summary><c>lstat</c>.</summary>
    /// <returns>As stat.</returns>
    public static SyscallOutcome LStat(in SyscallCall call) =>
        Tell(call, Paths.FindInode(call, unchecked((ulong)Paths.AtCwd), call.A0, Paths.NoFollow), call.A1);

    /// <summary><c>fstat</c>.</summary>
    /// <returns>0; EBADF; EFAULT.</returns>
    public static SyscallOutcome FStat(in SyscallCall call) =>
        call.FileOf(call.A0).Ok(out OpenFile? file, out Errno errno) ? Tell(call, file.Inode, call.A1) : errno;

    /// <summary><c>newfstatat</c>.</summary>
    /// <returns>As stat; EBADF for a bad directory descriptor; EINVAL for unknown flags.</returns>
    public static SyscallOutcome FStatAt(in SyscallCall call)
    {
        const ulong Known = Paths.EmptyPath | Paths.NoFollow | 0x800;
        return (call.A3 & ~Known) != 0
            ? new Refusal(Errno.EINVAL, ErrnoCause.FlagsUnknown)
            : Tell(call, Paths.FindInode(call, call.A0, call.A1, call.A3), call.A2);
    }

    /// <summary><c>statx</c>.</summary>
    /// <returns>As newfstatat.</returns>
    public static SyscallOutcome StatX(in SyscallCall call)
    {
        if (!Paths.FindInode(call, call.A0, call.A1, call.A2).Ok(out Inode? inode, out Errno errno))
        {
            return errno;
        }

        StructWriter stat = new(256);
        stat.Put32(0, BasicStats);
        stat.Put32(4, (uint)BlockBytes);
        stat.Put32(16, (uint)inode.Links);
        stat.Put16(28, (ushort)inode.FullMode);
        stat.Put64(32, inode.Number);
        stat.Put64(40, inode.SizeBytes);
        stat.Put64(48, Blocks(inode));
        foreach (int at in (ReadOnlySpan<int>)[AccessTimeAt, 96, 112])
        {
            ulong time = at == AccessTimeAt ? Accessed(inode) : Modified(inode);
            stat.Put64(at, time / 1_000_000_000);
            stat.Put32(at + 8, (uint)(time % 1_000_000_000));
        }

        stat.Put32(128, inode.Device >> 8);
        stat.Put32(132, inode.Device & 0xFF);
        stat.Put32(140, inode.Mount?.Device ?? 0);
        return call.Guest.TryWrite(call.A4, stat.Bytes) ? Errno.None : Errno.EFAULT;
    }

    /// <summary><c>access</c>, asked as root: only execution can be refused.</summary>
    /// <returns>0; EACCES; ENOENT and kin; EINVAL for an unknown mode.</returns>
    public static SyscallOutcome Access(in SyscallCall call) =>
        MayAccess(Paths.FindInode(call, unchecked((ulong)Paths.AtCwd), call.A0, 0), call.A1);

    /// <summary><c>faccessat</c> and <c>faccessat2</c>.</summary>
    /// <returns>As access; EBADF.</returns>
    public static SyscallOutcome FAccessAt(in SyscallCall call) => MayAccess(Paths.FindInode(call, call.A0, call.A1, call.A3), call.A2);

    /// <summary><c>faccessat</c>, which has no flags.</summary>
    /// <returns>As access; EBADF.</returns>
    public static SyscallOutcome FAccessAtOld(in SyscallCall call) => FAccessAt(call with { A3 = 0 });

    /// <summary><c>readlink</c>.</summary>
    /// <returns>Bytes stored, without a NUL; EINVAL for what is no link or for no room; ENOENT and kin; EFAULT.</returns>
    public static SyscallOutcome ReadLink(in SyscallCall call) =>
        ReadLinkAt(call with { A0 = unchecked((ulong)Paths.AtCwd), A1 = call.A0, A2 = call.A1, A3 = call.A2 });

    /// <summary><c>readlinkat</c>.</summary>
    /// <returns>As readlink; EBADF.</returns>
    public static SyscallOutcome ReadLinkAt(in SyscallCall call)
    {
        if ((int)call.A3 <= 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.NotPositive);
        }

        if (!Paths.FindInode(call, call.A0, call.A1, Paths.NoFollow | Paths.EmptyPath).Ok(out Inode? inode, out Errno errno))
        {
            return errno;
        }

        if (inode.Kind != InodeKind.Symlink)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.NotLink);
        }

        byte[] target = GuestText.Bytes(inode.Target);
        int count = Math.Min(target.Length, (int)call.A3);
        return call.Guest.TryWrite(call.A2, target.AsSpan(0, count)) ? SyscallOutcome.Of((ulong)count) : Errno.EFAULT;
    }

    private static SyscallOutcome MayAccess(Result<Inode> found, ulong mode)
    {
        if (mode > 7)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.ModeUnknown);
        }

        if (!found.Ok(out Inode? inode, out Errno errno))
        {
            return errno;
        }

        bool refused = (mode & ExecuteWanted) != 0 && inode.Kind == InodeKind.Regular && (inode.Mode & 0x49) == 0;
        return refused ? Errno.EACCES : Errno.None;
    }

    private static SyscallOutcome Tell(in SyscallCall call, Result<Inode> found, ulong address)
    {
        if (!found.Ok(out Inode? inode, out Errno errno))
        {
            return errno;
        }

        StructWriter stat = new(144);
        stat.Put64(0, inode.Mount?.Device ?? 0);
        stat.Put64(8, inode.Number);
        stat.Put64(16, (ulong)inode.Links);
        stat.Put32(24, inode.FullMode);
        stat.Put64(40, inode.Device);
        stat.Put64(48, inode.SizeBytes);
        stat.Put64(56, BlockBytes);
        stat.Put64(64, Blocks(inode));
        stat.PutTime(72, Accessed(inode));
        stat.PutTime(88, Modified(inode));
        stat.PutTime(104, Modified(inode));
        return call.Guest.TryWrite(address, stat.Bytes) ? Errno.None : Errno.EFAULT;
    }

    /// <summary>st_blocks: what the file takes up, in units of 512 bytes.</summary>
    internal static ulong Blocks(Inode inode) => inode.Kind == InodeKind.Regular ? ((inode.Content?.HeldBytes ?? 0) + 511) / 512 : 0;

    /// <summary>When it was last written, in nanoseconds since 1970.</summary>
    internal static ulong Modified(Inode inode) => (ulong)Math.Max(0, inode.ModifiedNs);

    /// <summary>When it was last read, in nanoseconds since 1970.</summary>
    internal static ulong Accessed(Inode inode) => (ulong)Math.Max(0, inode.AccessedNs ?? inode.ModifiedNs);
}
