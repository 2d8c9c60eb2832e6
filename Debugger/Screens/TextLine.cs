namespace MmuEmu.Debugger.Screens;

/// <summary>A line of a screen: pieces from left to right.</summary>
/// <param name="Spans">The pieces.</param>
internal sealed record TextLine(params IReadOnlyList<TextSpan> Spans)
{
    /// <summary>A line without anything.</summary>
    public static TextLine Empty { get; } = new();

    /// <summary>Columns that it takes.</summary>
    public int Width => Spans.Sum(span => CellText.WidthOf(span.Text));

    /// <summary>A line of one piece.</summary>
    public static TextLine Of(string text, Role role = Role.Plain) => new(new TextSpan(text, role));
}
