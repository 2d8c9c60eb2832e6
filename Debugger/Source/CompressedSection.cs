using System.Buffers.Binary;
using System.IO.Compression;
using ZstdSharp;

namespace MmuEmu.Debugger.Source;

/// <summary>Sections that are compressed in the file: SHF_COMPRESSED with zlib or zstd, and the older names .zdebug_…</summary>
/// <remarks>Source: [gABI "Section Compression"]; the older form is that of binutils before 2.26.</remarks>
internal static class CompressedSection
{
    private const int HeaderBytes = 24;
    private const int OldHeaderBytes = 12;
    private const uint Zlib = 1;
    private const uint Zstd = 2;

    /// <summary>Deflate makes no more than this of a byte; zstd can, of what repeats itself without end, and debug information does not.</summary>
    private const ulong MostPerByte = 1032;
    private const ulong MostBytes = 1UL << 30;

    /// <summary>The plain bytes of a section with SHF_COMPRESSED.</summary>
    /// <param name="stored">Its bytes in the file, the header first.</param>
    /// <param name="plain">Out: the plain bytes, when the result is true.</param>
    /// <param name="reason">Out: why not, when the result is false.</param>
    /// <returns>False when the kind of compression is unknown, the data are damaged, or they would be larger than is believed.</returns>
    public static bool TryExpand(ReadOnlySpan<byte> stored, out byte[] plain, out string reason)
    {
        (plain, reason) = ([], "its compression header is cut short");
        if (stored.Length < HeaderBytes)
        {
            return false;
        }

        uint kind = BinaryPrimitives.ReadUInt32LittleEndian(stored);
        ulong size = BinaryPrimitives.ReadUInt64LittleEndian(stored[8..]);
        return kind switch
        {
            Zlib => TryZlib(stored[HeaderBytes..], size, out plain, out reason),
            Zstd => TryZstd(stored[HeaderBytes..], size, out plain, out reason),
            _ => Fail($"its kind of compression, {kind}, is unknown", out reason),
        };
    }

    /// <summary>The plain bytes of a section named .zdebug_…: "ZLIB", the size in big-endian order, then zlib's data.</summary>
    /// <param name="stored">Its bytes in the file.</param>
    /// <param name="plain">Out: the plain bytes, when the result is true.</param>
    /// <param name="reason">Out: why not, when the result is false.</param>
    /// <returns>False when the data are damaged or would be larger than is believed.</returns>
    public static bool TryExpandOld(ReadOnlySpan<byte> stored, out byte[] plain, out string reason)
    {
        (plain, reason) = ([], "its compression header is damaged");
        return stored.Length >= OldHeaderBytes && stored[..4].SequenceEqual("ZLIB"u8)
            && TryZlib(stored[OldHeaderBytes..], BinaryPrimitives.ReadUInt64BigEndian(stored[4..]), out plain, out reason);
    }

    private static bool TryZlib(ReadOnlySpan<byte> data, ulong size, out byte[] plain, out string reason)
    {
        if (!IsBelieved(data, size, out plain, out reason))
        {
            return false;
        }

        try
        {
            using ZLibStream stream = new(new MemoryStream(data.ToArray()), CompressionMode.Decompress);
            stream.ReadExactly(plain);
            return true;
        }
        catch (Exception damaged) when (damaged is InvalidDataException or IOException)
        {
            return Fail("its zlib data are damaged", out reason);
        }
    }

    private static bool TryZstd(ReadOnlySpan<byte> data, ulong size, out byte[] plain, out string reason)
    {
        if (!IsBelieved(data, size, out plain, out reason))
        {
            return false;
        }

        try
        {
            using Decompressor zstd = new();
            return zstd.TryUnwrap(data, plain, out int written) && written == plain.Length || Fail("its zstd data are damaged", out reason);
        }
        catch (ZstdException)
        {
            return Fail("its zstd data are damaged", out reason);
        }
    }

    private static bool IsBelieved(ReadOnlySpan<byte> data, ulong size, out byte[] plain, out string reason)
    {
        (plain, reason) = ([], "");
        if (size > MostBytes || size > ((ulong)data.Length + 1) * MostPerByte)
        {
            return Fail($"its size without compression, {size} bytes, is not believed", out reason);
        }

        plain = new byte[size];
        return true;
    }

    private static bool Fail(string why, out string reason)
    {
        reason = why;
        return false;
    }
}
