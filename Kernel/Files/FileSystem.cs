using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Files;

/// <summary>Whether a symbolic link at the end of a path is followed.</summary>
internal enum LastLink
{
    /// <summary>It is.</summary>
    Follow,

    /// <summary>It is not.</summary>
    Keep,
}

/// <summary>All files that the guest sees: the host's, read only, under what the guest has made.</summary>
internal sealed class FileSystem : IWholeOfParts
{
    private const int MaxLinks = 40;
    private const int MaxNameBytes = 255;
    private const int MaxPathBytes = 4096;
    private readonly MemorySystem _mem;

    /// <summary>An empty tree, or the files of <paramref name="disk"/> from <paramref name="hostRoot"/> on.</summary>
    public FileSystem(MemorySystem mem, IHostDisk disk, string? hostRoot)
    {
        _mem = mem;
        Mounts = new MountTable(mem.Buddy.ManagedCount, hostRoot is not null);
        Host = new HostTree(mem, disk, Numbers, HostFiles, Mounts);
        Inode? root = hostRoot is null ? null : Host.Find(disk.FullPath(hostRoot), "/");
        Root = new Place(root is { Folder: not null } ? root : NewFolder(0x1ED), "", null);
    }

    /// <summary>The root.</summary>
    public Place Root { get; }

    /// <summary>What is mounted where.</summary>
    public MountTable Mounts { get; }

    /// <summary>Inode numbers.</summary>
    public SerialNumbers Numbers { get; } = new();

    /// <summary>Numbers all locks on files in the order of their coming.</summary>
    public SerialNumbers LockOrder { get; } = new();

    /// <summary>System V shared memory.</summary>
    public SharedSegments Segments { get; } = new();

    /// <summary>The shared pages of alloc_hugepages.</summary>
    public KeyedHugePages HugeKeys { get; } = new();

    /// <summary>Who listens under which name.</summary>
    public SocketNames Sockets { get; } = new();

    /// <summary>Which files of the host were opened.</summary>
    public OpenedHostFiles HostFiles { get; } = new();

    /// <summary>The host's files.</summary>
    public HostTree Host { get; }

    /// <summary>An empty directory without a name, of the root's file system or of <paramref name="mount"/>.</summary>
    public Inode NewFolder(uint mode, IFolderSource? below = null, Mount? mount = null) =>
        new(Numbers.Next(), InodeKind.Directory, mode) { Folder = new Folder(below), Links = 2, Mount = mount ?? Mounts.Root };

    /// <summary>An empty file in RAM without a name, of the root's file system or of <paramref name="mount"/>.</summary>
    public Inode NewFile(uint mode, string path, Mount? mount = null)
    {
        Mount home = mount ?? Mounts.Root;
        FileLabel label = new(path, Numbers.Next(), home.Device);
        return new Inode(label.Number, InodeKind.Regular, mode) { Content = new MemContent(_mem, label, home.Blocks), Mount = home, Label = label };
    }

    /// <summary>Memory that no path leads to, as memfd_create and shared anonymous mappings have it, named as if it had been removed.</summary>
    public MemContent NewMemory(string path, ulong? number = null, ulong reservedBytes = 0) =>
        new(_mem, new FileLabel(path, number ?? Numbers.Next(), Mounts.Memory.Device) { IsDeleted = true }, Mounts.Memory.Blocks) { ReservedBytes = reservedBytes };

    /// <summary>The memory behind a shared anonymous mapping: it goes with its last mapping, and <paramref name="reservedBytes"/> of it were promised.</summary>
    public MemContent NewSharedMemory(ulong reservedBytes) =>
        new(_mem, new FileLabel("/dev/zero", Numbers.Next(), Mounts.Memory.Device) { IsDeleted = true }, Mounts.Memory.Blocks) { IsNamed = false, ReservedBytes = reservedBytes };

    /// <summary>Makes a file of the host writable: from now on its content is a copy in RAM.</summary>
    public void CopyUp(Inode inode)
    {
        if (inode is { Content: HostContent host, Label: { } label })
        {
            inode.Content = new MemContent(_mem, label, inode.Mount?.Blocks, host);
        }
    }

