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
            TraceCommand.Make(output), DiffCommand.Make(output), LabCommand.Make(output),
            WalkCommand.Make(output), PteCommand.Make(output), GuestsCommand.Make(output), CpuCommand.Make(output), CompletionsCommand.Make(output),
            ManCommand.Make(output),
        ];
        foreach (Command command in commands)
        {
            root.Subcommands.Add(command);
        }

        (Command named, int words) = Named(root, args);
        return root.Parse(GuestSplit.Concerns(named) ? GuestSplit.Apply(args, named, words) : args);
    }

    /// <summary>The command that the first words of a line name, and how many they are.</summary>
    private static (Command Command, int Words) Named(Command root, string[] args)
    {
        Command at = root;
        int words = 0;
        while (words < args.Length && at.Subcommands.FirstOrDefault(command => command.Name == args[words]) is { } below)
        {
            at = below;
            words++;
        }

        return (at, words);
    }

    /// <summary>The command line that shows the help for what was parsed.</summary>
    public static string HelpCommand(ParseResult parsed) => $"{CommandPath.Of(parsed.CommandResult)} --help";
}
