using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MmuEmu.Debugger.Options;

/// <summary>Sizes as people type them: 8M, 512K, 4G, 65536.</summary>
internal static class ByteCount
{
    /// <summary>What a size looks like, for messages.</summary>
    public const string Form = "a number of bytes with an optional K, M or G, such as 64M";

    /// <summary>The bytes of <paramref name="text"/>; binary multiples.</summary>
    public static bool TryParse(string text, out ulong bytes)
    {
        bytes = 0;
        if (text.Length == 0)
        {
            return false;
        }

        int shift = char.ToUpperInvariant(text[^1]) switch
        {
            'K' => 10,
            'M' => 20,
            'G' => 30,
            _ => 0,
        };
        string digits = shift == 0 ? text : text[..^1];
        if (!ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            || number > ulong.MaxValue >> shift)
        {
            return false;
        }

        bytes = number << shift;
        return true;
    }

    /// <summary>Bytes in the largest unit that divides them: 8388608 is 8M.</summary>
    [SuppressMessage("Style", "IDE0046", Justification = "four cases read better as four lines")]
    public static string Show(ulong bytes)
    {
        if (bytes != 0 && bytes % (1UL << 30) == 0)
        {
            return $"{bytes >> 30}G";
        }

        if (bytes != 0 && bytes % (1UL << 20) == 0)
        {
            return $"{bytes >> 20}M";
        }

        return bytes != 0 && bytes % 1024 == 0 ? $"{bytes >> 10}K" : bytes.ToString(CultureInfo.InvariantCulture);
    }
}