    /// <summary>Finds what <paramref name="path"/> names, from <paramref name="start"/> on when it is relative.</summary>
    /// <returns>The place; ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG.</returns>
    public Result<Place> Find(Place start, string path, LastLink last)
    {
        if (!FindSlot(start, path, last).Ok(out NamedSlot slot, out Errno errno))
        {
            return errno;
        }

        if (slot.Inode is null)
        {
            return Errno.ENOENT;
        }

        return slot.Name.Length == 0 ? slot.Folder : new Place(slot.Inode, slot.Name, slot.Folder);
    }

    /// <summary>Finds the directory of the last name of <paramref name="path"/>, and what has that name now.</summary>
    /// <returns>The slot, its name empty when the path ends in a directory itself (/, . or ..); ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG.</returns>
    public Result<NamedSlot> FindSlot(Place start, string path, LastLink last)
    {
        if (path.Length == 0)
        {
            return Errno.ENOENT;
        }

        if (System.Text.Encoding.UTF8.GetByteCount(path) >= MaxPathBytes)
        {
            return Errno.ENAMETOOLONG;
        }

        int links = 0;
        return Walk(start, path, last, ref links);
    }

    private Result<NamedSlot> Walk(Place start, string path, LastLink last, ref int links)
    {
        Place at = path[0] == '/' ? Root : start;
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        bool trailing = path[^1] == '/';
        for (int i = 0; i < names.Length; i++)
        {
            if (at.Inode.Folder is not { } folder)
            {
                return Errno.ENOTDIR;
            }

            string name = names[i];
            bool isLast = i == names.Length - 1;
            if (name is "." or "..")
            {
                at = name == ".." ? at.Parent ?? at : at;
                continue;
            }

            if (System.Text.Encoding.UTF8.GetByteCount(name) > MaxNameBytes)
            {
                return Errno.ENAMETOOLONG;
            }

            bool follows = !isLast || trailing || last == LastLink.Follow;
            NamedSlot found = new(at, name, folder.Find(name), trailing);
            Result<NamedSlot> step = follows ? Through(found, ref links) : found;
            if (isLast)
            {
                return Ending(step, trailing);
            }

            if (!Enter(step).Ok(out Place? onward, out Errno errno))
            {
                return errno;
            }

            at = onward;
        }

        return at.Inode.Folder is null ? Errno.ENOTDIR : new NamedSlot(at, "", at.Inode, false);
    }

    private Result<NamedSlot> Follow(Place folder, string name, Inode link, ref int links)
    {
        if (++links > MaxLinks)
        {
            return Errno.ELOOP;
        }

        if (link.Jump is not null)
        {
            return new NamedSlot(folder, name, link.Jump, false);
        }

        return link.Target.Length == 0 ? Errno.ENOENT : Walk(folder, link.Target, LastLink.Follow, ref links);
    }

    private Result<NamedSlot> Through(in NamedSlot slot, ref int links) =>
        slot.Inode is { Kind: InodeKind.Symlink } link ? Follow(slot.Folder, slot.Name, link, ref links) : slot;

    /// <summary>Where the walk goes on from a name that is not the last.</summary>
    private static Result<Place> Enter(Result<NamedSlot> step)
    {
        if (!step.Ok(out NamedSlot slot, out Errno errno))
        {
            return errno;
        }

        if (slot.Inode is null)
        {
            return Errno.ENOENT;
        }

        return slot.Name.Length == 0 ? slot.Folder : new Place(slot.Inode, slot.Name, slot.Folder);
    }

    private static Result<NamedSlot> Ending(Result<NamedSlot> result, bool trailing)
    {
        if (!result.Ok(out NamedSlot slot, out Errno errno))
        {
            return errno;
        }

        return trailing && slot.Inode is { Folder: null } ? Errno.ENOTDIR : slot;
    }

    void IStateful.SeeParts(StateVisitor visitor) => visitor.SeeAll([Root.Inode, Mounts, Numbers, LockOrder, Segments, HugeKeys, Sockets, HostFiles]);
}
