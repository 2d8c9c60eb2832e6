using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>mkdir, unlink, rename, links, modes, the working directory: all changes stay in RAM.</summary>
/// <remarks>Source: [Linux fs/namei.c, fs/open.c, fs/d_path.c].</remarks>
internal static class NameSyscalls
{
    private const ulong RemoveDirectory = 0x200;
    private const ulong FollowLink = 0x400;
    private const ulong NoReplace = 1;
    private const ulong Exchange = 2;
    private const ulong Whiteout = 4;

    private static readonly ulong Cwd = unchecked((ulong)Paths.AtCwd);

    /// <summary><c>mkdir</c>.</summary>
    /// <returns>0; EEXIST; ENOENT and kin.</returns>
    public static SyscallOutcome Mkdir(in SyscallCall call) => MkdirAt(call with { A0 = Cwd, A1 = call.A0, A2 = call.A1 });

    /// <summary><c>mkdirat</c>.</summary>
    /// <returns>As mkdir; EBADF.</returns>
    public static SyscallOutcome MkdirAt(in SyscallCall call)
    {
        if (!Paths.FindSlot(call, call.A0, call.A1, LastLink.Keep).Ok(out NamedSlot slot, out Errno errno))
        {
            return errno;
        }

        return FolderVerbs.Create(slot, call.System.Files.NewFolder((uint)call.A2 & ~call.Process.Umask & 0x3FF, mount: slot.Folder.Inode.Mount));
    }

    /// <summary><c>rmdir</c>.</summary>
    /// <returns>0; ENOTEMPTY; ENOTDIR; EBUSY; EINVAL; ENOENT and kin.</returns>
    public static SyscallOutcome Rmdir(in SyscallCall call) => UnlinkAt(call with { A0 = Cwd, A1 = call.A0, A2 = RemoveDirectory });

    /// <summary><c>unlink</c>.</summary>
    /// <returns>0; EISDIR; ENOENT and kin.</returns>
    public static SyscallOutcome Unlink(in SyscallCall call) => UnlinkAt(call with { A0 = Cwd, A1 = call.A0, A2 = 0 });

    /// <summary><c>unlinkat</c>.</summary>
    /// <returns>As unlink or rmdir; EBADF; EINVAL for unknown flags.</returns>
    public static SyscallOutcome UnlinkAt(in SyscallCall call)
    {
        if ((call.A2 & ~RemoveDirectory) != 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.FlagsUnknown);
        }

        if (!Paths.FindSlot(call, call.A0, call.A1, LastLink.Keep).Ok(out NamedSlot slot, out Errno errno))
        {
            return errno;
        }

