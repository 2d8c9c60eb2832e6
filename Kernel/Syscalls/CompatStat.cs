using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>stat and kin of <c>int $0x80</c>: i386's two structs.</summary>
/// <remarks>Source: [Linux arch/x86/include/uapi/asm/stat.h, struct stat of i386, struct stat64; arch/x86/kernel/sys_ia32.c].</remarks>
internal static class CompatStat
{
    private const uint BlockBytes = 4096;

    /// <summary><c>stat</c>.</summary>
    /// <returns>As stat of x86-64; EOVERFLOW for a size beyond 31 bits.</returns>
    public static SyscallOutcome Stat(in SyscallCall call) => Tell(call, OfPath(call, 0));

    /// <summary><c>lstat</c>.</summary>
    /// <returns>As stat.</returns>
    public static SyscallOutcome LStat(in SyscallCall call) => Tell(call, OfPath(call, Paths.NoFollow));

    /// <summary><c>fstat</c>.</summary>
    /// <returns>As stat; EBADF.</returns>
    public static SyscallOutcome FStat(in SyscallCall call) => Tell(call, OfFile(call));

    /// <summary><c>stat64</c>.</summary>
    /// <returns>As stat of x86-64.</returns>
    public static SyscallOutcome Stat64(in SyscallCall call) => Tell64(call, OfPath(call, 0), call.A1);

    /// <summary><c>lstat64</c>.</summary>
    /// <returns>As lstat of x86-64.</returns>
    public static SyscallOutcome LStat64(in SyscallCall call) => Tell64(call, OfPath(call, Paths.NoFollow), call.A1);

    /// <summary><c>fstat64</c>.</summary>
    /// <returns>As fstat of x86-64.</returns>
    public static SyscallOutcome FStat64(in SyscallCall call) => Tell64(call, OfFile(call), call.A1);

    /// <summary><c>fstatat64</c>.</summary>
    /// <returns>As newfstatat of x86-64.</returns>
    public static SyscallOutcome FStatAt64(in SyscallCall call)
    {
        const ulong Known = Paths.EmptyPath | Paths.NoFollow | 0x800;
        return (call.A3 & ~Known) != 0
            ? new Refusal(Errno.EINVAL, ErrnoCause.FlagsUnknown)
            : Tell64(call, Paths.FindInode(call, call.A0, call.A1, call.A3), call.A2);
    }

    private static Result<Inode> OfPath(in SyscallCall call, ulong flags) =>
        Paths.FindInode(call, unchecked((ulong)Paths.AtCwd), call.A0, flags);

    private static Result<Inode> OfFile(in SyscallCall call) =>
        call.FileOf(call.A0).Ok(out OpenFile? file, out Errno errno) ? file.Inode : errno;

    private static SyscallOutcome Tell(in SyscallCall call, Result<Inode> found)
    {
        if (!found.Ok(out Inode? inode, out Errno errno))
        {
            return errno;
        }

        if (inode.SizeBytes > int.MaxValue)
        {
            return Errno.EOVERFLOW;
        }

        StructWriter stat = new(64);
        stat.Put16(0, (ushort)(inode.Mount?.Device ?? 0));
        stat.Put32(4, (uint)inode.Number);
        stat.Put16(8, (ushort)inode.FullMode);
        stat.Put16(10, (ushort)inode.Links);
        stat.Put16(16, (ushort)inode.Device);
        stat.Put32(20, (uint)inode.SizeBytes);
        stat.Put32(24, BlockBytes);
        stat.Put32(28, (uint)StatSyscalls.Blocks(inode));
        PutTimes(stat, 32, inode);
        return call.Guest.TryWrite(call.A1, stat.Bytes) ? Errno.None : Errno.EFAULT;
    }

    private static SyscallOutcome Tell64(in SyscallCall call, Result<Inode> found, ulong address)
    {
        if (!found.Ok(out Inode? inode, out Errno errno))
        {
            return errno;
        }

        StructWriter stat = new(96);
        stat.Put64(0, inode.Mount?.Device ?? 0);
        stat.Put32(12, (uint)inode.Number);
        stat.Put32(16, inode.FullMode);
        stat.Put32(20, (uint)inode.Links);
        stat.Put64(32, inode.Device);
        stat.Put64(44, inode.SizeBytes);
        stat.Put32(52, BlockBytes);
        stat.Put64(56, StatSyscalls.Blocks(inode));
        PutTimes(stat, 64, inode);
        stat.Put64(88, inode.Number);
        return call.Guest.TryWrite(address, stat.Bytes) ? Errno.None : Errno.EFAULT;
    }

    private static void PutTimes(in StructWriter stat, int at, Inode inode)
    {
        stat.PutTime(at, StatSyscalls.Accessed(inode), narrow: true);
        stat.PutTime(at + 8, StatSyscalls.Modified(inode), narrow: true);
        stat.PutTime(at + 16, StatSyscalls.Modified(inode), narrow: true);
    }
}
