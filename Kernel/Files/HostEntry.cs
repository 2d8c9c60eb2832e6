namespace MmuEmu.Kernel.Files;

/// <summary>What a name of the host can stand for, as a guest sees it.</summary>
public enum HostEntryKind
{
    /// <summary>A regular file; devices, pipes and sockets of the host are regular files of length 0.</summary>
    Regular,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    Symlink,
}

/// <summary>What the host tells of a name.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Mode">The twelve permission bits.</param>
/// <param name="ModifiedNs">Last change of the content, in nanoseconds since 1970.</param>
/// <param name="Length">Bytes of a regular file; 0 for all else.</param>
/// <param name="Target">Where a symbolic link leads; empty for all else.</param>
public readonly record struct HostEntry(HostEntryKind Kind, uint Mode, long ModifiedNs, ulong Length, string Target);
