using System.Reflection;
using MmuEmu.Tests.Golden;
using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Mails;

/// <summary>The pages in <c>docs/mails</c>: what each mail says, sentence by sentence, beside the run that shows it.</summary>
/// <remarks>Every command of a page is run here, and a page is written only when each run shows what its claim expects of it.</remarks>
public sealed class MailPageTests
{
    private const int Width = 100;

    public static TheoryData<string> Names => MailFile.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_is_what_the_runs_of_its_claims_print(string name)
    {
        GoldenFile.CheckAt(Path.Combine("docs", "mails", name + ".md"), PageOf(MailFile.Read(name)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_claim_is_shown_or_the_page_says_why_not(string name)
    {
        MailFile mail = MailFile.Read(name);

        mail.Title.ShouldNotBeEmpty();
        mail.Claims.Where(claim => claim.Runs.Count > 0 == claim.Unshown is not null).Select(claim => claim.Says).ShouldBeEmpty();
        mail.Claims.Select(claim => claim.Says).ShouldBeUnique();
        mail.Claims.Count(claim => claim.Runs.Count > 0).ShouldBeGreaterThanOrEqualTo(8);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_rows_of_a_claim_that_runs_show_are_rows_that_tests_assert(string name)
    {
        HashSet<string> tested =
        [
            .. from type in typeof(MailPageTests).Assembly.GetTypes()
               from member in (MemberInfo[])[type, .. type.GetMethods()]
               from tag in member.GetCustomAttributes<SpecAttribute>(inherit: false)
               from row in tag.Rows
               select row,
        ];

        MailFile.Read(name).Claims.Where(claim => claim.Runs.Count > 0).SelectMany(claim => claim.Rows).Except(tested).ShouldBeEmpty();
    }

    [Fact]
    public void The_readme_leads_to_every_page()
    {
        string readme = File.ReadAllText(Path.Combine(SourceTree.Root, "README.md"));

        MailFile.Names.Select(row => $"(docs/mails/{row.Data}.md)").Where(link => !readme.Contains(link, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static string PageOf(MailFile mail)
    {
        MailShown shown = new();
        List<string> lines = ["# " + mail.Title, ""];
        int number = 0;
        foreach (object part in mail.Parts)
        {
            lines.AddRange(part is MailClaim claim ? PartOf(claim, ++number, shown) : [.. Wrapped((string)part), ""]);
        }

        return string.Join('\n', lines);
    }

    private static IEnumerable<string> PartOf(MailClaim claim, int number, MailShown shown)
    {
        string rows = claim.Rows.Count > 0 ? $" ({string.Join(", ", claim.Rows)})" : "";
        List<string> lines = [.. Wrapped($"**{number}. {claim.Says}**{rows}"), ""];
        foreach (MailRun run in claim.Runs)
        {
            lines.AddRange(["    $ " + run.Command, .. shown.Of(run).Select(line => "    " + line), ""]);
        }

        if (claim.Unshown is { } reason)
        {
            lines.AddRange([.. Wrapped("*Not shown here:* " + reason), ""]);
        }

        return lines.Concat(claim.Remarks.SelectMany(remark => (string[])[.. Wrapped(remark), ""]));
    }

    private static IEnumerable<string> Wrapped(string text)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > Width)
            {
                yield return line;
                line = "";
            }

            line += line.Length > 0 ? " " + word : word;
        }

        yield return line;
    }
}
