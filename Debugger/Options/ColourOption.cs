using System.CommandLine;

namespace MmuEmu.Debugger.Options;

/// <summary>The option <c>--color</c>, which every command has.</summary>
internal static class ColourOption
{
    /// <summary>Its name.</summary>
    public const string Name = "--color";

    private static readonly (string Word, ColourChoice Choice)[] Words =
        [("auto", ColourChoice.Auto), ("always", ColourChoice.Always), ("never", ColourChoice.Never)];

    /// <summary>The option.</summary>
    public static Option<string> Make() => new(Name)
    {
        HelpName = "WHEN",
        Description = "When to use colours: auto (on a terminal; NO_COLOR and FORCE_COLOR count), always or never.",
        CompletionSources = { ValueWords.OneOf(() => Array.ConvertAll(Words, w => new Word(w.Word))).Complete },
        DefaultValueFactory = _ => "auto",
        Recursive = true,
    };

    /// <summary>What was asked for.</summary>
    /// <exception cref="CommandException">The word is not known.</exception>
    public static ColourChoice Of(ParseResult parsed)
    {
        string asked = parsed.GetValue<string>(Name) ?? "auto";
        foreach ((string word, ColourChoice choice) in Words)
        {
            if (word == asked)
            {
                return choice;
            }
        }

        throw new CommandException(ExitCodes.Usage, $"{Name} '{asked}': expected auto, always or never", $"try: {Name} never");
    }
}
