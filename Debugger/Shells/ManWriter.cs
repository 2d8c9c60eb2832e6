using System.Text;

namespace MmuEmu.Debugger.Shells;

/// <summary>Writes the manual page, with the <c>man</c> macros.</summary>
internal static class ManWriter
{
    private const int MostListed = 12;

    /// <summary>The page.</summary>
    /// <remarks>No date: the page is the same whenever it is made. No hyphenation: words are there to be typed, and .EE switches it on again.</remarks>
    public static string Write(CommandShape root)
    {
        StringBuilder page = new($".TH MMUEMU 1 \"\" \"MmuEmu {Version}\" \"User Commands\"\n.nh\n.ad l\n");
        CommandShape[] commands = [.. root.WithAllBelow().Skip(1)];
        IReadOnlyList<SharedOptions> shared = SharedOptions.Among(commands);
        Section(page, "NAME", $"mmuemu \\- {Roff.Plain(char.ToLowerInvariant(root.Description[0]) + root.Description[1..].TrimEnd('.'))}\n");
        Section(page, "SYNOPSIS", string.Join(".br\n", commands.Where(c => c.Commands.Count == 0).Select(c => Synopsis.Of(c) + "\n")));
        Section(page, "DESCRIPTION", string.Join(".PP\n", ManText.Description.Select(Roff.Prose)));
        Section(page, "OPTIONS", OptionsOf(root));
        Section(page, "COMMANDS", string.Concat(commands.SelectMany(c => shared.Where(s => s.Commands[^1] == c).Select(SharedOf).Prepend(CommandOf(c, shared)))));
        Section(page, "PRESSURE RULES", "A rule is a point of the run, a colon, and what happens there.\n" + Table(ManText.Pressure));
        Section(page, "EXIT STATUS", Table(ExitCodes.Meanings));
        Section(page, "ENVIRONMENT", Table(ManText.Environment));
        Section(page, "EXAMPLES", string.Join(".PP\n", ManText.Examples.Select(ExampleOf)));
        Section(page, "SEE ALSO", string.Join(",\n", ManText.SeeAlso.Select(SeeOf)) + "\n");
        return page.ToString();
    }

    private static string Version => typeof(ManWriter).Assembly.GetName().Version!.ToString(3);

    private static void Section(StringBuilder page, string title, string body) => page.Append($".SH {title}\n{body}");

    private static string OptionsOf(CommandShape root)
    {
        HashSet<string> inherited = [.. root.Commands.SelectMany(c => c.Options).Where(o => o.Inherited).Select(o => o.Names[0])];
        string everywhere = string.Concat(root.Options.Where(o => inherited.Contains(o.Names[0])).Select(TermOf));
        string here = string.Concat(root.Options.Where(o => !inherited.Contains(o.Names[0])).Select(TermOf));
        return $"Every command knows:\n{everywhere}.PP\nWithout a command:\n{here}";
    }

    private static string CommandOf(CommandShape command, IReadOnlyList<SharedOptions> shared)
    {
        StringBuilder text = new($".SS {Synopsis.Of(command)}\n{Roff.Prose(command.Description)}");
        text.AppendJoin("", command.Arguments.Select(a => Term(Roff.Italic(a.Name), a.Description)));
        text.AppendJoin("", command.Options.Where(o => !o.Inherited && !shared.Any(s => s.Has(command, o))).Select(TermOf));
        foreach (SharedOptions group in shared.Where(s => s.Commands.Contains(command)))
        {
            text.Append($".PP\nThen there are the {TitleOf(group)}, below.\n");
        }

        return text.ToString();
    }

    private static string SharedOf(SharedOptions group)
    {
        string title = TitleOf(group);
        return $".SS {char.ToUpperInvariant(title[0])}{title[1..]}\n{string.Concat(group.Options.Select(TermOf))}";
    }

    private static string TitleOf(SharedOptions group)
    {
        string[] names = [.. group.Commands.Select(c => Roff.Bold(c.Path))];
        return $"options of {string.Join(", ", names[..^1])} and {names[^1]}";
    }

    private static string TermOf(OptionShape option)
    {
        string names = string.Join(", ", option.Names.Select(Roff.Bold)) + (option.ValueName is null ? "" : $" {Roff.Italic(option.ValueName)}");
        string usual = string.IsNullOrEmpty(option.Default) ? "" : $" The default is {option.Default}.";
        IEnumerable<Word> known = option.Words?.Words ?? [];
        Word[] words = [.. known.Where(w => w.Says.Length > 0 && !option.Description.Contains(w.Says, StringComparison.Ordinal))];
        string list = words.Length is 0 or > MostListed ? "" : $".RS\n{Table(words)}.RE\n";
        return Term(names, option.Description.TrimEnd('.') + "." + usual) + list;
    }

    private static string Table(IEnumerable<Word> rows) => string.Concat(rows.Select(row => Term(Roff.Bold(row.Text), row.Says)));

    private static string Term(string term, string meaning) => $".TP\n{term}\n{Roff.Prose(meaning)}";

    private static string SeeOf(string page) => Roff.Bold(page[..^3]) + page[^3..];

    private static string ExampleOf(Word example) =>
        $"{Roff.Prose(example.Says)}.PP\n.RS\n.EX\n{string.Join('\n', example.Text.Split('\n').Select(Roff.Plain))}\n.EE\n.nh\n.RE\n";
}
