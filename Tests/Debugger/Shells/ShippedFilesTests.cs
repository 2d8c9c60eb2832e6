using MmuEmu.Debugger;
using MmuEmu.Tests.Golden;

namespace MmuEmu.Tests.Debugger.Shells;

/// <summary>The files that ship are what the command prints, and lie where shells and man look.</summary>
public sealed class ShippedFilesTests
{
    [Theory]
    [InlineData("completions bash", "Debugger/Shells/Shipped/mmuemu.bash", "share/bash-completion/completions/mmuemu")]
    [InlineData("completions zsh", "Debugger/Shells/Shipped/_mmuemu", "share/zsh/site-functions/_mmuemu")]
    [InlineData("completions fish", "Debugger/Shells/Shipped/mmuemu.fish", "share/fish/vendor_completions.d/mmuemu.fish")]
    [InlineData("man", "docs/man/mmuemu.1", "share/man/man1/mmuemu.1")]
    public void A_file_that_ships_is_what_the_command_prints(string command, string source, string shipped)
    {
        CommandResult run = CommandHarness.Run(command.Split(' '));

        (run.Status, run.Error).ShouldBe((ExitCodes.Ok, ""));
        GoldenFile.CheckAt(source, run.Out);
        File.Exists(Path.Combine(AppContext.BaseDirectory, shipped)).ShouldBeTrue(shipped);
    }

    [Fact]
    public void Another_shell_is_refused_with_those_that_there_are()
    {
        CommandResult run = CommandHarness.Run("completions", "tcsh");

        (run.Status, run.Out).ShouldBe((ExitCodes.Usage, ""));
        run.Error.ShouldBe("mmuemu: SHELL 'tcsh': expected bash, zsh or fish\n        try: mmuemu completions bash\n");
    }

    [Fact]
    public void No_shell_is_a_line_that_was_not_understood()
    {
        CommandResult run = CommandHarness.Run("completions");

        (run.Status, run.Out).ShouldBe((ExitCodes.Usage, ""));
        run.Error.ShouldEndWith("try: mmuemu completions --help\n");
    }

    [Theory]
    [InlineData("completions", "mmuemu completions bash > ~/.local/share/bash-completion/completions/mmuemu")]
    [InlineData("completions", "mmuemu completions zsh > ~/.zfunc/_mmuemu")]
    [InlineData("completions", "mmuemu completions fish > ~/.config/fish/completions/mmuemu.fish")]
    [InlineData("man", "mmuemu man > ~/.local/share/man/man1/mmuemu.1")]
    public void The_help_tells_how_to_install(string command, string line) =>
        CommandHarness.Run(command, "--help").Out.ShouldContain(line);
}
