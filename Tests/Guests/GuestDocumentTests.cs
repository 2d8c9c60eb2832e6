using MmuEmu.Guests;
using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Guests;

/// <summary>The table in <c>docs/guests.md</c> is the catalogue, printed.</summary>
public sealed class GuestDocumentTests
{
    [Fact]
    public void The_document_lists_the_programs_as_the_catalogue_has_them()
    {
        string document = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "guests.md"));
        IEnumerable<string> rows = document.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal));

        string.Join('\n', rows).ShouldBe(string.Join('\n', GuestCatalogue.Programs.Select(RowOf)));
    }

    private static string RowOf(GuestProgram program)
    {
        string command = string.Join(' ', [.. program.RunOptions, program.Name]);
        string natively = program.Needs == GuestNeeds.Linux ? "yes" : "no";
        return $"| `{command}` | {program.Summary} | {program.Watch} | {program.ExitCode} | {natively} |";
    }
}
