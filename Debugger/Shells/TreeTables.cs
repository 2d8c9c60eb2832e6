namespace MmuEmu.Debugger.Shells;

/// <summary>What a script has to look up while a line is typed, with answers in the language of its shell.</summary>
internal static class TreeTables
{
    /// <summary>Which words, a command and one more, lead to which command.</summary>
    public static ShellCases Entrances(IEnumerable<CommandShape> all, Func<CommandShape, string> answer)
    {
        ShellCases cases = new();
        foreach (CommandShape above in all)
        {
            foreach (CommandShape command in above.Commands)
            {
                foreach (string name in command.Names)
                {
                    cases.Add($"{above.Path} {name}", answer(command));
                }
            }
        }

        return cases;
    }

    /// <summary>Which words, a command and an option, have a value behind them.</summary>
    public static ShellCases Values(IEnumerable<CommandShape> all, Func<OptionShape, string> answer)
    {
        ShellCases cases = new();
        foreach (CommandShape command in all)
        {
            foreach (OptionShape option in command.Options.Where(o => o.ValueName is not null))
            {
                foreach (string name in option.Names)
                {
                    cases.Add($"{command.Path} {name}", answer(option));
                }
            }
        }

        return cases;
    }

    /// <summary>Commands, each with an answer of its own; an empty one leaves it out.</summary>
    public static ShellCases Commands(IEnumerable<CommandShape> all, Func<CommandShape, string> answer)
    {
        ShellCases cases = new();
        foreach (CommandShape command in all)
        {
            if (answer(command) is { Length: > 0 } given)
            {
                cases.Add(command.Path, given);
            }
        }

        return cases;
    }
}
