using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using Org.BouncyCastle.Crypto.Digests;

namespace MmuEmu.Debugger.Recordings;

/// <summary>What a regular file of the host is known by.</summary>
/// <param name="Length">Its bytes.</param>
/// <param name="ModifiedNs">Last change of its content, in nanoseconds since 1970.</param>
/// <param name="Hash">SHA-256 in lower-case hexadecimal digits; null when it is not known.</param>
internal readonly record struct FileTrack(ulong Length, long ModifiedNs, string? Hash);

/// <summary>A file of the host is not what it was.</summary>
/// <param name="Path">Where it lies on the host.</param>
/// <param name="Expected">What it was.</param>
/// <param name="Found">What it is; null when it cannot be read.</param>
internal sealed record DiskChange(string Path, FileTrack Expected, FileTrack? Found);

/// <summary>A regular file of the host as it was when a run opened it first.</summary>
/// <param name="path">Where it lies on the host.</param>
/// <param name="track">What it is known by.</param>
internal sealed class TapeFile(string path, FileTrack track)
{
    /// <summary>Where it lies on the host.</summary>
    public string Path => path;

    /// <summary>What it is known by.</summary>
    public FileTrack Track { get; private set; } = track;

    /// <summary>The bytes; null when they are not kept.</summary>
    public byte[]? Content { get; set; }

    /// <summary>When the host's file changed last, as it was seen to be this one; null when nobody has compared them yet.</summary>
    public long? SeenNs { get; set; }

    /// <summary>What it is known by, with its digest: of the host's file when the bytes are not kept. Null stays where that cannot be read.</summary>
    public FileTrack TrackOn(IHostDisk disk)
    {
        Track = Track.Hash is not null ? Track : Track with { Hash = Content is { } content ? HashOf(content) : HashOf(disk, path) };
        return Track;
    }

    /// <summary>SHA-256 of <paramref name="content"/> in lower-case hexadecimal digits.</summary>
    public static string HashOf(ReadOnlySpan<byte> content)
    {
        Sha256Digest hash = new();
        hash.BlockUpdate(content);
        return FileHash.TextOf(hash);
    }

    private static string? HashOf(IHostDisk disk, string path)
    {
        if (disk.Open(path, out IHostFile? file) != Errno.None)
        {
            return null;
        }

        using (file)
        {
            Sha256Digest hash = new();
            return WholeFile.Read(file!, 0, hash, out _, out _) == Errno.None ? FileHash.TextOf(hash) : null;
        }
    }
}
