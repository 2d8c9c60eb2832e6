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

    /// <summary>
    /// What is believed of a byte, beyond a size that is believed of any: debug information shrinks to a third or a tenth, and a file that is made to
    /// fill the host's memory to a thousandth.
    /// </summary>
    private const ulong MostPerByte = 32;
    private const ulong AlwaysBelieved = 8 << 20;
    private const ulong MostBytes = 1UL << 30;

    /// <summary>The plain bytes of a section with SHF_COMPRESSED.</summary>
    /// <param name="stored">Its bytes in the file, the header first.</param>
    /// <param name="room">How many bytes it may have at most.</param>
    /// <param name="plain">Out: the plain bytes, when the result is true.</param>
    /// <param name="reason">Out: why not, when the result is false.</param>
    /// <returns>False when the kind of compression is unknown, the data are damaged, or they would be larger than is believed.</returns>
    public static bool TryExpand(ReadOnlySpan<byte> stored, ulong room, out byte[] plain, out string reason)
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
            Zlib or Zstd when !IsBelieved(stored.Length, size, room) => Fail(Unbelieved(size), out reason),
            Zlib => TryZlib(stored[HeaderBytes..], size, out plain, out reason),
            Zstd => TryZstd(stored[HeaderBytes..], size, out plain, out reason),
            _ => Fail($"its kind of compression, {kind}, is unknown", out reason),
        };
    }

    /// <summary>The plain bytes of a section named .zdebug_…: "ZLIB", the size in big-endian order, then zlib's data.</summary>
    /// <param name="stored">Its bytes in the file.</param>
    /// <param name="room">How many bytes it may have at most.</param>
    /// <param name="plain">Out: the plain bytes, when the result is true.</param>
    /// <param name="reason">Out: why not, when the result is false.</param>
    /// <returns>False when the data are damaged or would be larger than is believed.</returns>
    public static bool TryExpandOld(ReadOnlySpan<byte> stored, ulong room, out byte[] plain, out string reason)
    {
        (plain, reason) = ([], "its compression header is damaged");
        if (stored.Length < OldHeaderBytes || !stored[..4].SequenceEqual("ZLIB"u8))
        {
            return false;
        }

        ulong size = BinaryPrimitives.ReadUInt64BigEndian(stored[4..]);
        return IsBelieved(stored.Length, size, room) ? TryZlib(stored[OldHeaderBytes..], size, out plain, out reason) : Fail(Unbelieved(size), out reason);
    }

    private static bool TryZlib(ReadOnlySpan<byte> data, ulong size, out byte[] plain, out string reason)
    {
        (plain, reason) = ([], "");
        try
        {
            byte[] all = new byte[size];
            using ZLibStream stream = new(new MemoryStream(data.ToArray()), CompressionMode.Decompress);
            stream.ReadExactly(all);
            plain = all;
            return true;
        }
        catch (Exception damaged) when (damaged is InvalidDataException or IOException)
        {
            return Fail("its zlib data are damaged", out reason);
        }
    }

    private static bool TryZstd(ReadOnlySpan<byte> data, ulong size, out byte[] plain, out string reason)
    {
        (plain, reason) = ([], "its zstd data are damaged");
        try
        {
            byte[] all = new byte[size];
            using Decompressor zstd = new();
            if (!zstd.TryUnwrap(data, all, out int written) || written != all.Length)
            {
                return false;
            }

            (plain, reason) = (all, "");
            return true;
        }
        catch (ZstdException)
        {
            return false;
        }
    }

    private static bool IsBelieved(int stored, ulong size, ulong room) =>
        size <= Math.Min(Math.Min(MostBytes, room), AlwaysBelieved + ((ulong)stored * MostPerByte));

    private static string Unbelieved(ulong size) => $"its size without compression, {size} bytes, is not believed";

    private static bool Fail(string why, out string reason)
    {
        reason = why;
        return false;
    }
}
