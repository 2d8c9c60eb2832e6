using System.Buffers.Binary;
using System.IO.Compression;

namespace MmuEmu.Debugger.Recordings;

/// <summary>Reads a recording, whatever bytes the file has: all that is whole of it, or one message why it is none.</summary>
internal static class RecordingReader
{
    private const int MostSkipped = 8;

    /// <summary>The recording in <paramref name="file"/>.</summary>
    /// <exception cref="CommandException">It cannot be read, is none, is damaged, is of a newer version, or ends before it says what runs.</exception>
    public static Recording Read(string file)
    {
        using Stream content = RecordingFile.Open(file);
        return Read(content, file);
    }

    /// <summary>The same from bytes that are at hand.</summary>
    /// <param name="content">The bytes, from the first on.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <exception cref="CommandException">As above.</exception>
    public static Recording Read(Stream content, string file)
    {
        RecordingBytes bytes = new(content, file);
        ushort major = ReadHeader(bytes, file);
        RecordingParts parts = new();
        List<string> skipped = [];
        long whole = bytes.Position;
        long plainBytes = 0;
        while (parts.End is null && TryReadChunk(bytes, out ChunkHeader header, out byte[]? stored))
        {
            ChunkRow? row = ChunkTable.Find(major, header.Kind);
            try
            {
                Demand(header, stored, parts, plainBytes += row is null ? 0 : header.PlainBytes);
                row?.Read(new ChunkReader(Unpack(header, stored)), parts);
            }
            catch (BadChunkException bad)
            {
                throw Damaged(file, whole, $"in the chunk {header.KindName}", bad);
            }

            if (row is null && skipped.Count < MostSkipped && !skipped.Contains(header.KindName))
            {
                skipped.Add(header.KindName);
            }

            whole = bytes.Position;
        }

        bool hasMore = parts.End is not null && bytes.Read(new byte[1]) > 0;
        return hasMore
            ? throw Damaged(file, whole, "behind the chunk ENDS", new BadChunkException("the end of the file", "more"))
            : Whole(file, parts, skipped, whole, bytes.Position);
    }

    private static Recording Whole(string file, RecordingParts parts, List<string> skipped, long wholeBytes, long fileBytes)
    {
        if (parts.Run is not { } run)
        {
            throw new CommandException(
                ExitCodes.Usage, $"'{file}' is cut short before it says what runs: expected a recording, found its first {fileBytes} bytes", RecordingFile.MakeOne);
        }

        return new Recording(file, run)
        {
            Notes = parts.Notes,
            Disk = parts.Disk,
            Signals = parts.Signals,
            Checkpoints = parts.Checkpoints,
            Segments = parts.Segments,
            End = parts.End,
            WholeBytes = wholeBytes,
            FileBytes = fileBytes,
            Skipped = skipped,
        };
    }

    /// <summary>The major version, when it is one that can be read.</summary>
    private static ushort ReadHeader(RecordingBytes bytes, string file)
    {
        byte[] header = new byte[RecordingFormat.HeaderBytes];
        int count = bytes.Read(header);
        ReadOnlySpan<byte> magic = RecordingFormat.Magic[..Math.Min(count, RecordingFormat.Magic.Length)];
        if (count == 0 || !header.AsSpan(0, magic.Length).SequenceEqual(magic))
        {
            throw new CommandException(
                ExitCodes.Usage,
                count == 0 ? $"'{file}' is empty; expected a recording" : $"'{file}' is no recording: expected {Hex(RecordingFormat.Magic)} at its begin, found {Hex(header.AsSpan(0, magic.Length))}",
                RecordingFile.MakeOne);
        }

        if (count < header.Length)
        {
            throw new CommandException(ExitCodes.Usage, $"'{file}' is cut short: expected a recording, found its first {count} bytes", RecordingFile.MakeOne);
        }

        ulong digest = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(12));
        if (Fnv.Of(header.AsSpan(0, 12)) is var found && found != digest)
        {
            throw Damaged(file, 0, "in its head", new BadChunkException($"the checksum {digest:x16}", $"{found:x16}"));
        }

        ushort major = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(8));
        return ChunkTable.Knows(major) ? major : throw new CommandException(
            ExitCodes.Usage,
            $"'{file}' is of {(major > RecordingFormat.Major ? "a newer" : "an unknown")} format: expected version {RecordingFormat.Major} of recordings, found {major}",
            "try: the version of mmuemu that wrote it, or a newer one; mmuemu --version tells this one");
    }

    /// <summary>The next chunk; false when the file ends before it is whole.</summary>
    private static bool TryReadChunk(RecordingBytes bytes, out ChunkHeader header, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out byte[]? stored)
    {
        (header, stored) = (default, null);
        long at = bytes.Position;
        byte[] head = new byte[RecordingFormat.ChunkHeaderBytes];
        if (bytes.Read(head) < head.Length)
        {
            return false;
        }

        try
        {
            header = ChunkHeader.Read(head);
        }
        catch (BadChunkException bad)
        {
            throw Damaged(bytes.File, at, "in the head of a chunk", bad);
        }

        stored = bytes.Take((int)header.StoredBytes);
        return stored is not null;
    }

    private static void Demand(in ChunkHeader header, byte[] stored, RecordingParts parts, long plainBytes)
    {
        if (Fnv.Of(stored) is var found && found != header.Digest)
        {
            throw new BadChunkException($"bytes with the checksum {header.Digest:x16}", $"{found:x16}");
        }

        if (parts.Run is null && header.Kind != (uint)ChunkKind.Run)
        {
            throw new BadChunkException("the chunk RUN first", header.KindName);
        }

        if (plainBytes > RecordingFormat.MostBytes)
        {
            throw new BadChunkException($"at most {RecordingFormat.MostBytes} bytes in all", "more");
        }
    }

    private static byte[] Unpack(in ChunkHeader header, byte[] stored)
    {
        if (header.Coding == ChunkCoding.Plain)
        {
            return stored;
        }

        if (header.Coding != ChunkCoding.Brotli)
        {
            throw ChunkReader.Wrong("coding 0 or 1", (ulong)header.Coding);
        }

        byte[] plain = new byte[header.PlainBytes];
        bool isWhole = BrotliDecoder.TryDecompress(stored, plain, out int count);
        return isWhole && count == plain.Length ? plain : throw ChunkReader.Wrong($"{plain.Length} bytes packed by Brotli", (ulong)count);
    }

    private static CommandException Damaged(string file, long at, string place, BadChunkException bad) => new(
        ExitCodes.Usage, $"'{file}' is damaged at byte {at}, {place}: expected {bad.Expected}, found {bad.Found}", RecordingFile.MakeOne);

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
