using System.CommandLine;
using MmuEmu.Emulator.Paging;

namespace MmuEmu.Debugger.Options;

/// <summary>The level of an entry by its table's name.</summary>
internal static class LevelOption
{
    private static readonly (string Name, PagingLevel Level)[] Names =
    [
        ("pt", PagingLevel.Pt), ("pd", PagingLevel.Pd), ("pdpt", PagingLevel.Pdpt), ("pml4", PagingLevel.Pml4), ("pml5", PagingLevel.Pml5),
    ];

    /// <summary>The names.</summary>
    public static IEnumerable<Word> Words => Array.ConvertAll(Names, n => new Word(n.Name));

    /// <summary>A new <c>--level</c> option.</summary>
    public static Option<string> Make() => new("--level")
    {
        HelpName = "LEVEL",
        Description = "Level of the entry: pt, pd, pdpt, pml4 or pml5.",
        CompletionSources = { ValueWords.OneOf(() => Words).Complete },
        DefaultValueFactory = _ => "pt",
    };

    /// <summary>The level that was asked for.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public static PagingLevel Parse(string text)
    {
        foreach ((string name, PagingLevel level) in Names)
        {
            if (name == text)
            {
                return level;
            }
        }

        throw new CommandException(ExitCodes.Usage, $"--level '{text}': expected {string.Join(", ", Names.Select(n => n.Name))}", "try: --level pd");
    }

    /// <summary>The name of <paramref name="level"/> on the command line.</summary>
    public static string NameOf(PagingLevel level) => Names.First(n => n.Level == level).Name;
}
