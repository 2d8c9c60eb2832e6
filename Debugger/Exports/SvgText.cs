using System.Globalization;
using System.Text;

namespace MmuEmu.Debugger.Exports;

/// <summary>Elements of a drawing, one a line.</summary>
internal sealed class SvgText
{
    private readonly StringBuilder _text = new();

    /// <summary>All that was drawn.</summary>
    public override string ToString() => _text.ToString();

    /// <summary>A line as it is.</summary>
    public void Raw(string line) => _text.Append(line).Append('\n');

    /// <summary>A rectangle with a fill and what it means.</summary>
    public void Rect(int x, int y, int width, int height, string fill, string? title = null)
    {
        _text.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" {fill}");
        Close("rect", title);
    }

    /// <summary>A path with its attributes, moved to a point, and what it means.</summary>
    public void Path(int x, int y, string path, string attributes, string? title = null)
    {
        _text.Append(CultureInfo.InvariantCulture, $"<path transform=\"translate({x} {y})\" d=\"{path}\" {attributes}");
        Close("path", title);
    }

    /// <summary>A text; <paramref name="kind"/> is its class.</summary>
    public void Text(int x, int y, string text, string kind) =>
        _text.Append(CultureInfo.InvariantCulture, $"<text x=\"{x}\" y=\"{y}\" class=\"{kind}\">{Escaped(text)}</text>\n");

    /// <summary>A text as XML has it; characters that XML cannot hold are a sign.</summary>
    public static string Escaped(string text)
    {
        StringBuilder plain = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '<' => plain.Append("&lt;"),
                '>' => plain.Append("&gt;"),
                '&' => plain.Append("&amp;"),
                '"' => plain.Append("&quot;"),
                < ' ' or 0xFFFE or 0xFFFF => plain.Append('\uFFFD'),
                _ => plain.Append(rune.ToString()),
            };
        }

        return plain.ToString();
    }

    private void Close(string element, string? title) =>
        _text.Append(title is null ? "/>\n" : $"><title>{Escaped(title)}</title></{element}>\n");
}
