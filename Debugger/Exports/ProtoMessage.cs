using System.Buffers.Binary;
using System.Text;

namespace MmuEmu.Debugger.Exports;

/// <summary>A message of Protocol Buffers, written field by field.</summary>
/// <remarks>Source: [Protocol Buffers, "Encoding"].</remarks>
internal sealed class ProtoMessage
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int LengthDelimited = 2;
    private byte[] _bytes = new byte[64];

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Empties it.</summary>
    public void Clear() => Length = 0;

    /// <summary>A field that is a number; signed ones as two's complement.</summary>
    public void Number(int field, ulong value)
    {
        Key(field, Varint);
        Raw(value);
    }

    /// <summary>A field of 8 bytes.</summary>
    public void Fixed(int field, ulong value)
    {
        Key(field, Fixed64);
        BinaryPrimitives.WriteUInt64LittleEndian(Room(sizeof(ulong)), value);
    }

    /// <summary>A field that is a text.</summary>
    public void Text(int field, string text)
    {
        Key(field, LengthDelimited);
        int count = Encoding.UTF8.GetByteCount(text);
        Raw((ulong)count);
        Encoding.UTF8.GetBytes(text, Room(count));
    }

    /// <summary>A field that is a message.</summary>
    public void Message(int field, ProtoMessage message)
    {
        Key(field, LengthDelimited);
        Raw((ulong)message.Length);
        message.Bytes.CopyTo(Room(message.Length));
    }

    private void Key(int field, int type) => Raw(((ulong)field << 3) | (uint)type);

    private void Raw(ulong value)
    {
        while (value >= 0x80)
        {
            Room(1)[0] = (byte)(value | 0x80);
            value >>= 7;
        }

        Room(1)[0] = (byte)value;
    }

    private Span<byte> Room(int count)
    {
        if (Length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }

        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }
}
