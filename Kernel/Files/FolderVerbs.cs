using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Files;

/// <summary>Changes of names: nothing here reaches the host.</summary>
/// <remarks>Source: [Linux fs/namei.c].</remarks>
internal static class FolderVerbs
{
    /// <summary>Puts a new inode at a free name.</summary>
    /// <returns>None; EEXIST; ENOENT in a directory that was removed.</returns>
    public static Errno Create(NamedSlot slot, Inode inode)
    {
        if (slot.Inode is not null)
        {
            return Errno.EEXIST;
        }

        if (slot.Folder.Inode.Links == 0)
        {
            return Errno.ENOENT;
        }

        slot.Folder.Inode.Folder!.Put(slot.Name, inode);
        slot.Folder.Inode.Links += inode.Kind == InodeKind.Directory ? 1 : 0;
        return Errno.None;
    }

    /// <summary>Takes the name of a file away.</summary>
    /// <returns>None; ENOENT; EISDIR; ENOTDIR when the path ended in a slash.</returns>
    public static Errno Unlink(NamedSlot slot)
    {
        if (slot.Inode is null)
        {
            return Errno.ENOENT;
        }

        if (slot.Inode.Kind == InodeKind.Directory)
        {
            return Errno.EISDIR;
        }

        if (slot.MustBeFolder)
        {
            return Errno.ENOTDIR;
        }

        slot.Folder.Inode.Folder!.Remove(slot.Name);
        Drop(slot.Inode);
        return Errno.None;
    }

    /// <summary>Removes an empty directory.</summary>
    /// <returns>None; ENOENT; ENOTDIR; ENOTEMPTY; EBUSY for the root and where something is mounted; EINVAL for a path that ends in a dot.</returns>
    public static Refusal RemoveFolder(NamedSlot slot)
    {
        if (slot.Name.Length == 0)
        {
            return slot.Folder.Parent is null ? new Refusal(Errno.EBUSY, ErrnoCause.IsRoot) : new Refusal(Errno.EINVAL, ErrnoCause.EndsInDot);
        }

        if (slot.Inode is null)
        {
            return Errno.ENOENT;
        }

        if (slot.Inode.Folder is not { } folder)
        {
            return Errno.ENOTDIR;
        }

        if (IsMountPoint(slot))
        {
            return new Refusal(Errno.EBUSY, ErrnoCause.IsMountPoint);
        }

        if (folder.Names().Count > 0)
        {
            return Errno.ENOTEMPTY;
        }

        slot.Folder.Inode.Folder!.Remove(slot.Name);
        slot.Folder.Inode.Links--;
        slot.Inode.Links = 0;
        return Refusal.None;
    }

    /// <summary>Gives an existing file one more name.</summary>
    /// <returns>None; EEXIST; EXDEV on another mount; EPERM for a directory.</returns>
    public static Refusal Link(Inode inode, NamedSlot to)
    {
        if (to.Inode is null && inode.Mount != to.Folder.Inode.Mount)
        {
            return new Refusal(Errno.EXDEV, ErrnoCause.AcrossMounts);
        }

        if (inode.Kind == InodeKind.Directory)
        {
            return new Refusal(Errno.EPERM, ErrnoCause.IsDirectory);
        }

        Errno errno = Create(to, inode);
        inode.Links += errno == Errno.None ? 1 : 0;
        return errno;
    }

    /// <summary>Moves a name, replacing what has the new one.</summary>
    /// <returns>None; ENOENT; EISDIR, ENOTDIR when the kinds do not fit; ENOTEMPTY; EINVAL for a directory into itself; EBUSY for the root and where something is mounted; EXDEV between mounts.</returns>
    public static Refusal Rename(NamedSlot from, NamedSlot to)
    {
        if (from.Folder.Inode.Mount != to.Folder.Inode.Mount)
        {
            return new Refusal(Errno.EXDEV, ErrnoCause.AcrossMounts);
        }

        if (from.Name.Length == 0 || to.Name.Length == 0)
        {
            Place end = from.Name.Length == 0 ? from.Folder : to.Folder;
            return new Refusal(Errno.EBUSY, end.Parent is null ? ErrnoCause.IsRoot : ErrnoCause.EndsInDot);
        }

        if (from.Inode is null)
        {
            return Errno.ENOENT;
        }

        if (from.Inode == to.Inode)
        {
            return Refusal.None;
        }

        Refusal refusal = CheckRename(from, to);
        if (refusal != Refusal.None)
        {
            return refusal;
        }

        from.Folder.Inode.Folder!.Remove(from.Name);
        to.Folder.Inode.Folder!.Put(to.Name, from.Inode);
        if (from.Inode.Kind == InodeKind.Directory)
        {
            from.Folder.Inode.Links--;
            to.Folder.Inode.Links += to.Inode is null ? 1 : 0;
        }

        if (to.Inode is not null)
        {
            Drop(to.Inode);
        }

        Relabel(from.Inode, to.Path);
        return Refusal.None;
    }

