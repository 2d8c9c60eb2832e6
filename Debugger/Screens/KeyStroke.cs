namespace MmuEmu.Debugger.Screens;

/// <summary>One key as it was pressed.</summary>
/// <param name="Key">Which.</param>
/// <param name="Text">What <see cref="KeyName.Text"/> types, one character: <c>s</c>, and <c>S</c> with Shift. With Ctrl or Alt the letter, small.</param>
/// <param name="Number">Of a function key, 1 to 12.</param>
/// <param name="HasShift">With Shift; of a letter, that it is a capital one.</param>
/// <param name="HasControl">With Ctrl.</param>
/// <param name="HasAlt">With Alt.</param>
internal readonly record struct KeyStroke(
    KeyName Key, string Text = "", int Number = 0, bool HasShift = false, bool HasControl = false, bool HasAlt = false)
{
    /// <summary>Ctrl-C.</summary>
    public static KeyStroke Interrupt { get; } = new(KeyName.Text, "c", HasControl: true);

    /// <summary>It is Ctrl-C.</summary>
    public bool IsInterrupt => IsControl("c");

    /// <summary>Ctrl with a letter and nothing else.</summary>
    public bool IsControl(string letter) => Key == KeyName.Text && HasControl && !HasAlt && Text == letter;

    /// <summary>A character to be typed.</summary>
    public bool IsTyped => Key == KeyName.Text && !HasControl && !HasAlt;

    /// <summary>What it is called, such as <c>Ctrl-A</c>, <c>F3</c> or <c>Delete</c>.</summary>
    public string Name
    {
        get
        {
            string name = Key switch
            {
                KeyName.Text => HasControl ? Text.ToUpperInvariant() : Text,
                KeyName.Function => $"F{Number}",
                KeyName.Other => "this one",
                _ => Key.ToString(),
            };
            return $"{(HasControl ? "Ctrl-" : "")}{(HasAlt ? "Alt-" : "")}{(HasShift && Key != KeyName.Text ? "Shift-" : "")}{name}";
        }
    }

    /// <summary>A key as .NET's console tells it.</summary>
    public static KeyStroke Of(ConsoleKeyInfo info)
    {
        (bool shift, bool control, bool alt) = (Has(info, ConsoleModifiers.Shift), Has(info, ConsoleModifiers.Control), Has(info, ConsoleModifiers.Alt));
        if (info.Key is >= ConsoleKey.F1 and <= ConsoleKey.F12)
        {
            return new KeyStroke(KeyName.Function, "", info.Key - ConsoleKey.F1 + 1, shift, control, alt);
        }

        if (NameOf(info) is var name && name != KeyName.Other)
        {
            return new KeyStroke(name, "", 0, shift, control, alt);
        }

        return TextOf(info) switch
        {
            null => new KeyStroke(KeyName.Other),
            var typed when control || alt => new KeyStroke(KeyName.Text, typed.ToLowerInvariant(), 0, shift, control, alt),
            var typed => new KeyStroke(KeyName.Text, typed, 0, char.IsUpper(typed[0])),
        };
    }

    private static bool Has(ConsoleKeyInfo info, ConsoleModifiers modifier) => (info.Modifiers & modifier) != 0;

    /// <summary>A control character comes with the letter that Ctrl was pressed with.</summary>
    private static string? TextOf(ConsoleKeyInfo info) =>
        !char.IsControl(info.KeyChar) ? info.KeyChar.ToString()
        : Has(info, ConsoleModifiers.Control) && info.Key is >= ConsoleKey.A and <= ConsoleKey.Z ? info.Key.ToString()
        : null;

    private static KeyName NameOf(ConsoleKeyInfo info) => info.Key switch
    {
        ConsoleKey.Enter => KeyName.Enter,
        ConsoleKey.Escape => KeyName.Escape,
        ConsoleKey.Tab => KeyName.Tab,
        ConsoleKey.Backspace => KeyName.Backspace,
        ConsoleKey.Delete => KeyName.Delete,
        ConsoleKey.Insert => KeyName.Insert,
        ConsoleKey.UpArrow => KeyName.Up,
        ConsoleKey.DownArrow => KeyName.Down,
        ConsoleKey.LeftArrow => KeyName.Left,
        ConsoleKey.RightArrow => KeyName.Right,
        ConsoleKey.Home => KeyName.Home,
        ConsoleKey.End => KeyName.End,
        ConsoleKey.PageUp => KeyName.PageUp,
        ConsoleKey.PageDown => KeyName.PageDown,
        _ => KeyName.Other,
    };
}
