using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Files;

/// <summary>A kind of file system.</summary>
/// <param name="Name">As /proc/filesystems and /proc/self/mounts have it.</param>
/// <param name="Magic">f_type of statfs.</param>
/// <remarks>Source of the numbers: [Linux include/uapi/linux/magic.h].</remarks>
internal sealed record FileSystemType(string Name, uint Magic)
{
    /// <summary>Memory.</summary>
    public static readonly FileSystemType Tmpfs = new("tmpfs", 0x0102_1994);

    /// <summary>Files of memory over files that are only read.</summary>
    public static readonly FileSystemType Overlay = new("overlay", 0x794C_7630);

    /// <summary>/proc.</summary>
    public static readonly FileSystemType Proc = new("proc", 0x9FA0);

    /// <summary>/sys.</summary>
    public static readonly FileSystemType Sysfs = new("sysfs", 0x6265_6572);

    /// <summary>/dev, which is a tmpfs to who asks for its number.</summary>
    public static readonly FileSystemType Devtmpfs = new("devtmpfs", 0x0102_1994);

    /// <summary>Pipes.</summary>
    public static readonly FileSystemType Pipefs = new("pipefs", 0x5049_5045);

    /// <summary>Sockets.</summary>
    public static readonly FileSystemType Sockfs = new("sockfs", 0x534F_434B);

    /// <summary>What has a descriptor and no file: events, interest lists.</summary>
    public static readonly FileSystemType Anonymous = new("anon_inodefs", 0x0904_1934);
}

/// <summary>A file system in its place.</summary>
/// <param name="type">What kind it is.</param>
/// <param name="device">st_dev of its files: major 0, and this minor.</param>
/// <param name="at">Where it is; empty for one that only the kernel uses.</param>
/// <param name="blocks">Pages that it may have, for a tmpfs with a bound.</param>
internal sealed class Mount(FileSystemType type, uint device, string at, BlockCount blocks) : IWholeOfParts
{
    /// <summary>What kind it is.</summary>
    public FileSystemType Type { get; } = type;

    /// <summary>st_dev of its files.</summary>
    public uint Device { get; } = device;

    /// <summary>Its path; empty for one that only the kernel uses.</summary>
    public string At { get; } = at;

    /// <summary>Pages that its files have.</summary>
    public BlockCount Blocks { get; } = blocks;

    /// <summary>Its number in mountinfo.</summary>
    public int Id { get; init; }

    /// <summary>The number of the mount that it lies in; of the root, its own less one.</summary>
    public int ParentId { get; init; }

    /// <summary>What is mounted, as /proc/self/mounts begins a line.</summary>
    public string Source { get; init; } = type.Name;

    /// <summary>The flags of the mount, as text.</summary>
    public string Options { get; init; } = "rw,relatime";

    /// <summary>The options of the file system itself, as text: inodes of a tmpfs are not counted.</summary>
    public string OwnOptions => Type == FileSystemType.Tmpfs ? "rw,nr_inodes=0" : "rw";

    /// <summary>f_flags of statfs: ST_VALID, and the options as bits.</summary>
    /// <remarks>Source: [Linux include/linux/statfs.h, ST_NOSUID to ST_RELATIME].</remarks>
    public ulong Flags { get; init; } = 0x1020;

    void IStateful.SeeParts(StateVisitor visitor) => visitor.See(Blocks);
}