    /// <summary>Swaps what two names stand for.</summary>
    /// <returns>None; ENOENT when one of them is free; ENOTDIR for a file whose path ended in a slash; EINVAL for a directory into itself; EBUSY for the root and where something is mounted; EXDEV between mounts.</returns>
    public static Refusal Exchange(NamedSlot from, NamedSlot to)
    {
        if (from.Folder.Inode.Mount != to.Folder.Inode.Mount)
        {
            return new Refusal(Errno.EXDEV, ErrnoCause.AcrossMounts);
        }

        if (from.Name.Length == 0 || to.Name.Length == 0)
        {
            Place end = from.Name.Length == 0 ? from.Folder : to.Folder;
            return new Refusal(Errno.EBUSY, end.Parent is null ? ErrnoCause.IsRoot : ErrnoCause.EndsInDot);
        }

        if (from.Inode is not { } one || to.Inode is not { } other)
        {
            return Errno.ENOENT;
        }

        bool oneIsFolder = one.Kind == InodeKind.Directory;
        bool otherIsFolder = other.Kind == InodeKind.Directory;
        if ((from.MustBeFolder && !oneIsFolder) || (to.MustBeFolder && !otherIsFolder))
        {
            return Errno.ENOTDIR;
        }

        if (IsAbove(one, to.Folder) || IsAbove(other, from.Folder))
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.IntoItself);
        }

        if (IsMountPoint(from) || IsMountPoint(to))
        {
            return new Refusal(Errno.EBUSY, ErrnoCause.IsMountPoint);
        }

        from.Folder.Inode.Folder!.Put(from.Name, other);
        to.Folder.Inode.Folder!.Put(to.Name, one);
        from.Folder.Inode.Links += (otherIsFolder ? 1 : 0) - (oneIsFolder ? 1 : 0);
        to.Folder.Inode.Links += (oneIsFolder ? 1 : 0) - (otherIsFolder ? 1 : 0);
        Relabel(one, to.Path);
        Relabel(other, from.Path);
        return Refusal.None;
    }

    private static bool IsAbove(Inode folder, Place place)
    {
        for (Place? at = place; at is not null; at = at.Parent)
        {
            if (at.Inode == folder)
            {
                return true;
            }
        }

        return false;
    }

    private static Refusal CheckRename(NamedSlot from, NamedSlot to)
    {
        bool moved = from.Inode!.Kind == InodeKind.Directory;
        if (IsAbove(from.Inode, to.Folder))
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.IntoItself);
        }

        return to.Inode switch
        {
            _ when IsMountPoint(from) || IsMountPoint(to) => new Refusal(Errno.EBUSY, ErrnoCause.IsMountPoint),
            null => !moved && to.MustBeFolder ? Errno.ENOTDIR : Errno.None,
            { Kind: InodeKind.Directory } when !moved => Errno.EISDIR,
            { Kind: not InodeKind.Directory } when moved => Errno.ENOTDIR,
            { Folder: { } folder } when folder.Names().Count > 0 => Errno.ENOTEMPTY,
            _ => Errno.None,
        };
    }

    private static bool IsMountPoint(in NamedSlot slot) => slot.Inode is not null && slot.Inode.Mount != slot.Folder.Inode.Mount;

    /// <summary>Tells what moved, and what is known below it, by which path it is found now.</summary>
    private static void Relabel(Inode inode, string path)
    {
        if (inode.Label is { } label)
        {
            label.Path = path;
        }

        foreach ((string name, Inode child) in inode.Folder?.Known ?? [])
        {
            Relabel(child, $"{path}/{name}");
        }
    }

    private static void Drop(Inode inode)
    {
        inode.Links = inode.Kind == InodeKind.Directory ? 0 : inode.Links - 1;
        if (inode.Links != 0)
        {
            return;
        }

        if (inode.Label is { } label)
        {
            label.IsDeleted = true;
        }

        (inode.Content as MemContent)?.Unlinked();
    }
}
