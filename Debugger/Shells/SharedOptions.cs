namespace MmuEmu.Debugger.Shells;

/// <summary>Options that several commands have in the same words, and that a page tells once.</summary>
/// <param name="commands">The commands, in the order of the tree.</param>
/// <param name="options">The options, in their order.</param>
internal sealed class SharedOptions(IReadOnlyList<CommandShape> commands, IReadOnlyList<OptionShape> options)
{
    /// <summary>A reader is sent elsewhere for no less than this.</summary>
    private const int Fewest = 4;

    /// <summary>The commands, in the order of the tree.</summary>
    public IReadOnlyList<CommandShape> Commands => commands;

    /// <summary>The options, in their order.</summary>
    public IReadOnlyList<OptionShape> Options => options;

    /// <summary>The groups among <paramref name="all"/> that are worth it.</summary>
    public static IReadOnlyList<SharedOptions> Among(IReadOnlyList<CommandShape> all)
    {
        ShellCases groups = new();
        foreach (OptionShape option in all.SelectMany(c => c.Options).Where(o => !o.Inherited))
        {
            CommandShape[] users = UsersOf(option, all);
            if (users.Length > 1 && users[0].Options.Contains(option))
            {
                groups.Add(option.Names[0], string.Join('\n', users.Select(c => c.Path)));
            }
        }

        List<SharedOptions> worthy = [];
        foreach (string paths in groups.Answers.Where(paths => groups.KeysOf(paths).Count >= Fewest))
        {
            CommandShape[] users = [.. all.Where(c => paths.Split('\n').Contains(c.Path))];
            worthy.Add(new SharedOptions(users, [.. users[0].Options.Where(o => groups.KeysOf(paths).Contains(o.Names[0]))]));
        }

        return worthy;
    }

    /// <summary>Whether <paramref name="option"/> of <paramref name="command"/> is among them.</summary>
    public bool Has(CommandShape command, OptionShape option) =>
        commands.Contains(command) && options.Any(known => known.Names[0] == option.Names[0]);

    private static CommandShape[] UsersOf(OptionShape option, IReadOnlyList<CommandShape> all) =>
        [.. all.Where(c => c.Options.Any(o => o.Names[0] == option.Names[0] && o.Description == option.Description))];
}
