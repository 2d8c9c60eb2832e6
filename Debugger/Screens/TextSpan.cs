namespace MmuEmu.Debugger.Screens;

/// <summary>A piece of a line.</summary>
/// <param name="Text">Any text: what a terminal would act on is shown, not sent.</param>
/// <param name="Role">What it means.</param>
internal readonly record struct TextSpan(string Text, Role Role = Role.Plain);
