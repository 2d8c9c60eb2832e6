using Spectre.Console;

namespace MmuEmu.Debugger;

/// <summary>When colours are used.</summary>
internal enum ColourChoice
{
    /// <summary>On a terminal, unless NO_COLOR is set; elsewhere only with FORCE_COLOR.</summary>
    Auto,

    /// <summary>Everywhere.</summary>
    Always,

    /// <summary>Nowhere.</summary>
    Never,
}

/// <summary>Marks words for the eye; without colours the words stand alone, so that nothing is said by colour only.</summary>
internal sealed class Paint
{
    private readonly bool _on;

    private Paint(bool on) => _on = on;

    /// <summary>No colours.</summary>
    public static Paint None { get; } = new(false);

    /// <summary>Colours are used.</summary>
    public bool IsOn => _on;

    /// <summary>Colours for a stream.</summary>
    /// <param name="choice">What the user asked for.</param>
    /// <param name="terminal">Whether the stream leads to a terminal.</param>
    public static Paint For(ColourChoice choice, StreamEnd terminal) => new(choice switch
    {
        ColourChoice.Always => true,
        ColourChoice.Never => false,
        ColourChoice.Auto => Environment.GetEnvironmentVariable("NO_COLOR") is null
            && (terminal == StreamEnd.Terminal || Environment.GetEnvironmentVariable("FORCE_COLOR") is not null),
    });

    /// <summary>Something that went wrong, or where a walk stopped.</summary>
    public string Bad(string text) => In("1;31", text);

    /// <summary>A headline or a name.</summary>
    public string Strong(string text) => In("1", text);

    /// <summary>A Spectre console over <paramref name="writer"/> that obeys the same choice.</summary>
    /// <param name="writer">Where it writes.</param>
    /// <param name="width">Columns of a line.</param>
    public IAnsiConsole ConsoleOn(TextWriter writer, int width)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = _on ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = _on ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            // On some build services these would overrule the choice.
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
            Out = new AnsiConsoleOutput(writer),
        });
        // Of a pipe it would take the width of TERM's description, and write nothing where that has none.
        console.Profile.Width = width;
        return console;
    }

    private string In(string code, string text) => _on ? $"\u001b[{code}m{text}\u001b[0m" : text;
}

/// <summary>What a stream leads to.</summary>
internal enum StreamEnd
{
    /// <summary>A file or a pipe.</summary>
    Elsewhere,

    /// <summary>A terminal.</summary>
    Terminal,
}
