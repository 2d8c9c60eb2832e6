using System.Buffers.Binary;

namespace MmuEmu.Tests.Fuzz;

/// <summary>Rights of a segment, as ELF has them.</summary>
[Flags]
public enum FuzzRights
{
    None = 0,
    Execute = 1,
    Write = 2,
    Read = 4,
}

/// <summary>Writes static ELF64 programs of several segments.</summary>
public sealed class FuzzElf
{
    private const int HeaderBytes = 64;
    private const int ProgramHeaderBytes = 56;
    private readonly List<(ulong At, FuzzRights Rights, byte[] Bytes, int MemoryBytes)> _segments = [];

    /// <summary>Adds bytes at an address.</summary>
    public void Add(ulong at, FuzzRights rights, byte[] bytes) => _segments.Add((at, rights, bytes, bytes.Length));

    /// <summary>Adds zeroed memory that may be written.</summary>
    public void AddZeroed(ulong at, int lengthBytes) => _segments.Add((at, FuzzRights.Read | FuzzRights.Write, [], lengthBytes));

    /// <summary>The file, which starts at <paramref name="entry"/>.</summary>
    public byte[] Build(ulong entry)
    {
        _segments.Sort((x, y) => x.At.CompareTo(y.At));
        int headers = HeaderBytes + (_segments.Count * ProgramHeaderBytes);
        int length = headers;
        int[] offsets = new int[_segments.Count];
        for (int i = 0; i < offsets.Length; i++)
        {
            int want = (int)(_segments[i].At & 0xFFF);
            length += (want - length) & 0xFFF;
            offsets[i] = length;
            length += _segments[i].Bytes.Length;
        }

        byte[] file = new byte[length];
        WriteHeader(file, entry);
        for (int i = 0; i < offsets.Length; i++)
        {
            WriteSegment(file, i, offsets[i]);
        }

        return file;
    }

    private void WriteHeader(byte[] file, ulong entry)
    {
        ReadOnlySpan<byte> identity = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        identity.CopyTo(file);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(16), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(18), 62);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(20), 1);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(24), entry);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(32), HeaderBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(52), HeaderBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(54), ProgramHeaderBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(56), (ushort)_segments.Count);
    }

    private void WriteSegment(byte[] file, int i, int offset)
    {
        (ulong at, FuzzRights rights, byte[] bytes, int memoryBytes) = _segments[i];
        Span<byte> header = file.AsSpan(HeaderBytes + (i * ProgramHeaderBytes), ProgramHeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(header, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)rights);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], (ulong)offset);
        BinaryPrimitives.WriteUInt64LittleEndian(header[16..], at);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], at);
        BinaryPrimitives.WriteUInt64LittleEndian(header[32..], (ulong)bytes.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(header[40..], (ulong)memoryBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(header[48..], 4096);
        bytes.CopyTo(file, offset);
    }
}
