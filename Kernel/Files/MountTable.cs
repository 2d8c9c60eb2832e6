using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Files;

/// <summary>What is mounted where; a program cannot change it.</summary>
/// <remarks>
/// A tmpfs may fill half of RAM, as by default on Linux. Where the host's root has a /tmp, the host's files show in it as in the root, and what the guest
/// writes there counts for the tmpfs. Source: [Linux mm/shmem.c, shmem_default_max_blocks].
/// </remarks>
internal sealed class MountTable : IWholeOfParts
{
    private const uint FirstDevice = 0x21;
    private const int FirstId = 21;
    private const string Closed = "rw,nosuid,nodev,noexec,relatime";
    private const ulong ClosedFlags = 0x102E;
    private readonly Mount[] _all;

    /// <summary>The mounts of a machine.</summary>
    /// <param name="ramPages">Pages of RAM that can be had.</param>
    /// <param name="hasHost">Whether the root shows the host's files.</param>
    public MountTable(ulong ramPages, bool hasHost)
    {
        Root = Make(0, hasHost ? FileSystemType.Overlay : FileSystemType.Tmpfs, "/", new BlockCount(0), source: hasHost ? "overlay" : "rootfs");
        Proc = Make(1, FileSystemType.Proc, "/proc", new BlockCount(0), options: Closed, flags: ClosedFlags);
        Sys = Make(2, FileSystemType.Sysfs, "/sys", new BlockCount(0), options: Closed, flags: ClosedFlags);
        Dev = Make(3, FileSystemType.Devtmpfs, "/dev", new BlockCount(ramPages / 2), options: "rw,nosuid,relatime", flags: 0x1022);
        SharedMemory = Make(4, FileSystemType.Tmpfs, "/dev/shm", new BlockCount(ramPages / 2), FirstId + 3, options: "rw,nosuid,nodev,relatime", flags: 0x1026);
        Temporary = Make(5, FileSystemType.Tmpfs, "/tmp", new BlockCount(ramPages / 2), options: "rw,nosuid,nodev,relatime", flags: 0x1026);
        _all = [Root, Proc, Sys, Dev, SharedMemory, Temporary];
        Memory = Hidden(FileSystemType.Tmpfs, 1);
        Pipes = Hidden(FileSystemType.Pipefs, 0xD);
        Sockets = Hidden(FileSystemType.Sockfs, 0x8);
        Anonymous = Hidden(FileSystemType.Anonymous, 0xE);
    }

    /// <summary>Those that a program sees, in the order in which they were mounted.</summary>
    public IReadOnlyList<Mount> All => _all;

    /// <summary>/.</summary>
    public Mount Root { get; }

    /// <summary>/proc.</summary>
    public Mount Proc { get; }

    /// <summary>/sys.</summary>
    public Mount Sys { get; }

    /// <summary>/dev.</summary>
    public Mount Dev { get; }

    /// <summary>/dev/shm.</summary>
    public Mount SharedMemory { get; }

    /// <summary>/tmp.</summary>
    public Mount Temporary { get; }

    /// <summary>Where memfd_create, shared anonymous mappings and segments have their memory: no bound but that of the machine.</summary>
    public Mount Memory { get; }

    /// <summary>Pipes.</summary>
    public Mount Pipes { get; }

    /// <summary>Sockets.</summary>
    public Mount Sockets { get; }

    /// <summary>Events and interest lists.</summary>
    public Mount Anonymous { get; }

    /// <summary>The mount that a path without symbolic links, dots and doubled slashes lies in.</summary>
    public Mount Of(string path)
    {
        Mount found = Root;
        foreach (Mount mount in _all)
        {
            bool under = path.StartsWith(mount.At, StringComparison.Ordinal) && (path.Length == mount.At.Length || path[mount.At.Length] == '/');
            found = under && mount.At.Length > found.At.Length ? mount : found;
        }

        return found;
    }

    private static Mount Make(
        int order, FileSystemType type, string at, BlockCount blocks, int parent = FirstId, string? source = null, string options = "rw,relatime", ulong flags = 0x1020) =>
        new(type, FirstDevice + (uint)order, at, blocks)
        {
            Id = FirstId + order,
            ParentId = order == 0 ? FirstId - 1 : parent,
            Source = source ?? type.Name,
            Options = options,
            Flags = flags,
        };

    private static Mount Hidden(FileSystemType type, uint device) => new(type, device, "", new BlockCount(0)) { Flags = 0x20 };

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.SeeAll(_all);
        visitor.SeeAll([Memory, Pipes, Sockets, Anonymous]);
    }
}
