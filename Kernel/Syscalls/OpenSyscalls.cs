using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>open, close, lseek, directories' entries, sizes of files.</summary>
/// <remarks>Source: [Linux fs/open.c, fs/namei.c, fs/readdir.c, fs/read_write.c].</remarks>
internal static class OpenSyscalls
{
    private const uint PermissionBits = 0xFFF;
    private const int DirentHeader = 19;
    private const ulong SeekData = 3;
    private const ulong SeekHole = 4;

    /// <summary><c>open</c>.</summary>
    /// <returns>A descriptor; ENOENT, ENOTDIR, EISDIR, EEXIST, ELOOP, EMFILE, ENXIO, EFAULT, ENAMETOOLONG.</returns>
    public static SyscallOutcome Open(in SyscallCall call) => OpenAt(call, unchecked((ulong)Paths.AtCwd), call.A0, (OpenFlags)call.A1, (uint)call.A2);

    /// <summary><c>openat</c>.</summary>
    /// <returns>As open; EBADF for a bad directory descriptor.</returns>
    public static SyscallOutcome OpenAt(in SyscallCall call) => OpenAt(call, call.A0, call.A1, (OpenFlags)call.A2, (uint)call.A3);

    /// <summary><c>creat</c>.</summary>
    /// <returns>As open.</returns>
    public static SyscallOutcome Creat(in SyscallCall call) =>
        OpenAt(call, unchecked((ulong)Paths.AtCwd), call.A0, OpenFlags.Create | OpenFlags.Truncate | OpenFlags.WriteOnly, (uint)call.A1);

    /// <summary><c>close</c>.</summary>
    /// <returns>0; EBADF.</returns>
    public static SyscallOutcome Close(in SyscallCall call) => call.Process.Files.Close((int)call.A0) ? Errno.None : Errno.EBADF;

    /// <summary><c>close_range</c>.</summary>
    /// <returns>0; EINVAL for an empty range or unknown flags.</returns>
    public static SyscallOutcome CloseRange(in SyscallCall call)
    {
        (uint first, uint last) = ((uint)call.A0, (uint)call.A1);
        bool unknown = (call.A2 & ~4UL) != 0;
        if (unknown || first > last)
        {
            return new Refusal(Errno.EINVAL, unknown ? ErrnoCause.FlagsUnknown : ErrnoCause.RangeReversed);
        }

        foreach (int fd in (List<int>)[.. call.Process.Files.Descriptors])
        {
            if (fd < first || fd > last)
            {
                continue;
            }

            if (call.A2 != 0)
            {
                call.Process.Files.SetOnExec(fd, OnExec.Close);
            }
            else
            {
                _ = call.Process.Files.Close(fd);
            }
        }

        return Errno.None;
    }

    /// <summary><c>lseek</c>.</summary>
    /// <returns>The new position; EBADF; ESPIPE for pipes and streams; EINVAL for a negative one or an unknown origin; ENXIO beyond the end for SEEK_DATA and SEEK_HOLE, and where no data follows.</returns>
    public static SyscallOutcome Seek(in SyscallCall call)
    {
        if (!call.FileOf(call.A0).Ok(out OpenFile? file, out Errno errno))
        {
            return errno;
        }

        if (file.Content is { Seekable: false })
        {
            return file.Content is DeviceContent ? Errno.None : Errno.ESPIPE;
        }

        (long offset, long size) = ((long)call.A1, (long)file.Inode.SizeBytes);
        if (call.A2 is SeekData or SeekHole)
        {
            return SeekPast(file, offset, call.A2 == SeekData);
        }

        long? target = call.A2 switch
        {
            0 => offset,
            1 => unchecked((long)file.Position + offset),
            2 => unchecked(size + offset),
            _ => null,
        };
        if (target is null or < 0)
        {
            return new Refusal(Errno.EINVAL, target is null ? ErrnoCause.WhenceUnknown : ErrnoCause.OffsetNegative);
        }

        file.Position = (ulong)target.Value;
        return SyscallOutcome.Of(file.Position);
    }

