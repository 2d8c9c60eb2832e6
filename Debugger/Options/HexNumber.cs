using System.Globalization;

namespace MmuEmu.Debugger.Options;

/// <summary>Addresses and entries as people type them: 0x7f00_0000, 7f000000h, or decimal.</summary>
internal static class HexNumber
{
    /// <summary>What a number looks like, for messages.</summary>
    public const string Form = "a hexadecimal number such as 0x7fffe000, or a decimal one";

    /// <summary>The value of <paramref name="text"/>; underscores are ignored.</summary>
    public static bool TryParse(string text, out ulong value)
    {
        string plain = text.Replace("_", "", StringComparison.Ordinal);
        if (plain.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return ulong.TryParse(plain[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
        }

        return plain.EndsWith('h')
            ? ulong.TryParse(plain[..^1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : ulong.TryParse(plain, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
