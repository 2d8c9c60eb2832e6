using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Recordings;

/// <summary>Puts the plain bytes of a chunk together.</summary>
internal sealed class ChunkWriter
{
    private byte[] _bytes = new byte[256];

    /// <summary>How many there are.</summary>
    public int Length { get; private set; }

    /// <summary>All so far.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Begins anew.</summary>
    public void Clear() => Length = 0;

    /// <summary>A whole number: seven bits a byte, the lowest first, the top bit set in all but the last.</summary>
    public void Number(ulong value)
    {
        Span<byte> room = Room(10);
        int count = 0;
        while (value >= 0x80)
        {
            room[count++] = (byte)(value | 0x80);
            value >>= 7;
        }

        room[count++] = (byte)value;
        Length += count;
    }

    /// <summary>A number that may be negative: twice its amount, less one when it is negative.</summary>
    public void Signed(long value) => Number(((ulong)value << 1) ^ (ulong)(value >> 63));

    /// <summary>0 or 1.</summary>
    public void Flag(bool value) => Number(value ? 1UL : 0);

    /// <summary>Bytes of a length that is known.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Bytes with their number before them.</summary>
    public void Counted(ReadOnlySpan<byte> bytes)
    {
        Number((ulong)bytes.Length);
        Raw(bytes);
    }

    /// <summary>A text of a guest or a command line, as <see cref="GuestText"/> has it.</summary>
    public void Text(string text) => Counted(GuestText.Bytes(text));

    /// <summary>A text that may be missing.</summary>
    public void TextOrNull(string? text)
    {
        Flag(text is not null);
        if (text is not null)
        {
            Text(text);
        }
    }

    /// <summary>Several texts.</summary>
    public void Texts(IReadOnlyCollection<string> texts)
    {
        Number((ulong)texts.Count);
        foreach (string text in texts)
        {
            Text(text);
        }
    }

    /// <summary>A SHA-256, given in hexadecimal digits, that may be missing.</summary>
    public void HashOrNull(string? hash)
    {
        Flag(hash is not null);
        if (hash is not null)
        {
            Raw(Convert.FromHexString(hash));
        }
    }

    private Span<byte> Room(int count)
    {
        if (Length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }

        return _bytes.AsSpan(Length);
    }
}
