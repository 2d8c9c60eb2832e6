using System.Text;

namespace MmuEmu.Debugger.Shells;

/// <summary>Words on lines that a reader bears.</summary>
internal static class Wrapped
{
    private const int Width = 110;

    /// <summary>The words with a blank between them; a line that gets too long is broken by <paramref name="newLine"/>.</summary>
    public static string Words(IEnumerable<string> words, string newLine)
    {
        StringBuilder text = new();
        int column = newLine.Length;
        foreach (string word in words)
        {
            bool fits = column + word.Length < Width;
            text.Append(text.Length == 0 ? "" : fits ? " " : newLine).Append(word);
            column = fits ? column + word.Length + 1 : newLine.Length + word.Length + 1;
        }

        return text.ToString();
    }
}
