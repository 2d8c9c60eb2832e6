using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Files;

/// <summary>The flags of open.</summary>
/// <remarks>Source: [Linux include/uapi/asm-generic/fcntl.h].</remarks>
[Flags]
internal enum OpenFlags : uint
{
    /// <summary>Reading only.</summary>
    ReadOnly = 0,

    /// <summary>Writing only.</summary>
    WriteOnly = 1,

    /// <summary>Both.</summary>
    ReadWrite = 2,

    /// <summary>The two bits that say which of the three.</summary>
    AccessMask = 3,

    /// <summary>Make the file if it is not there.</summary>
    Create = 0x40,

    /// <summary>Fail if it is there.</summary>
    Exclusive = 0x80,

    /// <summary>Not to become the controlling terminal.</summary>
    NoControl = 0x100,

    /// <summary>Empty it.</summary>
    Truncate = 0x200,

    /// <summary>Write at the end, always.</summary>
    Append = 0x400,

    /// <summary>EAGAIN instead of waiting.</summary>
    NonBlock = 0x800,

    /// <summary>Large offsets; always so.</summary>
    LargeFile = 0x8000,

    /// <summary>Only a directory will do.</summary>
    Directory = 0x1_0000,

    /// <summary>Not if the last name is a symbolic link.</summary>
    NoFollow = 0x2_0000,

    /// <summary>Close on execve.</summary>
    CloseOnExec = 0x8_0000,

    /// <summary>A name only, neither for reading nor for writing.</summary>
    PathOnly = 0x20_0000,

    /// <summary>The flags that fcntl may change.</summary>
    Settable = Append | NonBlock,
}

/// <summary>An open file description: what descriptors point at, shared by dup and fork.</summary>
internal sealed class OpenFile : IStateful
{
    private readonly IFileContent? _opened;
    private readonly bool _isOwn;
    private int _references = 1;

    /// <summary>Opens <paramref name="inode"/>.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="flags">How.</param>
    /// <param name="path">The name it is opened by, for /proc and traces.</param>
    public OpenFile(Inode inode, OpenFlags flags, string path)
    {
        (Inode, Flags, Path) = (inode, flags, path);
        _opened = inode.Content?.ForOpening();
        _isOwn = _opened != inode.Content;
        _opened?.Opened();
    }

    /// <summary>The file.</summary>
    public Inode Inode { get; }

    /// <summary>How it was opened, and what fcntl made of that.</summary>
    public OpenFlags Flags { get; set; }

    /// <summary>The name it was opened by.</summary>
    public string Path { get; }

    /// <summary>The name as /proc shows it.</summary>
    public string Shown => Inode switch
    {
        { Label: { } label, Links: <= 1 } => label.Shown,
        { Links: 0 } => Path + " (deleted)",
        _ => Path,
    };

    /// <summary>Where the next read or write begins; in a directory the number of the next entry.</summary>
    public ulong Position { get; set; }

    /// <summary>The content; null for a directory.</summary>
    public IFileContent? Content => _isOwn ? _opened : Inode.Content;

    /// <summary>The flags as F_GETFL and /proc tell them: without what only opening asks for; what no path leads to has no large offsets.</summary>
    public OpenFlags StatusFlags
    {
        get
        {
            const OpenFlags notKept = OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoControl | OpenFlags.Truncate | OpenFlags.CloseOnExec;
            bool small = Inode.Kind is InodeKind.Pipe or InodeKind.Socket || (Flags & OpenFlags.PathOnly) != 0;
            return (Flags & ~notKept) | (small ? 0 : OpenFlags.LargeFile);
        }
    }

    /// <summary>True when it may be read.</summary>
    public bool CanRead => (Flags & OpenFlags.AccessMask) != OpenFlags.WriteOnly && (Flags & OpenFlags.PathOnly) == 0;

    /// <summary>True when it may be written.</summary>
    public bool CanWrite => (Flags & OpenFlags.AccessMask) != OpenFlags.ReadOnly && (Flags & OpenFlags.PathOnly) == 0;

    /// <summary>True while a descriptor points here.</summary>
    public bool IsOpen => _references > 0;

    /// <summary>One more descriptor points here.</summary>
    public OpenFile Share()
    {
        _references++;
        return this;
    }

    /// <summary>One descriptor less; the last one gives up its locks, and closes the content that was opened, which may be another one by now.</summary>
    public void Release()
    {
        if (--_references == 0)
        {
            GiveUpLocks(this);
            _opened?.Closed();
        }
    }

    /// <summary><paramref name="owner"/>, the description itself or a table that had it, gives up its locks on the file.</summary>
    public void GiveUpLocks(IStateful owner)
    {
        if (Inode.MayHaveLocks)
        {
            Inode.Locks.Drop(owner);
        }
    }

    /// <summary>Reads at the position, and moves it.</summary>
    /// <returns>Bytes read; EBADF when not open for reading; EISDIR; EAGAIN when it would wait.</returns>
    public Result<int> Read(Span<byte> destination)
    {
        Result<int> result = ReadAt(Position, destination);
        if (result.Ok(out int count, out _) && Content!.Seekable)
        {
            Position += (ulong)count;
        }

        return result;
    }

    /// <summary>Reads at <paramref name="offset"/>; the position stays.</summary>
    public Result<int> ReadAt(ulong offset, Span<byte> destination)
    {
        if (!CanRead)
        {
            return Errno.EBADF;
        }

        return Content is null ? Errno.EISDIR : Content.Read(offset, destination);
    }

    /// <summary>Writes at the position, or at the end with <see cref="OpenFlags.Append"/>, and moves it.</summary>
    /// <returns>Bytes written; EBADF when not open for writing; EAGAIN, EPIPE, ENOSPC.</returns>
    public Result<int> Write(ReadOnlySpan<byte> source)
    {
        if (Content is not null && (Flags & OpenFlags.Append) != 0)
        {
            Position = Content.SizeBytes;
        }

        Result<int> result = WriteAt(Position, source);
        if (result.Ok(out int count, out _) && Content!.Seekable)
        {
            Position += (ulong)count;
        }

        return result;
    }

    /// <summary>Writes at <paramref name="offset"/>; the position stays.</summary>
    public Result<int> WriteAt(ulong offset, ReadOnlySpan<byte> source) =>
        !CanWrite || Content is null ? Errno.EBADF : Content.Write(offset, source);

    object IStateful.Save(object? last) => SavedItems.Same((_references, Flags, Position), last);

    void IStateful.Restore(object state) => (_references, Flags, Position) = ((int, OpenFlags, ulong))state;

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(Inode);
        visitor.SeeAny(_opened);
    }
}
