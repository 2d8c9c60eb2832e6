using System.CommandLine;
using MmuEmu.Debugger.Options;

namespace MmuEmu.Debugger.Commands;

/// <summary>All commands, and the rule that options end at GUEST.</summary>
internal static class CommandTree
{
    /// <summary>Parses one command line.</summary>
    public static ParseResult Parse(string[] args, Output output)
    {
        RootCommand root = new("Runs x86-64 Linux programs over an emulated MMU, and explains every page fault.") { HelpName = "mmuemu" };
        root.Options.Add(ColourOption.Make());
        Command[] commands =
        [
            RunCommand.Make(output), WhyCommand.Make(output), DebugCommand.Make(output), GdbCommand.Make(output), GdbInitCommand.Make(output),
            WalkCommand.Make(output), PteCommand.Make(output), GuestsCommand.Make(output), CpuCommand.Make(output), CompletionsCommand.Make(output),
            ManCommand.Make(output),
        ];
        foreach (Command command in commands)
        {
            root.Subcommands.Add(command);
        }

        Command? forGuest = commands.FirstOrDefault(command => args.Length > 0 && args[0] == command.Name && GuestSplit.Concerns(command));
        return root.Parse(forGuest is null ? args : GuestSplit.Apply(args, forGuest));
    }

    /// <summary>The command line that shows the help for what was parsed.</summary>
    public static string HelpCommand(ParseResult parsed) =>
        parsed.CommandResult.Command is RootCommand ? "mmuemu --help" : $"mmuemu {parsed.CommandResult.Command.Name} --help";
}
