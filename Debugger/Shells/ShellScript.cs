namespace MmuEmu.Debugger.Shells;

/// <summary>The shells that have completions, by name.</summary>
internal static class ShellScript
{
    private static readonly (string Name, Func<CommandShape, string> Write)[] Shells =
        [("bash", BashWriter.Write), ("zsh", ZshWriter.Write), ("fish", FishWriter.Write)];

    /// <summary>The names.</summary>
    public static IEnumerable<Word> Words => Array.ConvertAll(Shells, shell => new Word(shell.Name));

    /// <summary>What writes the script for the shell that <paramref name="name"/> names.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static Func<CommandShape, string> Of(string name)
    {
        foreach ((string known, Func<CommandShape, string> write) in Shells)
        {
            if (known == name)
            {
                return write;
            }
        }

        throw new CommandException(ExitCodes.Usage, $"SHELL '{name}': expected bash, zsh or fish", "try: mmuemu completions bash");
    }
}
