using System.Buffers.Binary;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>A C struct being filled: fields by their byte offset, all else zero.</summary>
internal readonly struct StructWriter(int lengthBytes)
{
    private readonly byte[] _bytes = new byte[lengthBytes];

    /// <summary>The bytes.</summary>
    public Span<byte> Bytes => _bytes;

    /// <summary>Puts 16 bits.</summary>
    public void Put16(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(at), value);

    /// <summary>Puts 32 bits.</summary>
    public void Put32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(at), value);

    /// <summary>Puts 64 bits.</summary>
    public void Put64(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(at), value);

    /// <summary>Puts a struct timespec; a narrow one has 32 bits a field.</summary>
    public void PutTime(int at, ulong nanoseconds, bool narrow = false)
    {
        if (narrow)
        {
            Put32(at, (uint)(nanoseconds / 1_000_000_000));
            Put32(at + 4, (uint)(nanoseconds % 1_000_000_000));
            return;
        }

        Put64(at, nanoseconds / 1_000_000_000);
        Put64(at + 8, nanoseconds % 1_000_000_000);
    }
}
