using System.Buffers.Binary;

namespace MmuEmu.Debugger.Recordings;

/// <summary>What stands before the bytes of a chunk.</summary>
/// <param name="Kind">A <see cref="ChunkKind"/>, or one of a newer version.</param>
/// <param name="Coding">How the bytes are stored.</param>
/// <param name="StoredBytes">How many follow.</param>
/// <param name="PlainBytes">How many they stand for.</param>
/// <param name="Digest">FNV-1a of those that follow.</param>
internal readonly record struct ChunkHeader(uint Kind, ChunkCoding Coding, uint StoredBytes, uint PlainBytes, ulong Digest)
{
    private const int FieldBytes = 16;

    /// <summary>The kind in four letters, or as a number where it has others.</summary>
    public string KindName
    {
        get
        {
            char[] letters = [(char)(byte)Kind, (char)(byte)(Kind >> 8), (char)(byte)(Kind >> 16), (char)(byte)(Kind >> 24)];
            return Array.TrueForAll(letters, letter => letter is ' ' or (>= 'A' and <= 'Z')) ? new string(letters).TrimEnd() : $"0x{Kind:x8}";
        }
    }

    /// <summary>Writes it.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Kind);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], (uint)Coding);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], StoredBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], PlainBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[FieldBytes..], Fnv.Of(bytes[..FieldBytes]));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], Digest);
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="BadChunkException">It is damaged, or promises more than a chunk may hold.</exception>
    public static ChunkHeader Read(ReadOnlySpan<byte> bytes)
    {
        ulong digest = BinaryPrimitives.ReadUInt64LittleEndian(bytes[FieldBytes..]);
        if (Fnv.Of(bytes[..FieldBytes]) is var found && found != digest)
        {
            throw new BadChunkException($"the head of a chunk with the checksum {digest:x16}", $"{found:x16}");
        }

        ChunkHeader header = new(
            BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            (ChunkCoding)BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));
        if (header.PlainBytes > RecordingFormat.MostChunkBytes)
        {
            throw ChunkReader.Wrong($"a chunk of up to {RecordingFormat.MostChunkBytes} bytes", header.PlainBytes);
        }

        bool fits = header.Coding == ChunkCoding.Plain ? header.StoredBytes == header.PlainBytes : header.StoredBytes < header.PlainBytes;
        return fits ? header : throw ChunkReader.Wrong($"a chunk that stores {header.PlainBytes} bytes in no more", header.StoredBytes);
    }
}
