using System.Globalization;

namespace MmuEmu.Debugger.Monitor;

/// <summary>What somebody types for a guest: text and Enter, with escapes for what a command line cannot hold.</summary>
internal static class TypedText
{
    /// <summary>The escapes, for messages.</summary>
    public const string Escapes = @"\n, \t, \e, \\, \xHH, or \c at the end for no Enter";

    /// <summary>The bytes of <paramref name="text"/>; false when an escape in it is none.</summary>
    public static bool TryRead(string text, out byte[] bytes)
    {
        List<byte> all = [];
        bool hasEnter = true;
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\')
            {
                int length = char.IsSurrogatePair(text, at) ? 2 : 1;
                all.AddRange(OwnText.Encoding.GetBytes(text.Substring(at, length)));
                at += length - 1;
                continue;
            }

            at++;
            if (at == text.Length - 1 && text[at] == 'c')
            {
                hasEnter = false;
            }
            else if (at < text.Length && Plain(text[at]) is { } plain)
            {
                all.Add(plain);
            }
            else if (at + 2 < text.Length && text[at] == 'x' && byte.TryParse(text.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte raw))
            {
                all.Add(raw);
                at += 2;
            }
            else
            {
                bytes = [];
                return false;
            }
        }

        bytes = hasEnter ? [.. all, (byte)'\n'] : [.. all];
        return true;
    }

    private static byte? Plain(char letter) => letter switch
    {
        'n' => (byte)'\n',
        't' => (byte)'\t',
        'e' => 0x1B,
        '\\' => (byte)'\\',
        _ => null,
    };
}