        return call.A2 != 0 ? FolderVerbs.RemoveFolder(slot) : FolderVerbs.Unlink(slot);
    }

    /// <summary><c>rename</c>.</summary>
    /// <returns>0; EISDIR; ENOTDIR; ENOTEMPTY; EINVAL; EBUSY; EXDEV between mounts; ENOENT and kin.</returns>
    public static SyscallOutcome Rename(in SyscallCall call) =>
        RenameAt2(call with { A0 = Cwd, A1 = call.A0, A2 = Cwd, A3 = call.A1, A4 = 0 });

    /// <summary><c>renameat</c>.</summary>
    /// <returns>As rename; EBADF.</returns>
    public static SyscallOutcome RenameAt(in SyscallCall call) => RenameAt2(call with { A4 = 0 });

    /// <summary><c>renameat2</c>, without RENAME_WHITEOUT.</summary>
    /// <returns>As rename; EEXIST with RENAME_NOREPLACE; ENOENT with RENAME_EXCHANGE and no second file; EINVAL for other flags and for both.</returns>
    public static SyscallOutcome RenameAt2(in SyscallCall call)
    {
        uint flags = (uint)call.A4;
        if ((flags & ~(NoReplace | Exchange)) != 0 || flags == (NoReplace | Exchange))
        {
            bool unknown = (flags & ~(NoReplace | Exchange | Whiteout)) != 0;
            bool conflict = (flags & Exchange) != 0 && flags != Exchange;
            return new Refusal(Errno.EINVAL, unknown ? ErrnoCause.FlagsUnknown : conflict ? ErrnoCause.FlagsConflict : ErrnoCause.FlagsNotOffered);
        }

        if (!Paths.FindSlot(call, call.A0, call.A1, LastLink.Keep).Ok(out NamedSlot from, out Errno errno)
            || !Paths.FindSlot(call, call.A2, call.A3, LastLink.Keep).Ok(out NamedSlot to, out errno))
        {
            return errno;
        }

        return flags switch
        {
            (uint)Exchange => FolderVerbs.Exchange(from, to),
            (uint)NoReplace when from.Name.Length > 0 && (to.Name.Length == 0 || (from.Inode is not null && to.Inode is not null)) => Errno.EEXIST,
            _ => FolderVerbs.Rename(from, to),
        };
    }

    /// <summary><c>link</c>.</summary>
    /// <returns>0; EEXIST; EXDEV between mounts; EPERM for directories; ENOENT and kin.</returns>
    public static SyscallOutcome Link(in SyscallCall call) => LinkAt(call with { A0 = Cwd, A1 = call.A0, A2 = Cwd, A3 = call.A1, A4 = 0 });

    /// <summary><c>linkat</c>.</summary>
    /// <returns>As link; EBADF.</returns>
    public static SyscallOutcome LinkAt(in SyscallCall call)
    {
        ulong flags = (call.A4 & FollowLink) != 0 ? call.A4 : call.A4 | Paths.NoFollow;
        if (!Paths.FindInode(call, call.A0, call.A1, flags).Ok(out Inode? inode, out Errno errno)
            || !Paths.FindSlot(call, call.A2, call.A3, LastLink.Keep).Ok(out NamedSlot to, out errno))
        {
            return errno;
        }

        return FolderVerbs.Link(inode, to);
    }

    /// <summary><c>symlink</c>.</summary>
    /// <returns>0; EEXIST; ENOENT and kin.</returns>
    public static SyscallOutcome Symlink(in SyscallCall call) => SymlinkAt(call with { A1 = Cwd, A2 = call.A1 });

    /// <summary><c>symlinkat</c>.</summary>
    /// <returns>As symlink; EBADF.</returns>
    public static SyscallOutcome SymlinkAt(in SyscallCall call)
    {
        if (!call.PathAt(call.A0).Ok(out string? target, out Errno errno)
            || !Paths.FindSlot(call, call.A1, call.A2, LastLink.Keep).Ok(out NamedSlot slot, out errno))
        {
            return errno;
        }

        Inode link = new(call.System.Files.Numbers.Next(), InodeKind.Symlink, 0x1FF) { Target = target, Mount = slot.Folder.Inode.Mount };
        return target.Length == 0 ? Errno.ENOENT : FolderVerbs.Create(slot, link);
    }

    /// <summary><c>chmod</c>.</summary>
    /// <returns>0; EPERM when F_SEAL_EXEC keeps the bits; ENOENT and kin.</returns>
    public static SyscallOutcome Chmod(in SyscallCall call) => ChmodAt(call with { A0 = Cwd, A1 = call.A0, A2 = call.A1 });

    /// <summary><c>fchmodat</c>.</summary>
    /// <returns>As chmod; EBADF.</returns>
    public static SyscallOutcome ChmodAt(in SyscallCall call)
    {
        if (!Paths.FindInode(call, call.A0, call.A1, 0).Ok(out Inode? inode, out Errno errno))
        {
            return errno;
        }

        return SetMode(inode, (uint)call.A2 & 0xFFF);
    }

    /// <summary><c>fchmod</c>.</summary>
    /// <returns>0; EBADF; EPERM when F_SEAL_EXEC keeps the bits.</returns>
    public static SyscallOutcome FChmod(in SyscallCall call)
    {
        if (!call.FileOf(call.A0).Ok(out OpenFile? file, out Errno errno))
        {
            return errno;
        }

        return SetMode(file.Inode, (uint)call.A1 & 0xFFF);
    }

    /// <summary><c>chown</c> and <c>lchown</c>: there is one user.</summary>
    /// <returns>0; ENOENT and kin.</returns>
    public static SyscallOutcome Chown(in SyscallCall call) =>
        Paths.FindInode(call, Cwd, call.A0, Paths.NoFollow).Ok(out _, out Errno errno) ? Errno.None : errno;

    /// <summary><c>fchown</c>.</summary>
    /// <returns>0; EBADF.</returns>
    public static SyscallOutcome FChown(in SyscallCall call) => call.FileOf(call.A0).Ok(out _, out Errno errno) ? Errno.None : errno;

    /// <summary><c>fchownat</c>.</summary>
    /// <returns>0; EBADF; ENOENT and kin.</returns>
    public static SyscallOutcome FChownAt(in SyscallCall call) =>
        Paths.FindInode(call, call.A0, call.A1, call.A4).Ok(out _, out Errno errno) ? Errno.None : errno;

    /// <summary><c>umask</c>.</summary>
    /// <returns>The mask before.</returns>
    public static SyscallOutcome Umask(in SyscallCall call)
    {
        uint old = call.Process.Umask;
        call.Process.Umask = (uint)call.A0 & 0x1FF;
        return SyscallOutcome.Of((ulong)old);
    }

    /// <summary><c>getcwd</c>.</summary>
    /// <returns>Bytes stored with the NUL; ENOENT when the folder was removed; ERANGE when there is no room; EFAULT.</returns>
    public static SyscallOutcome GetCwd(in SyscallCall call)
    {
        if (call.Process.WorkingDirectory.Inode.Links == 0)
        {
            return Errno.ENOENT;
        }

        byte[] path = [.. GuestText.Bytes(call.Process.WorkingDirectory.Path), 0];
        if ((ulong)path.Length > call.A1)
        {
            return new Refusal(Errno.ERANGE, ErrnoCause.BufferTooSmall);
        }

        return call.Guest.TryWrite(call.A0, path) ? SyscallOutcome.Of((ulong)path.Length) : Errno.EFAULT;
    }

    /// <summary><c>chdir</c>.</summary>
    /// <returns>0; ENOTDIR; ENOENT and kin.</returns>
    public static SyscallOutcome Chdir(in SyscallCall call) =>
        Paths.Find(call, Cwd, call.A0, LastLink.Follow).Ok(out Place? place, out Errno errno) ? Enter(call, place) : errno;

    /// <summary><c>fchdir</c>.</summary>
    /// <returns>0; EBADF; ENOTDIR.</returns>
    public static SyscallOutcome FChdir(in SyscallCall call)
    {
        if (!call.FileOf(call.A0).Ok(out OpenFile? file, out Errno errno))
        {
            return errno;
        }

        FileSystem files = call.System.Files;
        return files.Find(files.Root, file.Path, LastLink.Follow).Ok(out Place? place, out errno) ? Enter(call, place) : errno;
    }

    private static SyscallOutcome SetMode(Inode inode, uint mode)
    {
        Refusal refusal = SealSyscalls.CheckMode(inode, mode);
        inode.Mode = refusal == Refusal.None ? mode : inode.Mode;
        return refusal;
    }

    private static SyscallOutcome Enter(in SyscallCall call, Place place)
    {
        if (place.Inode.Folder is null)
        {
            return Errno.ENOTDIR;
        }

        call.Process.WorkingDirectory = place;
        return Errno.None;
    }
}
