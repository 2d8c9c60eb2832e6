using System.Runtime.InteropServices;

namespace MmuEmu.Emulator.Memory;

/// <summary>The content of an array at one moment, in chunks of 4 KiB that are shared with the image before where they are equal.</summary>
/// <remarks>An array that did not change costs a comparison, and no memory.</remarks>
internal sealed class ArrayImage
{
    private const int ChunkBytes = 4096;

    private readonly byte[][] _chunks;
    private readonly int _bytes;

    private ArrayImage(byte[][] chunks, int bytes) => (_chunks, _bytes) = (chunks, bytes);

    /// <summary>An image of <paramref name="content"/>, at most 2 GiB.</summary>
    /// <param name="content">The array.</param>
    /// <param name="last">An earlier image of it to share with; null for none.</param>
    internal static ArrayImage Of<T>(ReadOnlySpan<T> content, ArrayImage? last)
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(content);
        int equal = 0;
        byte[][]? chunks = null;
        int count = (bytes.Length + ChunkBytes - 1) / ChunkBytes;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> chunk = bytes[(i * ChunkBytes)..Math.Min(bytes.Length, (i + 1) * ChunkBytes)];
            if (last is not null && i < last._chunks.Length && chunk.SequenceEqual(last._chunks[i]))
            {
                if (chunks is null)
                {
                    equal++;
                }
                else
                {
                    chunks[i] = last._chunks[i];
                }

                continue;
            }

            chunks ??= Begun(last, equal, count);
            chunks[i] = chunk.ToArray();
        }

        return chunks is null && last?._bytes == bytes.Length ? last : new ArrayImage(chunks ?? last?._chunks[..count] ?? [], bytes.Length);
    }

    /// <summary>Room for all chunks, with those that were equal so far.</summary>
    private static byte[][] Begun(ArrayImage? last, int equal, int count)
    {
        byte[][] chunks = new byte[count][];
        last?._chunks.AsSpan(0, equal).CopyTo(chunks);
        return chunks;
    }

    /// <summary>As <see cref="Of{T}(ReadOnlySpan{T}, ArrayImage?)"/>.</summary>
    internal static ArrayImage Of<T>(T[] content, ArrayImage? last)
        where T : unmanaged => Of((ReadOnlySpan<T>)content, last);

    /// <summary>Writes it over an array of the same length.</summary>
    internal void CopyTo<T>(Span<T> array)
        where T : unmanaged
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(array);
        for (int i = 0; i < _chunks.Length; i++)
        {
            _chunks[i].CopyTo(bytes[(i * ChunkBytes)..]);
        }
    }

    /// <summary>Writes it over <paramref name="array"/>, which is made anew when it has grown or was made anew itself since.</summary>
    internal void CopyTo<T>(ref T[] array)
        where T : unmanaged
    {
        int length = _bytes / System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
        array = array.Length == length ? array : new T[length];
        CopyTo(array.AsSpan());
    }
}
