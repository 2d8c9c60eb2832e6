using System.Globalization;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Recordings;

/// <summary>A chunk is not what its kind has to be; the reader of the file says it with the place.</summary>
/// <param name="expected">What had to be there.</param>
/// <param name="found">What is.</param>
internal sealed class BadChunkException(string expected, string found) : Exception
{
    /// <summary>What had to be there.</summary>
    public string Expected => expected;

    /// <summary>What is.</summary>
    public string Found => found;
}

/// <summary>Takes the plain bytes of a chunk apart, whatever they are.</summary>
/// <param name="bytes">All of them.</param>
internal sealed class ChunkReader(ReadOnlyMemory<byte> bytes)
{
    /// <summary>Bytes of a SHA-256.</summary>
    public const int HashBytes = 32;

    private int _at;

    /// <summary>How many bytes are left.</summary>
    public int Left => bytes.Length - _at;

    /// <summary>A whole number, as <see cref="ChunkWriter.Number"/> writes it.</summary>
    /// <exception cref="BadChunkException">There is none.</exception>
    public ulong Number()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte one = Raw(1)[0];
            if (shift == 63 && one > 1)
            {
                break;
            }

            value |= (ulong)(one & 0x7F) << shift;
            if (one < 0x80)
            {
                return value;
            }
        }

        throw new BadChunkException("a number of 64 bits", "a longer one");
    }

    /// <summary>A whole number up to <paramref name="most"/>.</summary>
    /// <exception cref="BadChunkException">It is larger.</exception>
    public int Number(string what, int most)
    {
        ulong value = Number();
        return value <= (ulong)most ? (int)value : throw Wrong($"{what} up to {most}", value);
    }

    /// <summary>A whole number of 32 bits.</summary>
    /// <exception cref="BadChunkException">It is larger.</exception>
    public uint Word(string what)
    {
        ulong value = Number();
        return value <= uint.MaxValue ? (uint)value : throw Wrong($"{what} of 32 bits", value);
    }

    /// <summary>A number that may be negative.</summary>
    /// <exception cref="BadChunkException">There is none.</exception>
    public long Signed()
    {
        ulong value = Number();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>0 or 1.</summary>
    /// <exception cref="BadChunkException">It is neither.</exception>
    public bool Flag() => Number("a flag", 1) == 1;

    /// <summary>How many items follow, of which each takes at least a byte.</summary>
    /// <exception cref="BadChunkException">They are more than <paramref name="most"/>, or there is no room for so many.</exception>
    public int Count(string what, int most = int.MaxValue)
    {
        ulong count = Number();
        most = Math.Min(most, Left);
        return count <= (ulong)most ? (int)count : throw Wrong($"a number of {what} up to {most}", count);
    }

    /// <summary>That many bytes.</summary>
    /// <exception cref="BadChunkException">There are not so many.</exception>
    public ReadOnlySpan<byte> Raw(int count)
    {
        if (count > Left)
        {
            throw Wrong($"{count} bytes", (ulong)Left);
        }

        _at += count;
        return bytes.Span.Slice(_at - count, count);
    }

    /// <summary>Bytes with their number before them.</summary>
    /// <exception cref="BadChunkException">There are not so many.</exception>
    public ReadOnlySpan<byte> Counted() => Raw(Count("bytes"));

    /// <summary>A text.</summary>
    /// <exception cref="BadChunkException">There is none.</exception>
    public string Text() => GuestText.Of(Counted());

    /// <summary>A text, or null.</summary>
    /// <exception cref="BadChunkException">There is neither.</exception>
    public string? TextOrNull() => Flag() ? Text() : null;

    /// <summary>Several texts.</summary>
    /// <exception cref="BadChunkException">There are not so many.</exception>
    public string[] Texts(string what)
    {
        List<string> texts = [];
        for (int left = Count(what, RecordingFormat.MostTexts); left > 0; left--)
        {
            texts.Add(Text());
        }

        return [.. texts];
    }

    /// <summary>A SHA-256 in lower-case hexadecimal digits.</summary>
    /// <exception cref="BadChunkException">There is none.</exception>
    public string Hash() => Convert.ToHexStringLower(Raw(HashBytes));

    /// <summary>A SHA-256, or null.</summary>
    /// <exception cref="BadChunkException">There is neither.</exception>
    public string? HashOrNull() => Flag() ? Hash() : null;

    /// <summary>The error of a number that may not be.</summary>
    public static BadChunkException Wrong(string expected, ulong found) => new(expected, found.ToString(CultureInfo.InvariantCulture));
}
