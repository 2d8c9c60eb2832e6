using System.Text;

namespace MmuEmu.Debugger;

/// <summary>How the command writes text that came from a guest or from the host: names need not be UTF-8, and may hold what a terminal acts on.</summary>
internal static class OwnText
{
    /// <summary>UTF-8 without a mark; a byte that is none, as <see cref="Kernel.Abi.GuestText"/> keeps it, is written as <c>\xNN</c>.</summary>
    public static Encoding Encoding { get; } = WithEscapes();

    /// <summary><paramref name="text"/> with its control characters as <c>\xNN</c>; <paramref name="kept"/> stays, when it is not NUL.</summary>
    public static string Printable(string text, char kept = '\0')
    {
        if (!text.Any(c => char.IsControl(c) && c != kept))
        {
            return text;
        }

        StringBuilder plain = new();
        foreach (char c in text)
        {
            _ = char.IsControl(c) && c != kept ? plain.Append(Escaped(c)) : plain.Append(c);
        }

        return plain.ToString();
    }

    private static string Escaped(int value) => $"\\x{value:x2}";

    private static UTF8Encoding WithEscapes()
    {
        UTF8Encoding encoding = (UTF8Encoding)new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).Clone();
        encoding.EncoderFallback = new Escapes();
        return encoding;
    }

    private sealed class Escapes : EncoderFallback
    {
        public override int MaxCharCount => 4;

        public override EncoderFallbackBuffer CreateFallbackBuffer() => new EscapesBuffer();
    }

    private sealed class EscapesBuffer : EncoderFallbackBuffer
    {
        private string _text = "";
        private int _next;

        public override int Remaining => _text.Length - _next;

        public override bool Fallback(char charUnknown, int index)
        {
            (_text, _next) = (charUnknown is >= '\uDC80' and <= '\uDCFF' ? Escaped(charUnknown - '\uDC00') : "\uFFFD", 0);
            return true;
        }

        public override bool Fallback(char charUnknownHigh, char charUnknownLow, int index) => Fallback(charUnknownHigh, index);

        public override char GetNextChar() => _next < _text.Length ? _text[_next++] : '\0';

        public override bool MovePrevious()
        {
            bool moves = _next > 0;
            _next -= moves ? 1 : 0;
            return moves;
        }

        public override void Reset() => (_text, _next) = ("", 0);
    }
}
