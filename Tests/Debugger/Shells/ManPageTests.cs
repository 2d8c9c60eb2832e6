using System.Reflection;
using System.Text.RegularExpressions;
using MmuEmu.Debugger;
using MmuEmu.Debugger.Commands;
using MmuEmu.Debugger.Shells;
using MmuEmu.Kernel.Files;
using MmuEmu.Tests.Guests;
using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Debugger.Shells;

/// <summary>The manual page: what troff says of it, and that it tells what the code does.</summary>
public sealed class ManPageTests
{
    private static readonly Regex Variable = new("GetEnvironmentVariable\\(\"(\\w+)\"\\)");

    [Fact]
    public async Task Man_shows_it_without_a_warning_in_80_columns()
    {
        ShellHarness.Need("man", "man-db");
        using TempFolder folder = new();
        string page = PageIn(folder);

        HostPlace place = new(folder.Path) { Variables = [("MANWIDTH", "80"), ("MANROFFOPT", ""), ("MAN_KEEP_FORMATTING", ""), ("LC_ALL", "C.UTF-8")] };
        HostRun run = await HostProcess.Run(place, "man", "-l", "--warnings", "-E", "UTF-8", "-P", "cat", page);

        (run.ExitCode, run.Errors).ShouldBe((0, ""));
        run.Output.Split('\n').Where(line => line.Length > 80).ShouldBeEmpty();
        run.Output.ShouldContain("mmuemu run [OPTION]... GUEST [ARGUMENT]...");
    }

    [Fact]
    public async Task Groff_has_nothing_to_warn_of()
    {
        ShellHarness.Need("groff", "groff-base");
        using TempFolder folder = new();

        HostRun run = await HostProcess.Run("groff", "-man", "-ww", "-z", "-Tutf8", PageIn(folder));

        (run.ExitCode, run.Errors).ShouldBe((0, ""));
    }

    [Fact]
    public void It_has_every_exit_status()
    {
        IEnumerable<int> codes = typeof(ExitCodes).GetFields(BindingFlags.Static | BindingFlags.Public).Where(f => f.IsLiteral).Select(f => (int)f.GetRawConstantValue()!);

        codes.ShouldAllBe(code => ExitCodes.Meanings.Count(row => row.Text == $"{code}" || row.Text == $"{code}+N") == 1);
    }

    [Fact]
    public void It_has_every_variable_of_the_environment()
    {
        IEnumerable<string> read = SourceTree.CSharp("Debugger").SelectMany(file => Variable.Matches(File.ReadAllText(file))).Select(m => m.Groups[1].Value).Distinct();

        ManText.Environment.Select(row => row.Text).ShouldBe(read, ignoreOrder: true);
    }

    [Fact]
    public void Its_examples_are_understood()
    {
        Output nowhere = Output.To(TextWriter.Null, TextWriter.Null, new GuestStreams(new BytesInput(default), new BytesOutput(), new BytesOutput()));
        foreach (string line in ManText.Examples.SelectMany(example => example.Text.Replace("\\\n", "", StringComparison.Ordinal).Split('\n')))
        {
            string[] words = [.. Regex.Matches(line, "'([^']*)'|[^ ']+").Select(m => m.Groups[1].Success ? m.Groups[1].Value : m.Value)];
            words[0].ShouldBe("mmuemu");
            CommandTree.Parse(words[1..], nowhere).Errors.ShouldBeEmpty(line);
        }
    }

    private static string PageIn(TempFolder folder)
    {
        string page = folder.Unused("mmuemu.1");
        File.WriteAllText(page, CommandHarness.Run("man").Out);
        return page;
    }
}
