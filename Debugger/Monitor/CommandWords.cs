using System.Globalization;

namespace MmuEmu.Debugger.Monitor;

/// <summary>What is typed behind a command's name, word by word.</summary>
/// <param name="name">The name, for messages.</param>
/// <param name="words">The words.</param>
internal sealed class CommandWords(string name, IReadOnlyList<string> words)
{
    private const int MostSteps = 1_000_000;

    /// <summary>The command's name as it was typed.</summary>
    public string Name => name;

    /// <summary>How many there are.</summary>
    public int Count => words.Count;

    /// <summary>Word <paramref name="index"/>; empty when there are fewer.</summary>
    public string this[int index] => index < words.Count ? words[index] : "";

    /// <summary>All of them, as they were typed but for spaces.</summary>
    public string Text => string.Join(' ', words);

    /// <summary>Those behind the first <paramref name="count"/>.</summary>
    public CommandWords Behind(int count) => new(string.Join(' ', words.Take(count).Prepend(name)), [.. words.Skip(count)]);

    /// <summary>Word <paramref name="index"/> as a decimal count of at least 1; <paramref name="otherwise"/> when there are fewer words.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public int CountAt(int index, int otherwise) => CountAt(index, otherwise, MostSteps);

    /// <summary>Likewise, of at most <paramref name="most"/>.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public int CountAt(int index, int otherwise, int most)
    {
        if (index >= words.Count)
        {
            return otherwise;
        }

        return int.TryParse(words[index], NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= 1 && count <= most
            ? count
            : throw Refusal($"a number from 1 to {most}", words[index], $"{name} {otherwise}");
    }

    /// <summary>Word <paramref name="index"/> as a number of bytes, decimal or with 0x; <paramref name="otherwise"/> when there are fewer words.</summary>
    /// <exception cref="CommandException">It is none, or not from 1 to <paramref name="most"/>.</exception>
    public ulong LengthAt(int index, ulong otherwise, ulong most)
    {
        if (index >= words.Count)
        {
            return otherwise;
        }

        string text = words[index];
        bool hex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        NumberStyles style = hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        return ulong.TryParse(hex ? text[2..] : text, style, CultureInfo.InvariantCulture, out ulong length) && length >= 1 && length <= most
            ? length
            : throw Refusal($"a number of bytes from 1 to {most}", text, $"{name} {string.Join(' ', words.Take(index))} {otherwise}");
    }

    /// <summary>Refuses more than <paramref name="most"/> words.</summary>
    /// <exception cref="CommandException">There are more.</exception>
    public void AtMost(int most)
    {
        if (words.Count > most)
        {
            throw Refusal(most == 0 ? "nothing behind it" : $"at most {most} {(most == 1 ? "word" : "words")} behind it", Text, $"help {name.Split(' ')[0]}");
        }
    }

    /// <summary>What to throw when a word is not what it should be.</summary>
    public CommandException Refusal(string expected, string found, string next) =>
        new(ExitCodes.Usage, $"{name}: expected {expected}; found {(found.Length == 0 ? "nothing" : $"'{OwnText.Printable(found)}'")}", $"try: {next}");
}
