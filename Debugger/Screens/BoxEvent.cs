namespace MmuEmu.Debugger.Screens;

/// <summary>What a key did to a <see cref="CommandBox"/>.</summary>
/// <param name="Kind">What.</param>
/// <param name="Line">Of <see cref="BoxEventKind.Entered"/>, the line.</param>
internal readonly record struct BoxEvent(BoxEventKind Kind, string Line = "");

/// <summary>Kinds of <see cref="BoxEvent"/>.</summary>
internal enum BoxEventKind
{
    /// <summary>Nothing: the key is another's.</summary>
    Unused,

    /// <summary>The line or the place in it may be another.</summary>
    Edited,

    /// <summary>A line was finished.</summary>
    Entered,

    /// <summary>The user gave up; the line is empty.</summary>
    Left,
}
