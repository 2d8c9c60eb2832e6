using MmuEmu.Debugger.Screens;

namespace MmuEmu.Debugger.View;

/// <summary>Text over the whole screen: what a command has answered, or help.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Text">Its lines.</param>
/// <param name="KeepsColumns">Lines are cut where they end and not broken: their columns mean something.</param>
internal sealed record Overlay(string Title, IReadOnlyList<string> Text, bool KeepsColumns)
{
    /// <summary>As a panel, from line <paramref name="top"/> on.</summary>
    public Panel Panel(int columns, int top)
    {
        int width = Math.Max(columns - 2, 1);
        IEnumerable<TextLine> lines = Text.SelectMany(line => KeepsColumns && (CellText.WidthOf(line) <= width || HasColumns(line)) ? Kept(line, width) : Broken(line, width));
        return new Panel(Title, [.. lines], PanelPlace.Left, 0) { IsChosen = true, Top = top };
    }

    private static bool HasColumns(string line) => line.Trim().Contains("  ", StringComparison.Ordinal);

    /// <summary>A line whose columns mean something: what has no room goes on below, further in.</summary>
    private static IEnumerable<TextLine> Kept(string line, int width)
    {
        const int Further = 6;
        int room = width;
        string margin = "";
        while (CellText.WidthOf(line) > room && line.Length > room)
        {
            int end = line.LastIndexOf(' ', room);
            end = end > line.Length - line.TrimStart().Length ? end : room;
            yield return TextLine.Of(margin + line[..end].TrimEnd());
            line = line[end..].TrimStart();
            margin = new string(' ', Math.Min(Further, width / 2));
            room = width - margin.Length;
        }

        yield return TextLine.Of(margin + line);
    }

    private static IEnumerable<TextLine> Broken(string line, int width)
    {
        int indent = line.Length - line.TrimStart().Length;
        string margin = new(' ', Math.Min(indent, width / 2));
        return line.Trim().Length == 0 ? [TextLine.Empty] : Prose.Broken(line, width - margin.Length).Select(part => TextLine.Of(margin + part, line.EndsWith(':') && indent == 0 ? Role.Strong : Role.Plain));
    }
}
