using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Files;

/// <summary>Who owns a lock, and what it is of.</summary>
internal enum FileLockKind : byte
{
    /// <summary>flock: an open file description's, of the whole file.</summary>
    Flock,

    /// <summary>F_SETLK: a descriptor table's, of a range.</summary>
    Posix,

    /// <summary>F_OFD_SETLK: an open file description's, of a range.</summary>
    Description,
}

/// <summary>What a lock excludes; the value is l_type.</summary>
/// <remarks>Source: [Linux include/uapi/asm-generic/fcntl.h].</remarks>
internal enum FileLockMode : ushort
{
    /// <summary>F_RDLCK: writers.</summary>
    Read = 0,

    /// <summary>F_WRLCK: everybody else.</summary>
    Write = 1,

    /// <summary>F_UNLCK: nobody; only requests have it.</summary>
    None = 2,
}

/// <summary>A lock on a file, or what asks for one, or for its end.</summary>
/// <param name="Kind">Whose it is.</param>
/// <param name="File">The description that it came by.</param>
/// <param name="Owner">Who has it: the descriptor table, or the description.</param>
/// <param name="Pid">The process that asked.</param>
/// <param name="Mode">What it excludes.</param>
internal sealed record FileLock(FileLockKind Kind, OpenFile File, IStateful Owner, int Pid, FileLockMode Mode)
{
    /// <summary>The highest offset there is.</summary>
    public const ulong MaxOffset = long.MaxValue;

    /// <summary>The first byte.</summary>
    public ulong First { get; init; }

    /// <summary>The last byte; <see cref="MaxOffset"/> for whatever comes.</summary>
    public ulong Last { get; init; } = MaxOffset;

    /// <summary>When it came among all locks of the run.</summary>
    public ulong Order { get; init; }

    /// <summary>True when both have one owner.</summary>
    public bool IsOfOwnerOf(FileLock other) => ReferenceEquals(Owner, other.Owner);

    /// <summary>True when some byte is in both.</summary>
    public bool Overlaps(FileLock other) => First <= other.Last && other.First <= Last;

    /// <summary>True when the two, of different owners, cannot both be held; flock and records know nothing of one another.</summary>
    public bool Excludes(FileLock other) =>
        (Kind == FileLockKind.Flock) == (other.Kind == FileLockKind.Flock)
        && !IsOfOwnerOf(other)
        && (Mode == FileLockMode.Write || other.Mode == FileLockMode.Write)
        && Overlaps(other);
}
