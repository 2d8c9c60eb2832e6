using System.Globalization;
using System.Text;

namespace MmuEmu.Debugger.Gdb;

/// <summary>Hexadecimal as packets have it: lower case, bytes in the order of memory.</summary>
internal static class HexText
{
    /// <summary>The value of a digit; -1 for any other character.</summary>
    public static int DigitOf(char digit) => digit switch
    {
        >= '0' and <= '9' => digit - '0',
        >= 'a' and <= 'f' => digit - 'a' + 10,
        >= 'A' and <= 'F' => digit - 'A' + 10,
        _ => -1,
    };

    /// <summary>A number without leading zeros.</summary>
    public static string Of(ulong number) => number.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>Bytes, two digits each.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    /// <summary>The bytes of a text in UTF-8, two digits each.</summary>
    public static string OfText(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>Reads pairs of digits.</summary>
    /// <returns>False when it is anything else.</returns>
    public static bool TryBytes(string digits, out byte[] bytes)
    {
        bytes = new byte[digits.Length / 2];
        if (digits.Length % 2 != 0)
        {
            return false;
        }

        for (int i = 0; i < bytes.Length; i++)
        {
            (int high, int low) = (DigitOf(digits[2 * i]), DigitOf(digits[(2 * i) + 1]));
            if (high < 0 || low < 0)
            {
                return false;
            }

            bytes[i] = (byte)((high << 4) | low);
        }

        return true;
    }

    /// <summary>Reads a text of which the UTF-8 bytes are given.</summary>
    public static bool TryText(string digits, out string text)
    {
        bool known = TryBytes(digits, out byte[] bytes);
        text = known ? Encoding.UTF8.GetString(bytes) : "";
        return known;
    }

    /// <summary>Bytes as they go over the wire, one char each.</summary>
    public static string Raw(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>Bytes of a packet.</summary>
    public static byte[] BytesOf(string raw) => Encoding.Latin1.GetBytes(raw);
}
