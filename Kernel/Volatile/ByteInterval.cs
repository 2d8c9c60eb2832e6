namespace MmuEmu.Kernel.Volatile;

/// <summary>A run of bytes with both ends inside: the key of a volatile range.</summary>
/// <param name="First">The first byte: a virtual address, or an offset in a file.</param>
/// <param name="Last">The last byte, not one past it: ranges that only touch do not overlap (V-115).</param>
internal readonly record struct ByteInterval(ulong First, ulong Last)
{
    /// <summary>The <paramref name="lengthBytes"/> bytes from <paramref name="first"/> on; at least one.</summary>
    public static ByteInterval Of(ulong first, ulong lengthBytes) => new(first, first + (lengthBytes - 1));

    /// <summary>Bytes in the run.</summary>
    public ulong LengthBytes => Last - First + 1;

    /// <summary>True when the two runs share a byte.</summary>
    public bool Overlaps(ByteInterval other) => First <= other.Last && other.First <= Last;

    /// <summary>True when every byte of <paramref name="other"/> belongs to this run.</summary>
    public bool Covers(ByteInterval other) => First <= other.First && other.Last <= Last;

    /// <summary>From the lower first byte to the higher last byte of the two.</summary>
    public ByteInterval Union(ByteInterval other) => new(Math.Min(First, other.First), Math.Max(Last, other.Last));

    /// <summary>The bytes that both hold; they overlap.</summary>
    public ByteInterval Intersect(ByteInterval other) => new(Math.Max(First, other.First), Math.Min(Last, other.Last));
}
