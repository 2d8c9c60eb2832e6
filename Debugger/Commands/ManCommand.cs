using System.CommandLine;
using MmuEmu.Debugger.Shells;

namespace MmuEmu.Debugger.Commands;

/// <summary><c>mmuemu man</c>: the manual page.</summary>
internal static class ManCommand
{
    /// <summary>The command.</summary>
    public static Command Make(Output output)
    {
        Command command = new("man", "Prints the manual page: mmuemu man | man -l - shows it, mmuemu man > ~/.local/share/man/man1/mmuemu.1 keeps it.");
        command.SetAction(parsed =>
        {
            output.Out.Write(ManWriter.Write(TreeReader.Read((RootCommand)parsed.RootCommandResult.Command)));
            return ExitCodes.Ok;
        });
        return command;
    }
}
