namespace MmuEmu.Debugger.Sessions;

/// <summary>How many values an option takes.</summary>
internal enum OptionValues
{
    /// <summary>None: it is there, or not.</summary>
    Switch,

    /// <summary>One.</summary>
    One,

    /// <summary>One each time, and it may be given again.</summary>
    Many,
}

/// <summary>Who decided an option of a run.</summary>
internal enum OptionOrigin
{
    /// <summary>Nobody: it is what a command line without it means.</summary>
    Default,

    /// <summary>The catalogue's row of a program that ships.</summary>
    Catalogue,

    /// <summary>The user.</summary>
    Typed,
}

/// <summary>An option of a run with its value, as a report keeps it.</summary>
/// <param name="Name">Its name with the dashes.</param>
/// <param name="Takes">How many values it takes.</param>
/// <param name="Values">Its values as they can be typed; none when there is none, or a switch is off; of a switch that is on one word.</param>
/// <param name="By">Who decided it.</param>
internal sealed record RecordedOption(string Name, OptionValues Takes, IReadOnlyList<string> Values, OptionOrigin By)
{
    /// <summary>What a switch that is on has for a value.</summary>
    public const string On = "true";

    /// <summary>The values as the user wrote them, where that is another text, such as a relative path.</summary>
    public IReadOnlyList<string>? Written { get; init; }

    /// <summary>The words of a command line that mean the same.</summary>
    public IEnumerable<string> Words => Takes == OptionValues.Switch ? Values.Select(_ => Name) : Values.SelectMany(value => (string[])[Name, value]);
}
