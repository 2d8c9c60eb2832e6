using System.CommandLine;
using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Shells;

namespace MmuEmu.Debugger.Commands;

/// <summary><c>mmuemu completions</c>: the script that lets a shell complete command lines.</summary>
internal static class CompletionsCommand
{
    private const string Install =
        """
        bash, zsh or fish. To have them in every new shell, put the script where the shell looks (make the folder first):
        mmuemu completions bash > ~/.local/share/bash-completion/completions/mmuemu
        mmuemu completions zsh > ~/.zfunc/_mmuemu       (before compinit in .zshrc: fpath+=~/.zfunc)
        mmuemu completions fish > ~/.config/fish/completions/mmuemu.fish
        """;

    /// <summary>The command.</summary>
    public static Command Make(Output output)
    {
        Argument<string> shell = new("SHELL")
        {
            HelpName = "SHELL",
            Description = Install,
            CompletionSources = { ValueWords.OneOf(() => ShellScript.Words).Complete },
        };
        Command command = new("completions", "Prints the completions of this command for a shell.") { shell };
        command.SetAction(parsed =>
        {
            Func<CommandShape, string> write = ShellScript.Of(parsed.GetValue(shell)!);
            output.Out.Write(write(TreeReader.Read((RootCommand)parsed.RootCommandResult.Command)));
            return ExitCodes.Ok;
        });
        return command;
    }
}
