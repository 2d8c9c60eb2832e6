using System.Text.RegularExpressions;

namespace MmuEmu.Tests.Debugger.Shells;

/// <summary>What <c>--help</c> tells is in every script and on the manual page, for each command.</summary>
public sealed class EveryOptionTests
{
    public static TheoryData<string> Commands => [.. HelpPages.All.Select(page => page.Command)];

    [Fact]
    public void The_help_pages_are_read()
    {
        HelpPages.All.Select(page => page.Command).ShouldBeSubsetOf(["", "run", "why", "debug", "gdb", "gdbinit", "trace", "trace export", "diff", "walk", "pte", "pte decode", "pte encode", "pte explain", "pte matrix", "pte check", "guests", "cpu", "lab", "lab kmap", "completions", "man"]);
        HelpPages.All.Single(page => page.Command == "run").Options.ShouldContain("--max-insns");
        HelpPages.All.Single(page => page.Command == "run").Options.ShouldContain("-q");
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_option_is_in_the_four_files(string command)
    {
        string bash = CommandHarness.Run("completions", "bash").Out;
        string zsh = CommandHarness.Run("completions", "zsh").Out;
        string fish = CommandHarness.Run("completions", "fish").Out;
        string page = CommandHarness.Run("man").Out;
        foreach (string option in OptionsOf(command))
        {
            string bare = Regex.Escape(option.TrimStart('-'));
            bash.ShouldMatch($"[ (']{Regex.Escape(option)}[ )']");
            zsh.ShouldMatch($"[ )'*]{Regex.Escape(option)}=?\\[");
            fish.ShouldMatch(option.StartsWith("--", StringComparison.Ordinal) ? $" -l {bare} " : $" -s '?{bare}'? ");
            page.ShouldContain($"\\fB{option.Replace("-", "\\-", StringComparison.Ordinal)}\\fR");
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Bash_offers_the_options_of_the_command_and_no_others(string command) => await Offers(command, ShellHarness.Bash);

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Zsh_offers_the_options_of_the_command_and_no_others(string command) => await Offers(command, ShellHarness.Zsh);

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Fish_offers_the_options_of_the_command_and_no_others(string command) => await Offers(command, ShellHarness.Fish);

    private static async Task Offers(string command, Func<TempFolder, string, Task<string[]>> ask)
    {
        using TempFolder folder = new();

        string[] offered = await ask(folder, $"mmuemu {command} -".Replace("  ", " ", StringComparison.Ordinal));

        offered.ShouldBe(OptionsOf(command).Order(StringComparer.Ordinal));
    }

    private static string[] OptionsOf(string command) => HelpPages.All.Single(page => page.Command == command).Options;
}
