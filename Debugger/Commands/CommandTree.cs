using System.CommandLine;
using MmuEmu.Debugger.Options;

namespace MmuEmu.Debugger.Commands;

/// <summary>All commands, and the rule that options end at GUEST.</summary>
internal static class CommandTree
{
    /// <summary>Parses one command line.</summary>
    public static ParseResult Parse(string[] args, Output output)
    {
        RootCommand root = new("Runs static x86-64 Linux programs over an emulated MMU, and explains every page fault.");
        root.Options.Add(ColourOption.Make());
        Command[] guestCommands = [RunCommand.Make(output), WhyCommand.Make(output)];
        Command[] others = [WalkCommand.Make(output), PteCommand.Make(output), GuestsCommand.Make(output), CpuCommand.Make(output)];
        foreach (Command command in guestCommands.Concat(others))
        {
            root.Subcommands.Add(command);
        }

        Command? forGuest = guestCommands.FirstOrDefault(command => args.Length > 0 && args[0] == command.Name);
        return root.Parse(forGuest is null ? args : GuestSplit.Apply(args, forGuest));
    }

    /// <summary>The command line that shows the help for what was parsed.</summary>
    public static string HelpCommand(ParseResult parsed) =>
        parsed.CommandResult.Command is RootCommand ? "mmuemu --help" : $"mmuemu {parsed.CommandResult.Command.Name} --help";
}
