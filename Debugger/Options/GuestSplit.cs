using System.CommandLine;

namespace MmuEmu.Debugger.Options;

/// <summary>Ends the emulator's options at GUEST, as strace and valgrind do: whatever follows belongs to the guest.</summary>
internal static class GuestSplit
{
    private const string EndOfOptions = "--";

    /// <summary>The same words with <c>--</c> put before the first word that is neither an option nor an option's value.</summary>
    /// <param name="args">The words behind the program's name; the first may name the command.</param>
    /// <param name="command">The command whose options count.</param>
    public static string[] Apply(string[] args, Command command)
    {
        for (int i = 1; i < args.Length; i++)
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

            if (TakesNextWord(word, command))
            {
                i++;
            }
        }

        return args;
    }

    private static bool TakesNextWord(string word, Command command)
    {
        if (word.Contains('=') || word.Contains(':'))
        {
            return false;
        }

        Option? option = command.Options.FirstOrDefault(o => o.Name == word || o.Aliases.Contains(word));
        return option is { Arity.MinimumNumberOfValues: > 0 };
    }
}
