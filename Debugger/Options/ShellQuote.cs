using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Options;

/// <summary>Words that a shell takes as they are.</summary>
internal static class ShellQuote
{
    /// <summary>For bash and zsh: bare when every character is plain, else between single quotes.</summary>
    public static string Posix(string word) => IsPlain(word) ? word : PosixAlways(word);

    /// <summary>For bash and zsh: as <see cref="Posix"/>, and between <c>$'</c> and <c>'</c> where bytes are no text.</summary>
    public static string PosixBytes(string word) =>
        !word.Any(char.IsControl) && !word.Any(char.IsSurrogate) ? Posix(word) : $"$'{string.Concat(GuestText.Bytes(word).Select(Escaped))}'";

    /// <summary>For bash and zsh, between single quotes.</summary>
    public static string PosixAlways(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>For fish: bare when every character is plain, else between single quotes.</summary>
    public static string Fish(string word) => IsPlain(word) ? word : FishAlways(word);

    /// <summary>For fish, between single quotes.</summary>
    public static string FishAlways(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    private static string Escaped(byte b) => b is >= 0x20 and < 0x7F and not ((byte)'\'' or (byte)'\\') ? $"{(char)b}" : $"\\x{b:x2}";

    private static bool IsPlain(string word)
    {
        foreach (char c in word)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"-_.+,=:/".Contains(c, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return word.Length > 0;
    }
}
