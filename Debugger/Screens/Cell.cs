namespace MmuEmu.Debugger.Screens;

/// <summary>One place of a screen.</summary>
/// <param name="Text">A character with the marks above and below it; empty for the second half of a wide one.</param>
/// <param name="Role">How it looks.</param>
internal readonly record struct Cell(string Text, Role Role)
{
    /// <summary>Nothing.</summary>
    public static Cell Blank { get; } = new(" ", Role.Plain);

    /// <summary>The second half of the wide character before it.</summary>
    public bool IsSecondHalf => Text.Length == 0;

    /// <summary>Terminals agree on how many columns it takes.</summary>
    public bool IsCertain => Text.Length == 1 && Text[0] is (>= ' ' and <= '~') or (>= '\u2500' and <= '\u257F');
}
