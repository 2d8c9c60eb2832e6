using System.Globalization;
using System.Text;
using Spectre.Console;

namespace MmuEmu.Debugger.Screens;

/// <summary>Text as cells. Whatever a terminal might act on, or show in a width of its own, is written out: <c>\x1b</c>, <c>\u202e</c>.</summary>
/// <remarks>A byte that is no UTF-8 is shown as <see cref="OwnText"/> writes it.</remarks>
internal static class CellText
{
    /// <summary>More marks than that on one character are no language's.</summary>
    private const int MostMarks = 4;

    private static readonly string[] Ascii = [.. Enumerable.Range(0, 128).Select(code => ((char)code).ToString())];

    /// <summary>Columns that <paramref name="text"/> takes.</summary>
    public static int WidthOf(string text) => Of(text).Sum(cell => cell.Width);

    /// <summary>The characters of <paramref name="text"/>, each with its marks and its columns, 1 or 2.</summary>
    public static IEnumerable<(string Text, int Width)> Of(string text)
    {
        for (int at = 0; at < text.Length;)
        {
            if (text[at] is >= ' ' and <= '~' && (at + 1 == text.Length || text[at + 1] < 128))
            {
                yield return (Ascii[text[at++]], 1);
                continue;
            }

            int length = LengthAt(text, at);
            string character = text.Substring(at, length);
            at += length;
            if (WidthOfShown(character) is var width and > 0)
            {
                int marks = MarksAt(text, at);
                yield return (string.Concat(character, text.AsSpan(at, marks)), width);
                at += marks;
                continue;
            }

            foreach (char letter in Written(character))
            {
                yield return (Ascii[letter], 1);
            }
        }
    }

    private static int LengthAt(string text, int at) =>
        char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;

    /// <summary>Columns of a character that is shown as it is; 0 for one that is not.</summary>
    private static int WidthOfShown(string character) => CategoryOf(character) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => 0,
        _ => character.GetCellWidth(),
    };

    private static UnicodeCategory CategoryOf(string character) => CharUnicodeInfo.GetUnicodeCategory(character, 0);

    /// <summary>Length of the marks that follow a character; those that choose how an emoji looks are none.</summary>
    private static int MarksAt(string text, int at)
    {
        int end = at;
        for (int count = 0; count < MostMarks && end < text.Length && IsMark(text, end); count++)
        {
            end += LengthAt(text, end);
        }

        return end - at;
    }

    private static bool IsMark(string text, int at)
    {
        string character = text.Substring(at, LengthAt(text, at));
        return CategoryOf(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            && character[0] is not (>= '\uFE00' and <= '\uFE0F')
            && character.GetCellWidth() == 0;
    }

    private static string Written(string character) => Rune.DecodeFromUtf16(character, out Rune rune, out _) != System.Buffers.OperationStatus.Done
        ? character[0] is >= '\uDC80' and <= '\uDCFF' ? $"\\x{character[0] - '\uDC00':x2}" : $"\\u{(int)character[0]:x4}"
        : rune.Value < 0x100 ? $"\\x{rune.Value:x2}"
        : rune.IsBmp ? $"\\u{rune.Value:x4}"
        : $"\\U{rune.Value:x8}";
}
