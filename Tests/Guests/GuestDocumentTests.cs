using MmuEmu.Debugger.Rendering;
using MmuEmu.Guests;
using MmuEmu.Tests.Golden;
using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Guests;

/// <summary>The programs in <c>docs/guests.md</c> are the catalogue, printed: a heading each.</summary>
public sealed class GuestDocumentTests
{
    private const string Behind = "## The same bytes everywhere";
    private const int MostLines = 6;

    [Fact]
    public void The_document_tells_of_the_programs_as_the_catalogue_has_them()
    {
        string text = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "guests.md"));
        int first = text.IndexOf("\n## ", StringComparison.Ordinal) + 1;
        int behind = text.IndexOf(Behind, StringComparison.Ordinal);

        GoldenFile.CheckAt("docs/guests.md", text[..first] + string.Concat(Pages()) + text[behind..]);
    }

    [Fact]
    public void Every_program_that_ships_has_its_heading()
    {
        string[] lines = File.ReadAllLines(Path.Combine(SourceTree.Root, "docs", "guests.md"));

        GuestCatalogue.Programs.Select(program => $"### {program.Name}").Except(lines).ShouldBeEmpty();
    }

    private static IEnumerable<string> Pages()
    {
        foreach (IGrouping<GuestSubject, GuestProgram> subject in GuestCatalogue.Programs.GroupBy(program => program.Subject).OrderBy(group => group.Key))
        {
            yield return $"## {GuestSubjects.TitleOf(subject.Key)}\n\n";
            foreach (GuestProgram program in subject)
            {
                yield return PageOf(program);
            }
        }
    }

    private static string PageOf(GuestProgram program)
    {
        string[] commands = [program.CommandLine, .. GuestText.CommandsFor(program)];
        string[] prints = GuestFiles.ExpectedOutputOf(program).TrimEnd('\n').Split('\n');
        string[] shown = prints.Length > MostLines ? [.. prints.Take(MostLines), "..."] : prints;
        string native = program.Needs == GuestNeeds.Linux ? "The same natively." : "Natively it refuses to run, or would never end.";
        return $"""
            ### {program.Name}

            {program.Summary} Watch: {program.Watch}.
            Ends with {program.ExitCode}. {native} Source: [{program.Source}.c](../Guests/src/{program.Source}.c)

            {string.Join('\n', commands.Select(command => "    " + command))}

            It prints:

            {string.Join('\n', shown.Select(line => ("    " + line).TrimEnd()))}


            """.ReplaceLineEndings("\n");
    }
}
