using Spectre.Console;

namespace MmuEmu.Debugger;

/// <summary>Colours and tables, only where a terminal shows them.</summary>
internal static class Ansi
{
    private const int PipeWidth = 120;

    /// <summary>A console over <paramref name="writer"/>; escapes only on a terminal, or with FORCE_COLOR, never with NO_COLOR.</summary>
    public static IAnsiConsole On(TextWriter writer)
    {
        bool colour = Environment.GetEnvironmentVariable("NO_COLOR") is null
            && (Environment.GetEnvironmentVariable("FORCE_COLOR") is not null || !Console.IsOutputRedirected);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colour ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = PipeWidth;
        }

        return console;
    }
}
