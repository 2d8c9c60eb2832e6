using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>Path arguments: a string in guest memory, relative to a directory descriptor.</summary>
internal static class Paths
{
    /// <summary>AT_FDCWD.</summary>
    public const int AtCwd = -100;

    /// <summary>AT_EMPTY_PATH: an empty path means the descriptor itself.</summary>
    public const ulong EmptyPath = 0x1000;

    /// <summary>AT_SYMLINK_NOFOLLOW.</summary>
    public const ulong NoFollow = 0x100;

    /// <summary>What the path names.</summary>
    public static Result<Place> Find(in SyscallCall call, ulong directory, ulong address, LastLink last)
    {
        if (!Start(call, directory, address, out string path).Ok(out Place? start, out Errno errno))
        {
            return errno;
        }

        return call.System.Files.Find(start, path, last);
    }

    /// <summary>The directory of the last name, and what has that name.</summary>
    public static Result<NamedSlot> FindSlot(in SyscallCall call, ulong directory, ulong address, LastLink last)
    {
        if (!Start(call, directory, address, out string path).Ok(out Place? start, out Errno errno))
        {
            return errno;
        }

        return call.System.Files.FindSlot(start, path, last);
    }

    /// <summary>The inode that the path names, or that of the descriptor for an empty path with AT_EMPTY_PATH.</summary>
    public static Result<Inode> FindInode(in SyscallCall call, ulong directory, ulong address, ulong flags)
    {
        if (!call.PathAt(address).Ok(out string? path, out Errno errno))
        {
            return errno;
        }

        if (path.Length == 0 && (flags & EmptyPath) != 0 && (int)directory != AtCwd)
        {
            return call.FileOf(directory).Ok(out OpenFile? file, out errno) ? file.Inode : errno;
        }

        LastLink last = (flags & NoFollow) != 0 ? LastLink.Keep : LastLink.Follow;
        if (path.Length == 0 && (flags & EmptyPath) != 0)
        {
            return call.Process.WorkingDirectory.Inode;
        }

        return Find(call, directory, address, last).Ok(out Place? place, out errno) ? place.Inode : errno;
    }

    private static Result<Place> Start(in SyscallCall call, ulong directory, ulong address, out string path)
    {
        path = "";
        if (!call.PathAt(address).Ok(out string? text, out Errno errno))
        {
            return errno;
        }

        path = text;
        if (text.StartsWith('/') || (int)directory == AtCwd)
        {
            return call.Process.WorkingDirectory;
        }

        if (!call.FileOf(directory).Ok(out OpenFile? file, out errno))
        {
            return errno;
        }

        if (file.Inode.Folder is null)
        {
            return Errno.ENOTDIR;
        }

        return call.System.Files.Find(call.System.Files.Root, file.Path, LastLink.Follow);
    }
}
