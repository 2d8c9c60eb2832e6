using System.Buffers.Binary;
using MmuEmu.Debugger.Recordings;

namespace MmuEmu.Tests.Debugger.Recordings;

/// <summary>Parts of a recording with any content, and with checksums that are right.</summary>
internal static class HandMadeChunk
{
    /// <summary>What a file begins with.</summary>
    public static byte[] Header(ushort major, ushort minor)
    {
        byte[] header = new byte[RecordingFormat.HeaderBytes];
        RecordingFormat.Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), major);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(10), minor);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(12), Fnv.Of(header.AsSpan(0, 12)));
        return header;
    }

    /// <summary>A chunk that is stored as it is.</summary>
    public static byte[] Of(string kind, ReadOnlySpan<byte> bytes) => Of((uint)(kind[0] | (kind[1] << 8) | (kind[2] << 16) | (kind[3] << 24)), ChunkCoding.Plain, bytes, (uint)bytes.Length);

    /// <summary>A chunk that says of itself what it likes.</summary>
    public static byte[] Of(uint kind, ChunkCoding coding, ReadOnlySpan<byte> stored, uint plainBytes)
    {
        byte[] chunk = new byte[RecordingFormat.ChunkHeaderBytes + stored.Length];
        new ChunkHeader(kind, coding, (uint)stored.Length, plainBytes, Fnv.Of(stored)).Write(chunk);
        stored.CopyTo(chunk.AsSpan(RecordingFormat.ChunkHeaderBytes));
        return chunk;
    }
}
