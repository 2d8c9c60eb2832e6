namespace MmuEmu.Debugger.Source;

/// <summary>Reads the numbers of DWARF one after the other, little-endian.</summary>
/// <remarks>
/// The first failure stays: from then on all numbers are 0 and nothing moves, so that a caller may ask once at the end.
/// Source: [DWARF5 "Variable Length Data", "32-Bit and 64-Bit DWARF Formats"].
/// </remarks>
internal ref struct ByteReader
{
    private const uint FirstReserved = 0xFFFF_FFF0;
    private const uint Is64Bit = 0xFFFF_FFFF;

    private readonly ReadOnlySpan<byte> _bytes;

    /// <summary>Begins at byte <paramref name="at"/> of <paramref name="bytes"/>; beyond their end is a failure.</summary>
    public ByteReader(ReadOnlySpan<byte> bytes, ulong at = 0)
    {
        _bytes = bytes;
        Fault = null;
        Position = (int)Math.Min(at, (ulong)bytes.Length);
        if (at > (ulong)bytes.Length)
        {
            Fail("points beyond its end");
        }
    }

    /// <summary>The byte that is read next, counted from the first.</summary>
    public int Position { get; private set; }

    /// <summary>What went wrong first; null while all is well.</summary>
    public string? Fault { get; private set; }

    /// <summary>Nothing more can be read.</summary>
    public readonly bool AtEnd => Fault is not null || Position >= _bytes.Length;

    /// <summary>Bytes that are left.</summary>
    public readonly int Left => Fault is null ? _bytes.Length - Position : 0;

    /// <summary>Notes what went wrong, unless something did before.</summary>
    public void Fail(string why) => Fault ??= why;

    /// <summary>One byte.</summary>
    public byte U8() => (byte)Unsigned(1);

    /// <summary>Two bytes.</summary>
    public ushort U16() => (ushort)Unsigned(2);

    /// <summary>A number of <paramref name="bytes"/> bytes, 1 to 8.</summary>
    public ulong Unsigned(int bytes)
    {
        if (!Has((ulong)bytes))
        {
            return 0;
        }

        ReadOnlySpan<byte> here = _bytes.Slice(Position, bytes);
        Position += bytes;
        ulong value = 0;
        for (int i = bytes - 1; i >= 0; i--)
        {
            value = (value << 8) | here[i];
        }

        return value;
    }

    /// <summary>An unsigned LEB128 number; bits above the 64th are lost.</summary>
    public ulong Uleb()
    {
        ulong value = 0;
        for (int shift = 0; Has(1); shift += 7)
        {
            byte next = _bytes[Position++];
            value |= shift < 64 ? (ulong)(next & 0x7F) << shift : 0;
            if (next < 0x80)
            {
                return value;
            }
        }

        return 0;
    }

    /// <summary>A signed LEB128 number; bits above the 64th are lost.</summary>
    public long Sleb()
    {
        long value = 0;
        for (int shift = 0; Has(1);)
        {
            byte next = _bytes[Position++];
            value |= shift < 64 ? (long)(next & 0x7F) << shift : 0;
            shift += 7;
            if (next < 0x80)
            {
                return shift < 64 && (next & 0x40) != 0 ? value | (-1L << shift) : value;
            }
        }

        return 0;
    }

    /// <summary>The bytes up to the next zero, which is passed over.</summary>
    public ReadOnlySpan<byte> Text()
    {
        int length = Fault is null ? _bytes[Position..].IndexOf((byte)0) : -1;
        if (length < 0)
        {
            Fail("ends in the middle of a text");
            return [];
        }

        ReadOnlySpan<byte> text = _bytes.Slice(Position, length);
        Position += length + 1;
        return text;
    }

    /// <summary>Passes over <paramref name="bytes"/> bytes.</summary>
    public void Skip(ulong bytes)
    {
        if (Has(bytes))
        {
            Position += (int)bytes;
        }
    }

    /// <summary>The length that begins a unit or a table, and how it counts offsets.</summary>
    /// <param name="offsetBytes">Out: 4 in the 32-bit format, 8 in the 64-bit format.</param>
    /// <returns>Bytes that follow; never more than there are.</returns>
    public int UnitLength(out int offsetBytes)
    {
        ulong length = Unsigned(4);
        offsetBytes = length == Is64Bit ? 8 : 4;
        if (length == Is64Bit)
        {
            length = Unsigned(8);
        }
        else if (length >= FirstReserved)
        {
            Fail("has a length that is reserved");
        }

        return Has(length) ? (int)length : 0;
    }

    /// <summary>True when that many bytes are left; otherwise a failure.</summary>
    private bool Has(ulong bytes)
    {
        if (Fault is null && bytes > (ulong)(_bytes.Length - Position))
        {
            Fail($"ends too early, at byte {_bytes.Length}");
        }

        return Fault is null;
    }
}
