namespace MmuEmu.Debugger.Screens;

/// <summary>Keys that a screen knows.</summary>
internal enum KeyName
{
    /// <summary>One that it does not.</summary>
    Other,

    /// <summary>A letter, a digit, a sign: see <see cref="KeyStroke.Text"/>.</summary>
    Text,

    /// <summary>Text that was pasted: see <see cref="KeyStroke.Text"/>.</summary>
    Paste,

    /// <summary>Enter.</summary>
    Enter,

    /// <summary>Escape.</summary>
    Escape,

    /// <summary>Tab; backward with Shift.</summary>
    Tab,

    /// <summary>Backspace.</summary>
    Backspace,

    /// <summary>Delete.</summary>
    Delete,

    /// <summary>Insert.</summary>
    Insert,

    /// <summary>Arrow up.</summary>
    Up,

    /// <summary>Arrow down.</summary>
    Down,

    /// <summary>Arrow left.</summary>
    Left,

    /// <summary>Arrow right.</summary>
    Right,

    /// <summary>Home.</summary>
    Home,

    /// <summary>End.</summary>
    End,

    /// <summary>Page up.</summary>
    PageUp,

    /// <summary>Page down.</summary>
    PageDown,

    /// <summary>F1 to F12: see <see cref="KeyStroke.Number"/>.</summary>
    Function,
}
