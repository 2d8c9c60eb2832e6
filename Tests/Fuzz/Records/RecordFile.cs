using System.IO.Compression;

namespace MmuEmu.Tests.Fuzz.Records;

/// <summary>Programs and records as files, compressed by Brotli.</summary>
public static class RecordFile
{
    private const int LargestWindow = 24;
    private const int SmallestFile = 11;

    /// <summary>What is other in <paramref name="second"/> than in <paramref name="first"/>: their bits, exclusive or; twice applied it gives either back.</summary>
    public static byte[] Apart(byte[] first, byte[] second) => [.. first.Zip(second, (one, other) => (byte)(one ^ other))];

    /// <summary>Writes a file.</summary>
    public static void Write(string path, byte[] bytes)
    {
        byte[] packed = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        if (!BrotliEncoder.TryCompress(bytes, packed, out int length, SmallestFile, LargestWindow))
        {
            throw new InvalidDataException($"{path}: {bytes.Length} bytes do not compress");
        }

        File.WriteAllBytes(path, packed[..length]);
    }

    /// <summary>Reads a file.</summary>
    public static byte[] Read(string path)
    {
        using BrotliStream stream = new(File.OpenRead(path), CompressionMode.Decompress);
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
