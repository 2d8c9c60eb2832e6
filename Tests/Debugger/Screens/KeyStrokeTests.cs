using MmuEmu.Debugger.Screens;

namespace MmuEmu.Tests.Debugger.Screens;

/// <summary>Keys as .NET's console tells them, and as the view takes them.</summary>
public sealed class KeyStrokeTests
{
    private const ConsoleModifiers None = 0;
    private const ConsoleModifiers Shift = ConsoleModifiers.Shift;
    private const ConsoleModifiers Control = ConsoleModifiers.Control;
    private const ConsoleModifiers Alt = ConsoleModifiers.Alt;

    [Theory]
    [InlineData('s', ConsoleKey.S, None, "s", false)]
    [InlineData('S', ConsoleKey.S, Shift, "S", true)]
    [InlineData('S', ConsoleKey.S, None, "S", true)]
    [InlineData('/', ConsoleKey.Divide, None, "/", false)]
    [InlineData('?', ConsoleKey.None, None, "?", false)]
    [InlineData(' ', ConsoleKey.Spacebar, None, " ", false)]
    [InlineData('漢', ConsoleKey.None, None, "漢", false)]
    public void Characters_are_typed(char character, ConsoleKey key, ConsoleModifiers modifiers, string text, bool hasShift)
    {
        KeyStroke stroke = Pressed(character, key, modifiers);

        stroke.ShouldBe(new KeyStroke(KeyName.Text, text, HasShift: hasShift));
        stroke.IsTyped.ShouldBeTrue();
    }

    [Theory]
    [InlineData(ConsoleKey.UpArrow, '\0', nameof(KeyName.Up))]
    [InlineData(ConsoleKey.DownArrow, '\0', nameof(KeyName.Down))]
    [InlineData(ConsoleKey.LeftArrow, '\0', nameof(KeyName.Left))]
    [InlineData(ConsoleKey.RightArrow, '\0', nameof(KeyName.Right))]
    [InlineData(ConsoleKey.Home, '\0', nameof(KeyName.Home))]
    [InlineData(ConsoleKey.End, '\0', nameof(KeyName.End))]
    [InlineData(ConsoleKey.PageUp, '\0', nameof(KeyName.PageUp))]
    [InlineData(ConsoleKey.PageDown, '\0', nameof(KeyName.PageDown))]
    [InlineData(ConsoleKey.Insert, '\0', nameof(KeyName.Insert))]
    [InlineData(ConsoleKey.Delete, '\0', nameof(KeyName.Delete))]
    [InlineData(ConsoleKey.Enter, '\r', nameof(KeyName.Enter))]
    [InlineData(ConsoleKey.Escape, '\u001b', nameof(KeyName.Escape))]
    [InlineData(ConsoleKey.Backspace, '\u007f', nameof(KeyName.Backspace))]
    [InlineData(ConsoleKey.Tab, '\t', nameof(KeyName.Tab))]
    public void Keys_have_names_and_may_come_with_shift(ConsoleKey key, char character, string name)
    {
        KeyName wanted = Enum.Parse<KeyName>(name);

        Pressed(character, key, None).ShouldBe(new KeyStroke(wanted));
        Pressed(character, key, Shift).ShouldBe(new KeyStroke(wanted, HasShift: true));
    }

    [Fact]
    public void Function_keys_have_numbers()
    {
        for (int number = 1; number <= 12; number++)
        {
            Pressed('\0', ConsoleKey.F1 + (number - 1), Shift).ShouldBe(new KeyStroke(KeyName.Function, "", number, HasShift: true));
        }
    }

    [Fact]
    public void Control_and_a_letter_is_no_text()
    {
        KeyStroke interrupt = Pressed('\u0003', ConsoleKey.C, Control);

        interrupt.ShouldBe(KeyStroke.Interrupt);
        (interrupt.IsInterrupt, interrupt.IsTyped).ShouldBe((true, false));
        Pressed('\u001a', ConsoleKey.Z, Control).IsControl("z").ShouldBeTrue();
        Pressed('x', ConsoleKey.X, Alt).ShouldBe(new KeyStroke(KeyName.Text, "x", HasAlt: true));
        Pressed('c', ConsoleKey.C, None).IsInterrupt.ShouldBeFalse();
    }

    [Fact]
    public void What_is_not_known_is_nothing_that_could_be_typed() =>
        Pressed('\0', ConsoleKey.VolumeUp, None).ShouldBe(new KeyStroke(KeyName.Other));

    private static KeyStroke Pressed(char character, ConsoleKey key, ConsoleModifiers modifiers) => KeyStroke.Of(new ConsoleKeyInfo(
        character, key, (modifiers & Shift) != 0, (modifiers & Alt) != 0, (modifiers & Control) != 0));
}
