using System.Text.RegularExpressions;
using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Mails;

/// <summary>The claims of one mail, from <c>Tests/Data/mails</c>.</summary>
/// <remarks>
/// A line is a word and its text; a line that begins with two spaces goes on the one before, and one that begins with % is nobody's.
/// <code>
/// # TITLE          the page's title           rows ID ID …     rows of the specification
/// = TEXT           a paragraph                $ COMMAND        a run of the claim
/// ## TEXT          a heading                  keep [N] REGEX   lines that the page shows: those that match, or the first N
///                                             keep +N REGEX    those that match, with N lines behind each
/// claim TEXT       one claim                  see TEXT         must be in a line that is shown
/// so TEXT          what the runs mean         miss TEXT        must not be in the output
/// unshown TEXT     why there is no run        cycles A &lt; B     cycles between marks A-begin and A-end, and how they compare
///                                             status N         the command's exit status, unless 0
/// </code>
/// </remarks>
public sealed class MailFile
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private MailFile(string name) => Name = name;

    /// <summary>Of the file, and of its page below <c>docs/mails</c>.</summary>
    public string Name { get; }

    /// <summary>The page's title.</summary>
    public string Title { get; private set; } = "";

    /// <summary>Headings, paragraphs and claims, as they come.</summary>
    public List<object> Parts { get; } = [];

    /// <summary>The claims alone.</summary>
    public IEnumerable<MailClaim> Claims => Parts.OfType<MailClaim>();

    /// <summary>The names of all mails.</summary>
    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Folder, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(SourceTree.Root, "Tests", "Data", "mails");

    /// <exception cref="FormatException">A line that no rule knows, or one that comes too early.</exception>
    public static MailFile Read(string name)
    {
        MailFile file = new(name);
        foreach ((string text, int line) in Joined(File.ReadAllLines(Path.Combine(Folder, name + ".txt"))))
        {
            string[] parts = text.Split(' ', 2);
            if (parts.Length < 2 || !file.Take(parts[0], parts[1], line))
            {
                throw new FormatException($"{name}.txt:{line}: {text}");
            }
        }

        return file;
    }

    private static IEnumerable<(string Text, int Line)> Joined(string[] lines)
    {
        string text = "";
        int first = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("  ", StringComparison.Ordinal))
            {
                text += " " + lines[i].Trim();
                continue;
            }

            if (text.Length > 0)
            {
                yield return (text, first);
            }

            (text, first) = (lines[i].StartsWith('%') ? "" : lines[i], i + 1);
        }

        if (text.Length > 0)
        {
            yield return (text, first);
        }
    }

    private bool Take(string word, string text, int line) => word switch
    {
        "#" => Do(() => Title = text),
        "=" or "##" => Do(() => Parts.Add(word == "=" ? text : "## " + text)),
        "claim" => Do(() => Parts.Add(new MailClaim(text, line))),
        _ => Parts.LastOrDefault() is MailClaim claim && TakeOf(claim, word, text),
    };

    private static bool TakeOf(MailClaim claim, string word, string text) => word switch
    {
        "rows" => Do(() => claim.Rows.AddRange(text.Split(' '))),
        "so" => Do(() => claim.Remarks.Add(text)),
        "unshown" => Do(() => claim.Unshown = text),
        "$" => Do(() => claim.Runs.Add(new MailRun(text))),
        _ => claim.Runs.LastOrDefault() is { } run && TakeOf(run, word, text),
    };

    private static bool TakeOf(MailRun run, string word, string text) => word switch
    {
        "keep" => Do(() => run.Keeps.Add(KeepOf(text))),
        "see" => Do(() => run.Sees.Add(text)),
        "miss" => Do(() => run.Misses.Add(text)),
        "cycles" => Do(() => run.Cycles.Add(text)),
        "status" => Do(() => run.Status = int.Parse(text)),
        _ => false,
    };

    private static MailKeep KeepOf(string text)
    {
        string[] parts = text.Split(' ', 2);
        bool counted = int.TryParse(parts[0], out int count) && parts.Length == 2;
        bool behind = counted && parts[0][0] == '+';
        Regex pattern = new(counted ? parts[1] : text, RegexOptions.CultureInvariant, Patience);
        return new MailKeep(pattern, counted && !behind ? count : int.MaxValue, behind ? count : 0);
    }

    private static bool Do(Action action)
    {
        action();
        return true;
    }
}
