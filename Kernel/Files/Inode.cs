using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Files;

/// <summary>What a name can stand for; the value is the file type in st_mode.</summary>
/// <remarks>Source: [Linux include/uapi/linux/stat.h, S_IFMT].</remarks>
internal enum InodeKind
{
    /// <summary>A pipe.</summary>
    Pipe = 0x1000,

    /// <summary>A character device.</summary>
    Character = 0x2000,

    /// <summary>A directory.</summary>
    Directory = 0x4000,

    /// <summary>A regular file.</summary>
    Regular = 0x8000,

    /// <summary>A symbolic link.</summary>
    Symlink = 0xA000,

    /// <summary>A socket.</summary>
    Socket = 0xC000,
}

/// <summary>A file, whatever names it has: what stat tells, and where the content is.</summary>
/// <param name="number">st_ino; given in order of first use, so that runs are alike.</param>
/// <param name="kind">What it is.</param>
/// <param name="mode">The twelve permission bits.</param>
internal sealed class Inode(ulong number, InodeKind kind, uint mode) : IStateful
{
    private FileLockContext? _locks;

    /// <summary>st_ino.</summary>
    public ulong Number { get; } = number;

    /// <summary>What it is.</summary>
    public InodeKind Kind { get; } = kind;

    /// <summary>The twelve permission bits.</summary>
    public uint Mode { get; set; } = mode & 0xFFF;

    /// <summary>st_mode: kind and permissions.</summary>
    public uint FullMode => (uint)Kind | Mode;

    /// <summary>The file system that it is of; null for what no path leads to.</summary>
    public Mount? Mount { get; init; }

    /// <summary>What it is called and numbered, where mappings show it; null for what cannot be mapped.</summary>
    public FileLabel? Label { get; init; }

    /// <summary>Names it has.</summary>
    public int Links { get; set; } = 1;

    /// <summary>Last change of the content, in nanoseconds since 1970.</summary>
    public long ModifiedNs { get; set; }

    /// <summary>st_atime as a program set it, in nanoseconds since 1970; null while nobody has: then it follows <see cref="ModifiedNs"/>.</summary>
    /// <remarks>Reading sets no time, as on a file system that is mounted noatime.</remarks>
    public long? AccessedNs { get; set; }

    /// <summary>st_rdev of a device: major * 256 + minor.</summary>
    public uint Device { get; init; }

    /// <summary>The content of a file or device; null for directories and symbolic links.</summary>
    public IFileContent? Content { get; set; }

    /// <summary>The entries of a directory; null for all else.</summary>
    public Folder? Folder { get; init; }

    /// <summary>Where a symbolic link leads.</summary>
    public string Target { get; init; } = "";

    /// <summary>The file that a link below /proc leads to directly, whatever its text says; may be null.</summary>
    public Inode? Jump { get; init; }

    /// <summary>The locks on it; the two ends of a pipe have them in common.</summary>
    public FileLockContext Locks
    {
        get => _locks ??= new FileLockContext();
        init => _locks = value;
    }

    /// <summary>True when a lock was ever asked for, so that there may be some.</summary>
    public bool MayHaveLocks => _locks is not null;

    /// <summary>st_size.</summary>
    public ulong SizeBytes => Kind switch
    {
        InodeKind.Symlink => (ulong)GuestText.Bytes(Target).Length,
        InodeKind.Directory => 4096,
        InodeKind.Regular => Content?.SizeBytes ?? 0,
        InodeKind.Pipe or InodeKind.Character or InodeKind.Socket => 0,
    };

    object IStateful.Save(object? last) => SavedItems.Same((Mode, Links, ModifiedNs, AccessedNs, Content, _locks), last);

    void IStateful.Restore(object state) =>
        (Mode, Links, ModifiedNs, AccessedNs, Content, _locks) = ((uint, int, long, long?, IFileContent?, FileLockContext?))state;

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.SeeAny(Content);
        visitor.See(Folder);
        visitor.See(Jump);
        visitor.See(Label);
        visitor.See(_locks);
    }
}
