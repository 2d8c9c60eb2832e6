using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>Extended attributes: no file has any, and none can have, as on a file system without them.</summary>
/// <remarks>Source: [Linux fs/xattr.c, vfs_listxattr, __vfs_getxattr]; [Linux fs/posix_acl.c].</remarks>
internal static class AttributeSyscalls
{
    private const ulong CurrentFolder = unchecked((ulong)Paths.AtCwd);

    /// <summary><c>getxattr</c>, <c>setxattr</c>, <c>removexattr</c>.</summary>
    /// <returns>EOPNOTSUPP; ENOENT and kin; EFAULT.</returns>
    public static SyscallOutcome OfPath(in SyscallCall call) => Refuse(Paths.FindInode(call, CurrentFolder, call.A0, 0));

    /// <summary><c>lgetxattr</c>, <c>lsetxattr</c>, <c>lremovexattr</c>.</summary>
    /// <returns>EOPNOTSUPP; ENOENT and kin; EFAULT.</returns>
    public static SyscallOutcome OfLink(in SyscallCall call) => Refuse(Paths.FindInode(call, CurrentFolder, call.A0, Paths.NoFollow));

    /// <summary><c>fgetxattr</c>, <c>fsetxattr</c>, <c>fremovexattr</c>.</summary>
    /// <returns>EOPNOTSUPP; EBADF.</returns>
    public static SyscallOutcome OfFile(in SyscallCall call) => call.FileOf(call.A0).Ok(out _, out Errno errno) ? Errno.EOPNOTSUPP : errno;

    /// <summary><c>listxattr</c>.</summary>
    /// <returns>0 bytes of names; ENOENT and kin; EFAULT.</returns>
    public static SyscallOutcome ListOfPath(in SyscallCall call) => List(Paths.FindInode(call, CurrentFolder, call.A0, 0));

    /// <summary><c>llistxattr</c>.</summary>
    /// <returns>0 bytes of names; ENOENT and kin; EFAULT.</returns>
    public static SyscallOutcome ListOfLink(in SyscallCall call) => List(Paths.FindInode(call, CurrentFolder, call.A0, Paths.NoFollow));

    /// <summary><c>flistxattr</c>.</summary>
    /// <returns>0 bytes of names; EBADF.</returns>
    public static SyscallOutcome ListOfFile(in SyscallCall call) => call.FileOf(call.A0).Ok(out _, out Errno errno) ? Errno.None : errno;

    private static SyscallOutcome Refuse(Result<Inode> found) => found.Ok(out _, out Errno errno) ? Errno.EOPNOTSUPP : errno;

    private static SyscallOutcome List(Result<Inode> found) => found.Ok(out _, out Errno errno) ? Errno.None : errno;
}
