using System.CommandLine;

namespace MmuEmu.Debugger.Options;

/// <summary>Ends the emulator's options at GUEST, as strace and valgrind do: whatever follows belongs to the guest.</summary>
internal static class GuestSplit
{
    private const string EndOfOptions = "--";
    private static readonly string[] Help = ["--help", "-h", "-?", "/?", "/h"];

    /// <summary>Whether options of <paramref name="command"/> end at GUEST.</summary>
    public static bool Concerns(Command command) => command.Arguments is [.., { CaptureRemainingTokens: true }];

    /// <summary>The same words with <c>--</c> put before the first word that is neither an option nor an option's value.</summary>
    /// <param name="args">The words behind the program's name.</param>
    /// <param name="command">The command whose options count.</param>
    /// <param name="first">How many of the words name it.</param>
    /// <exception cref="CommandException">A word looks like an option and is none.</exception>
    public static string[] Apply(string[] args, Command command, int first)
    {
        for (int i = first; i < args.Length; i++)
        {
            string word = args[i];
            if (word == EndOfOptions)
            {
                return args;
            }

            if (!word.StartsWith('-') || word == "-")
            {
                return [.. args[..i], EndOfOptions, .. args[i..]];
            }

            if (TakesNextWord(word, command, args[..first]))
            {
                i++;
            }
        }

        return args;
    }

    private static bool TakesNextWord(string word, Command command, string[] path)
    {
        string name = word.Split('=', 2)[0];
        if (name == ColourOption.Name)
        {
            return name == word;
        }

        Option? option = command.Options.FirstOrDefault(o => o.Name == name || o.Aliases.Contains(name));
        if (option is null && !Help.Contains(name))
        {
            throw new CommandException(ExitCodes.Usage, $"no option '{name}' before GUEST", $"try: mmuemu {string.Join(' ', path)} --help");
        }

        return name == word && option is { Arity.MinimumNumberOfValues: > 0 };
    }
}
