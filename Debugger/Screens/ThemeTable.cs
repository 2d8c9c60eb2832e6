using Spectre.Console;

namespace MmuEmu.Debugger.Screens;

/// <summary>How each role looks.</summary>
/// <remarks>The sixteen colours that each user's terminal has its own shades for, so that light and dark backgrounds both do.</remarks>
internal static class ThemeTable
{
    /// <summary>The style of <paramref name="role"/>; where no colours are wanted, only its decoration is written.</summary>
    public static Style StyleOf(Role role) => role switch
    {
        Role.Plain => Style.Plain,
        Role.Strong => new Style(decoration: Decoration.Bold),
        Role.Faint => new Style(decoration: Decoration.Dim),
        Role.Good => new Style(Color.Green),
        Role.Bad => new Style(Color.Maroon, decoration: Decoration.Bold),
        Role.Warning => new Style(Color.Olive, decoration: Decoration.Bold),
        Role.Changed => new Style(Color.Teal, decoration: Decoration.Bold),
        Role.Link => new Style(Color.Navy, decoration: Decoration.Underline),
        Role.Cursor => new Style(decoration: Decoration.Invert),
    };
}
