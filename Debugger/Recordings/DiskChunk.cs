using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Debugger.Recordings;

/// <summary>The chunks DISK, answers of the disk, and FILE, the bytes of a file that they name by their SHA-256.</summary>
internal static class DiskChunk
{
    private const int MostErrno = 4095;

    /// <summary>Writes one answer.</summary>
    /// <param name="chunk">Where to.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="track">What the file is known by; null when the answer has none.</param>
    /// <param name="hasContent">Whether a chunk with its bytes stands before.</param>
    public static void Write(ChunkWriter chunk, DiskAnswer answer, FileTrack? track, bool hasContent)
    {
        chunk.Number((ulong)answer.Question);
        chunk.Text(answer.Path);
        chunk.Number((ulong)answer.Errno);
        switch (answer.Question)
        {
            case DiskQuestion.FullPath:
                chunk.Text(answer.Full);
                break;
            case DiskQuestion.Stat:
                chunk.Number((ulong)answer.Entry.Kind);
                chunk.Number(answer.Entry.Mode);
                chunk.Signed(answer.Entry.ModifiedNs);
                chunk.Number(answer.Entry.Length);
                chunk.Text(answer.Entry.Target ?? "");
                break;
            case DiskQuestion.List:
                chunk.Texts([.. answer.Names]);
                break;
            case DiskQuestion.Open:
                Write(chunk, track, hasContent);
                break;
        }
    }

    /// <summary>Reads DISK: answers until the chunk ends.</summary>
    /// <exception cref="BadChunkException">It is none.</exception>
    public static void Read(ChunkReader chunk, RecordingParts parts)
    {
        while (chunk.Left > 0)
        {
            parts.CountItems(RecordingFormat.DiskItems);
            DiskQuestion question = (DiskQuestion)chunk.Number("a question to a disk", (int)DiskQuestion.Open);
            string path = chunk.Text();
            Errno errno = (Errno)chunk.Number("an errno", MostErrno);
            DiskAnswer answer = new(question, path, errno);
            parts.Disk.Add(question switch
            {
                DiskQuestion.FullPath => answer with { Full = chunk.Text() },
                DiskQuestion.Stat => answer with { Entry = EntryOf(chunk, errno) },
                DiskQuestion.List => answer with { Names = NamesOf(chunk, parts) },
                DiskQuestion.Open => answer with { File = FileOf(chunk, path, parts) },
            });
        }
    }

    /// <summary>Writes FILE.</summary>
    public static void WriteContent(ChunkWriter chunk, string hash, ReadOnlySpan<byte> content)
    {
        chunk.Raw(Convert.FromHexString(hash));
        chunk.Raw(content);
    }

    /// <summary>Reads FILE.</summary>
    /// <exception cref="BadChunkException">The bytes do not have that SHA-256.</exception>
    public static void ReadContent(ChunkReader chunk, RecordingParts parts)
    {
        parts.CountItems(1);
        string hash = chunk.Hash();
        byte[] content = chunk.Raw(chunk.Left).ToArray();
        string found = TapeFile.HashOf(content);
        parts.Contents[hash] = found == hash ? content : throw new BadChunkException($"bytes with SHA-256 {hash}", found);
    }

    private static void Write(ChunkWriter chunk, FileTrack? track, bool hasContent)
    {
        chunk.Flag(track is not null);
        if (track is { } known)
        {
            chunk.Number(known.Length);
            chunk.Signed(known.ModifiedNs);
            chunk.HashOrNull(known.Hash);
            chunk.Flag(hasContent);
        }
    }

    private static HostEntry EntryOf(ChunkReader chunk, Errno errno)
    {
        HostEntry entry = new(
            (HostEntryKind)chunk.Number("a kind of file", (int)HostEntryKind.Symlink), (uint)chunk.Number("permissions", 0xFFF), chunk.Signed(), chunk.Number(), chunk.Text());
        return errno == Errno.None ? entry : default;
    }

    private static string[] NamesOf(ChunkReader chunk, RecordingParts parts)
    {
        string[] names = chunk.Texts("names");
        parts.CountItems(names.Length);
        return names;
    }

    private static TapeFile? FileOf(ChunkReader chunk, string path, RecordingParts parts)
    {
        if (!chunk.Flag())
        {
            return null;
        }

        FileTrack track = new(chunk.Number(), chunk.Signed(), chunk.HashOrNull());
        byte[]? content = null;
        if (chunk.Flag() && !parts.Contents.TryGetValue(track.Hash ?? "", out content))
        {
            throw new BadChunkException($"the bytes of {path} before it", "none");
        }

        return new TapeFile(path, track) { Content = content };
    }
}
