using System.Buffers;
using System.Text;

namespace MmuEmu.Kernel.Abi;

/// <summary>A guest's bytes as a string and back, none lost: a byte that is no UTF-8 becomes the lone surrogate U+DC00 plus the byte.</summary>
/// <remarks>Names and arguments of Linux are bytes without NUL, and mostly UTF-8.</remarks>
public static class GuestText
{
    private const char Escape = '\uDC00';

    /// <summary>The string that stands for <paramref name="bytes"/>.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length);
        Span<char> units = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int used) == OperationStatus.Done)
            {
                text.Append(units[..rune.EncodeToUtf16(units)]);
            }
            else
            {
                used = 1;
                text.Append((char)(Escape + bytes[0]));
            }

            bytes = bytes[used..];
        }

        return text.ToString();
    }

    /// <summary>The bytes that <paramref name="text"/> stands for.</summary>
    public static byte[] Bytes(string text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        int length = 0;
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            bool whole = Rune.DecodeFromUtf16(rest, out Rune rune, out int used) == OperationStatus.Done;
            if (!whole && rest[0] is >= (char)(Escape + 0x80) and <= (char)(Escape + 0xFF))
            {
                bytes[length++] = (byte)(rest[0] - Escape);
            }
            else
            {
                length += rune.EncodeToUtf8(bytes.AsSpan(length));
            }

            rest = rest[used..];
        }

        return bytes[..length];
    }
}
