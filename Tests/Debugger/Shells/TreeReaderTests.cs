using System.CommandLine;
using MmuEmu.Debugger;
using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Shells;
using MmuEmu.Tests.Guests;

namespace MmuEmu.Tests.Debugger.Shells;

/// <summary>How a tree of commands is read, and that no text in it can break a script.</summary>
public sealed class TreeReaderTests
{
    private const string Hostile = "It's a \"$(touch broken)\" `touch broken` [a]: {b} \\c; 100% <d> ~e.";

    [Fact]
    public void Names_values_and_defaults_are_read()
    {
        Option<int> count = new("--count", "-n") { HelpName = "N", Description = "How many.", DefaultValueFactory = _ => 3 };
        Command add = new("add", "Adds.") { count };
        add.Aliases.Add("plus");

        CommandShape read = TreeReader.Read(new RootCommand("Does.") { add }).Commands.Single();

        (read.Path, read.Description).ShouldBe(("add", "Adds."));
        read.Names.ShouldBe(["add", "plus"]);
        OptionShape option = read.Options[0];
        (option.ValueName, option.Default, option.Repeats, option.Inherited).ShouldBe(("N", "3", false, false));
        option.Names.ShouldBe(["--count", "-n"]);
    }

    [Fact]
    public void What_is_hidden_is_left_out()
    {
        Command seen = new("seen") { new Option<bool>("--seen"), new Option<bool>("--hidden") { Hidden = true }, new Argument<string>("HIDDEN") { Hidden = true } };
        RootCommand root = new("Does.") { seen, new Command("hidden") { Hidden = true } };

        CommandShape read = TreeReader.Read(root);

        read.Commands.Select(c => c.Path).ShouldBe(["seen"]);
        read.Commands[0].Options.Where(o => !o.Inherited).Select(o => o.Names[0]).ShouldBe(["--seen"]);
        read.Commands[0].Arguments.ShouldBeEmpty();
    }

    [Fact]
    public void What_a_command_hands_down_reaches_all_below()
    {
        Command leaf = new("leaf");
        RootCommand root = new("Does.") { new Option<bool>("--deep") { Recursive = true }, new Option<bool>("--flat"), new Command("branch") { leaf } };

        IEnumerable<OptionShape> options = TreeReader.Read(root).Commands[0].Commands[0].Options;

        options.Single(o => o.Names[0] == "--deep").Inherited.ShouldBeTrue();
        options.ShouldNotContain(o => o.Names[0] == "--flat");
    }

    [Fact]
    public void A_menu_shows_the_first_clause()
    {
        Brief.Of("Guest RAM, 1M to 64G; little of it makes pressure.").ShouldBe("Guest RAM, 1M to 64G");
        Brief.Of("A turn (1000; 10 with several: rarely). May be repeated.").ShouldBe("A turn (1000; 10 with several: rarely)");
        Brief.Of("Twice.").ShouldBe("Twice");
        Brief.Of("").ShouldBe("");
    }

    [Theory]
    [InlineData("bash", "bash")]
    [InlineData("zsh", "zsh")]
    [InlineData("fish", "fish")]
    public async Task No_text_can_break_a_script(string shell, string package)
    {
        ShellHarness.Need(shell, package);
        using TempFolder folder = new();
        string script = folder.Unused("hostile");
        await File.WriteAllTextAsync(script, ShellScript.Of(shell)(HostileTree()), TestContext.Current.CancellationToken);

        HostRun syntax = await HostProcess.Run(new HostPlace(folder.Path), shell, "-n", script);
        HostRun sourced = await HostProcess.Run(new HostPlace(folder.Path), shell, "-c", shell == "zsh" ? $"compdef() {{ }}; source {script}" : $"source {script}");

        ((syntax.ExitCode, syntax.Errors), (sourced.ExitCode, sourced.Errors)).ShouldBe(((0, ""), (0, "")));
        File.Exists(Path.Combine(folder.Path, "broken")).ShouldBeFalse();
    }

    [Fact]
    public async Task No_text_can_break_the_page()
    {
        ShellHarness.Need("groff", "groff-base");
        using TempFolder folder = new();
        string page = folder.Unused("hostile.1");
        await File.WriteAllTextAsync(page, ManWriter.Write(HostileTree()), TestContext.Current.CancellationToken);

        HostRun run = await HostProcess.Run("groff", "-man", "-ww", "-Tutf8", "-P-cbou", page);

        (run.ExitCode, run.Errors).ShouldBe((0, ""));
        run.Output.ShouldContain("[a]: {b} \\c; 100% <d> ~e.");
    }

    private static CommandShape HostileTree()
    {
        Option<string> option = new("--what")
        {
            HelpName = "A:B]'",
            Description = Hostile,
            CompletionSources = { ValueWords.ListOf(() => [new Word("it's:", Hostile), new Word("$(touch broken)=", Hostile), new Word("plain", Hostile)]).Complete },
        };
        Argument<string> argument = new("WHICH") { Description = ".leading dot\n'leading quote", CompletionSources = { ValueWords.FileOr(() => [new Word("it's", Hostile)]).Complete } };
        return TreeReader.Read(new RootCommand(Hostile) { new Command("do", Hostile) { option, argument } });
    }
}
