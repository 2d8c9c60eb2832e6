using Spectre.Console;
using Spectre.Console.Rendering;

namespace MmuEmu.Debugger.Screens;

/// <summary>What panels are drawn with.</summary>
internal sealed class BorderGlyphs
{
    private readonly BoxBorder _border;

    private BorderGlyphs(BoxBorder border, string cut) => (_border, Cut) = (border, cut);

    /// <summary>Lines.</summary>
    public static BorderGlyphs Lines { get; } = new(BoxBorder.Square, "…");

    /// <summary>Where the terminal's characters are not Unicode's.</summary>
    public static BorderGlyphs Ascii { get; } = new(BoxBorder.Ascii, ">");

    /// <summary>Stands at the end of a line that goes on.</summary>
    public string Cut { get; }

    /// <summary>A part of the border.</summary>
    public string this[BoxBorderPart part] => _border.GetPart(part);
}