    /// <summary><c>getdents64</c>.</summary>
    /// <returns>Bytes stored, 0 at the end; EBADF; ENOTDIR; EINVAL when not even one entry fits; EFAULT.</returns>
    public static SyscallOutcome GetDents(in SyscallCall call)
    {
        if (!call.FileOf(call.A0).Ok(out OpenFile? file, out Errno errno))
        {
            return errno;
        }

        if (file.Inode.Folder is not { } folder)
        {
            return Errno.ENOTDIR;
        }

        List<string> names = [".", "..", .. folder.Names()];
        List<byte> entries = [];
        ulong next = file.Position;
        while (next < (ulong)names.Count)
        {
            byte[]? entry = EntryOf(file, folder, names[(int)next], next + 1);
            if (entry is not null && (ulong)(entries.Count + entry.Length) > call.A2)
            {
                break;
            }

            entries.AddRange(entry ?? []);
            next++;
        }

        if (entries.Count == 0 && next < (ulong)names.Count)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.BufferTooSmall);
        }

        if (!call.Guest.TryWrite(call.A1, entries.ToArray()))
        {
            return Errno.EFAULT;
        }

        file.Position = next;
        return SyscallOutcome.Of((ulong)entries.Count);
    }

    /// <summary><c>truncate</c>.</summary>
    /// <returns>0; EINVAL for a negative length or what has none; EISDIR; ENOENT and kin.</returns>
    public static SyscallOutcome Truncate(in SyscallCall call)
    {
        if (!Paths.Find(call, unchecked((ulong)Paths.AtCwd), call.A0, LastLink.Follow).Ok(out Place? place, out Errno errno))
        {
            return errno;
        }

        call.System.Files.CopyUp(place.Inode);
        return Resize(call, place.Inode, call.A1);
    }

    /// <summary><c>ftruncate</c>.</summary>
    /// <returns>0; EBADF; EINVAL for a negative length, what has none, or a descriptor not open for writing; EPERM for a sealed file.</returns>
    public static SyscallOutcome FTruncate(in SyscallCall call)
    {
        if (!call.FileOf(call.A0).Ok(out OpenFile? file, out Errno errno))
        {
            return errno;
        }

        return file.CanWrite ? Resize(call, file.Inode, call.A1) : new Refusal(Errno.EINVAL, ErrnoCause.FileNotWritable);
    }

    /// <summary>Goes to the next data, or the next hole.</summary>
    /// <remarks>Source: [Linux mm/filemap.c, mapping_seek_hole_data].</remarks>
    private static SyscallOutcome SeekPast(OpenFile file, long offset, bool data)
    {
        bool outside = offset < 0 || (ulong)offset >= file.Inode.SizeBytes;
        ulong? target = outside ? null : file.Content is not { } content ? (ulong)offset : data ? content.FindData((ulong)offset) : content.FindHole((ulong)offset);
        if (target is null)
        {
            return Errno.ENXIO;
        }

        file.Position = target.Value;
        return SyscallOutcome.Of(file.Position);
    }

    private static Refusal Resize(in SyscallCall call, Inode inode, ulong length)
    {
        if (inode.Kind == InodeKind.Directory)
        {
            return Errno.EISDIR;
        }

        if ((long)length < 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.LengthNegative);
        }

        Refusal refusal = inode.Content?.Resize(length) ?? new Refusal(Errno.EINVAL, ErrnoCause.NoLength);
        inode.ModifiedNs = refusal == Refusal.None ? (long)call.System.Clock.RealtimeNs : inode.ModifiedNs;
        return refusal;
    }

    private static SyscallOutcome OpenAt(in SyscallCall call, ulong directory, ulong path, OpenFlags flags, uint mode)
    {
        bool create = (flags & OpenFlags.Create) != 0;
        bool keepLink = (flags & OpenFlags.NoFollow) != 0 || (flags & (OpenFlags.Create | OpenFlags.Exclusive)) == (OpenFlags.Create | OpenFlags.Exclusive);
        if (!Paths.FindSlot(call, directory, path, keepLink ? LastLink.Keep : LastLink.Follow).Ok(out NamedSlot slot, out Errno errno))
        {
            return errno;
        }

        Inode? inode = slot.Inode;
        bool made = inode is null && create;
        if (made)
        {
            inode = call.System.Files.NewFile(mode & ~call.Process.Umask & PermissionBits, slot.Path, slot.Folder.Inode.Mount);
            inode.ModifiedNs = (long)call.System.Clock.RealtimeNs;
            errno = slot.MustBeFolder ? Errno.EISDIR : FolderVerbs.Create(slot, inode);
        }
        else
        {
            errno = inode is null ? Errno.ENOENT : CheckExisting(inode, flags);
        }

        if (errno != Errno.None)
        {
            return errno;
        }

        bool writes = (flags & OpenFlags.AccessMask) != OpenFlags.ReadOnly;
        string shown = slot.Name.Length == 0 ? slot.Folder.Path : slot.Path;
        if (!made && writes && (flags & OpenFlags.PathOnly) == 0)
        {
            call.System.Files.CopyUp(inode!);
        }

        if (!made && (flags & OpenFlags.Truncate) != 0 && writes && inode!.Kind == InodeKind.Regular)
        {
            Refusal refusal = Resize(call, inode, 0);
            if (refusal != Refusal.None)
            {
                return refusal;
            }
        }

        OpenFile file = new(inode!, flags, shown);
        return SyscallOutcome.Of(call.Process.Files.Add(file, (flags & OpenFlags.CloseOnExec) != 0 ? OnExec.Close : OnExec.Keep));
    }

    private static Errno CheckExisting(Inode inode, OpenFlags flags)
    {
        bool writes = (flags & OpenFlags.AccessMask) != OpenFlags.ReadOnly;
        return inode.Kind switch
        {
            _ when (flags & (OpenFlags.Create | OpenFlags.Exclusive)) == (OpenFlags.Create | OpenFlags.Exclusive) => Errno.EEXIST,
            InodeKind.Symlink when (flags & OpenFlags.PathOnly) == 0 => Errno.ELOOP,
            not InodeKind.Directory when (flags & OpenFlags.Directory) != 0 => Errno.ENOTDIR,
            InodeKind.Directory when writes || (flags & OpenFlags.Create) != 0 => Errno.EISDIR,
            InodeKind.Character when inode.Content is null => Errno.ENXIO,
            _ => Errno.None,
        };
    }

    private static byte[]? EntryOf(OpenFile file, Folder folder, string name, ulong next)
    {
        Inode? inode = name is "." or ".." ? file.Inode : folder.Find(name);
        if (inode is null)
        {
            return null;
        }

        byte[] nameBytes = GuestText.Bytes(name);
        StructWriter entry = new((DirentHeader + nameBytes.Length + 1 + 7) & ~7);
        entry.Put64(0, inode.Number);
        entry.Put64(8, next);
        entry.Put16(16, (ushort)entry.Bytes.Length);
        entry.Bytes[18] = (byte)((uint)inode.Kind >> 12);
        nameBytes.CopyTo(entry.Bytes[DirentHeader..]);
        return entry.Bytes.ToArray();
    }
}
