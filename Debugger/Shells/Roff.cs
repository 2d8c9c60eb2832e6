using System.Globalization;
using System.Text;

namespace MmuEmu.Debugger.Shells;

/// <summary>Text as troff takes it, for the macros of man pages.</summary>
internal static class Roff
{
    private const string Punctuation = ".,;:)";

    /// <summary>A word or a line, shown as it is.</summary>
    /// <remarks>troff would make other characters of - ' ` ^ and ~ than those that can be typed again.</remarks>
    public static string Plain(string text)
    {
        StringBuilder escaped = new(text.StartsWith('.') ? "\\&" : "");
        foreach (char c in text)
        {
            escaped.Append(c switch
            {
                '\\' => "\\e",
                '-' => "\\-",
                '\'' => "\\(aq",
                '`' => "\\(ga",
                '^' => "\\(ha",
                '~' => "\\(ti",
                > '~' => $"\\[u{((int)c).ToString("X4", CultureInfo.InvariantCulture)}]",
                _ => c.ToString(),
            });
        }

        return escaped.ToString();
    }

    /// <summary>The same in bold.</summary>
    public static string Bold(string text) => $"\\fB{Plain(text)}\\fR";

    /// <summary>The same in italics.</summary>
    public static string Italic(string text) => $"\\fI{Plain(text)}\\fR";

    /// <summary>Sentences, each on a line of its own; options and what stands between backquotes are bold, a line feed stays one.</summary>
    public static string Prose(string text)
    {
        StringBuilder lines = new();
        foreach (string line in text.Split('\n'))
        {
            IEnumerable<string> parts = line.Split('`').Select((part, i) => i % 2 == 1 ? Bold(part) : string.Join(' ', part.Split(' ').Select(Marked)));
            string marked = string.Concat(parts);
            lines.Append(lines.Length == 0 ? "" : ".br\n").Append(marked.Replace(". ", ".\n", StringComparison.Ordinal)).Append('\n');
        }

        return lines.ToString();
    }

    private static string Marked(string word)
    {
        string bare = word.TrimEnd(Punctuation.ToCharArray());
        bool isOption = bare.Length > 2 && bare.StartsWith("--", StringComparison.Ordinal);
        return isOption ? Bold(bare) + word[bare.Length..] : Plain(word);
    }
}
