using MmuEmu.Guests;
using MmuEmu.Tests.Golden;
using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Guests;

/// <summary>The table in <c>docs/guests.md</c> is the catalogue, printed.</summary>
public sealed class GuestDocumentTests
{
    [Fact]
    public void The_document_lists_the_programs_as_the_catalogue_has_them()
    {
        string path = Path.Combine(SourceTree.Root, "docs", "guests.md");
        string[] lines = File.ReadAllText(path).Split('\n');
        int first = Array.FindIndex(lines, IsRow);
        string expected = string.Join('\n', [.. lines[..first], .. GuestCatalogue.Programs.Select(RowOf), .. lines[first..].Where(line => !IsRow(line))]);

        GoldenFile.CheckAt("docs/guests.md", expected);
    }

    private static bool IsRow(string line) => line.StartsWith("| `", StringComparison.Ordinal);

    private static string RowOf(GuestProgram program)
    {
        string command = string.Join(' ', [.. program.RunOptions, program.Name]);
        string natively = program.Needs == GuestNeeds.Linux ? "yes" : "no";
        return $"| `{command}` | {program.Summary} | {program.Watch} | {program.ExitCode} | {natively} |";
    }
}
