using System.Text;
using MmuEmu.Debugger.Screens;

namespace MmuEmu.Debugger.View;

/// <summary>Sentences as lines of a panel.</summary>
internal static class Prose
{
    /// <summary>Breaks a text between words into lines of at most <paramref name="width"/> columns; a word that is longer is broken where the line ends.</summary>
    public static IEnumerable<string> Broken(string text, int width)
    {
        StringBuilder line = new();
        int columns = 0;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(word => Pieces(word, Math.Max(width, 1))))
        {
            int wanted = CellText.WidthOf(word);
            if (columns > 0 && columns + 1 + wanted > width)
            {
                yield return line.ToString();
                line.Clear();
                columns = 0;
            }

            line.Append(columns > 0 ? " " : "").Append(word);
            columns += wanted + (columns > 0 ? 1 : 0);
        }

        if (columns > 0)
        {
            yield return line.ToString();
        }
    }

    /// <summary>Cuts what is no prose into lines of at most <paramref name="width"/> columns, as terminals do; nothing is left out.</summary>
    public static IEnumerable<string> Cut(string text, int width)
    {
        StringBuilder line = new();
        int columns = 0;
        foreach ((string cell, int wanted) in CellText.Of(text))
        {
            if (columns > 0 && columns + wanted > width)
            {
                yield return line.ToString();
                line.Clear();
                columns = 0;
            }

            line.Append(cell);
            columns += wanted;
        }

        yield return line.ToString();
    }

    /// <summary>Likewise as lines.</summary>
    public static IEnumerable<TextLine> Lines(string text, int width, Role role = Role.Plain) => Broken(text, width).Select(line => TextLine.Of(line, role));

    private static IEnumerable<string> Pieces(string word, int width)
    {
        for (int at = 0; at < word.Length; at += width)
        {
            yield return word.Substring(at, Math.Min(width, word.Length - at));
        }
    }
}
