using System.Text.RegularExpressions;

namespace MmuEmu.Tests.House;

/// <summary>What a reader is sent to is there: files that the documents of the house name or link to.</summary>
public sealed class NamedFileTests
{
    private static readonly Regex QuotedPath = new(@"`(?<path>[\w.-]+(?:/[\w.-]+)*/[\w-]+\.\w+)`");
    private static readonly Regex Link = new(@"\]\((?<path>[^)#:]+)\)");

    /// <summary>The documents at the root, the decisions, and all plates.</summary>
    public static TheoryData<string> Documents => ["ARCHITECTURE.md", "CONTRIBUTING.md", .. Decisions(), .. Plates()];

    [Theory]
    [MemberData(nameof(Documents))]
    public void A_file_that_is_named_is_there(string document)
    {
        string text = File.ReadAllText(Path.Combine(SourceTree.Root, document));
        IEnumerable<string> named = QuotedPath.Matches(text).Select(match => match.Groups["path"].Value);

        named.Where(path => !Bases(document).Any(from => File.Exists(Path.Combine(SourceTree.Root, from, path)))).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void A_link_leads_somewhere(string document)
    {
        string text = File.ReadAllText(Path.Combine(SourceTree.Root, document));
        string folder = Path.Combine(SourceTree.Root, Path.GetDirectoryName(document)!);

        Link.Matches(text).Select(match => match.Groups["path"].Value).Where(path => !Path.Exists(Path.Combine(folder, path))).ShouldBeEmpty();
    }

    [Fact]
    public void The_table_of_rules_is_read()
    {
        string[] lines = File.ReadAllLines(Path.Combine(SourceTree.Root, "ARCHITECTURE.md"));

        lines.SkipWhile(line => line != "## Where is the rule that …").Count(QuotedPath.IsMatch).ShouldBeGreaterThanOrEqualTo(10);
    }

    /// <summary>Paths begin at the root; a plate may leave the name of its own project out.</summary>
    private static string[] Bases(string document) => document.EndsWith("/README.md", StringComparison.Ordinal) ? ["", document.Split('/')[0]] : [""];

    private static IEnumerable<string> Decisions() => Markdown("docs/decisions");

    private static IEnumerable<string> Plates() =>
        DoorPlateTests.Roots.SelectMany(Markdown).Where(file => Path.GetFileName(file) == "README.md");

    private static IEnumerable<string> Markdown(string folder) =>
        Directory.EnumerateFiles(Path.Combine(SourceTree.Root, folder), "*.md", SearchOption.AllDirectories)
            .Select(SourceTree.Relative)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
}
