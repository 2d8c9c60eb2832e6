using System.Text;
using MmuEmu.Debugger.Options;

namespace MmuEmu.Debugger.Shells;

/// <summary>Writes the completions for fish: one <c>complete</c> for each word, with the place where it counts.</summary>
internal static class FishWriter
{
    private const string Yes = "return 0";

    /// <summary>The script.</summary>
    public static string Write(CommandShape root)
    {
        CommandShape[] all = [.. root.WithAllBelow()];
        ValueNames values = ValueNames.Of(root);
        StringBuilder text = new(FishEngine.Head);
        Function(text, "enter", "Prints the command that the words name.", TreeTables.Entrances(all, c => $"echo {ShellQuote.Fish(c.Path)}"), "");
        Function(text, "takes_value", "Whether the option takes a value.", TreeTables.Values(all, _ => Yes), "return 1");
        Function(text, "ends_options", "Whether options end at the first argument.", TreeTables.Commands(all, c => c.OptionsEndAtArgument ? Yes : ""), "return 1");
        text.Append(FishEngine.Body);
        foreach (NamedValue known in values.All.Where(known => !known.Value.Files))
        {
            text.Append(ValueOf(known.Name, known.Value));
        }

        string[] lines =
        [
            "-f",
            .. all.SelectMany(c => c.Commands.Select(below => CommandLine(c, below))),
            .. OptionLines(all, values),
            .. all.SelectMany(c => ArgumentLines(c, values)),
        ];
        return text.AppendJoin("", lines.Select(line => $"complete -c mmuemu {line}\n")).ToString();
    }

    /// <summary>A function that chooses by its words.</summary>
    private static void Function(StringBuilder text, string name, string what, ShellCases cases, string otherwise)
    {
        text.Append($"\n# {what}\nfunction __mmuemu_{name}\n    switch \"$argv\"\n");
        foreach (string answer in cases.Answers)
        {
            string keys = Wrapped.Words(cases.KeysOf(answer).Select(ShellQuote.FishAlways), " \\\n                ");
            text.Append($"        case {keys}\n            {answer}\n");
        }

        text.Append("    end\n").Append(otherwise.Length == 0 ? "end\n" : $"    {otherwise}\nend\n");
    }

    private static string ValueOf(string name, ValueWords value)
    {
        string print = value.IsList ? "__mmuemu_list" : "printf '%s\\t%s\\n'";
        string body = value.IsList && !value.Later.SequenceEqual(value.Words)
            ? $"    if string match -q -- '*,*' (__mmuemu_value)\n        {print}{Pairs(value.Later)}\n    else\n        {print}{Pairs(value.Words)}\n    end\n"
            : $"    {print}{Pairs(value.Words)}\n";
        return $"function __mmuemu_value_{name}\n{body}end\n\n";
    }

    private static string Pairs(IEnumerable<Word> words) =>
        string.Concat(words.Select(word => $" \\\n            {ShellQuote.Fish(word.Text)} {ShellQuote.FishAlways(word.Says)}"));

    private static string CommandLine(CommandShape above, CommandShape command) =>
        $"-n {Condition("argument_of", [above.Path, "0"])} -a {ShellQuote.Fish(command.Names[0])}{Described(command.Description)}";

    /// <summary>An option that several commands share is one line.</summary>
    private static IEnumerable<string> OptionLines(IEnumerable<CommandShape> all, ValueNames values)
    {
        ShellCases cases = new();
        foreach (CommandShape command in all)
        {
            foreach (OptionShape option in command.Options)
            {
                cases.Add(command.Path, OptionLine(option, values));
            }
        }

        return cases.Answers.Select(line => $"-n {Condition("option_of", cases.KeysOf(line))} {line}");
    }

    private static string OptionLine(OptionShape option, ValueNames values)
    {
        IEnumerable<string> names = option.Names.Select(name =>
            name.StartsWith("--", StringComparison.Ordinal) ? $"-l {name[2..]}" : $"-s {ShellQuote.Fish(name[1..])}");
        string value = option.ValueName is null ? "" : option.Words is { Files: true } ? " -r -F" : " -x";
        return $"{string.Join(' ', names)}{value}{Words(option.Words, values)}{Described(option.Description)}";
    }

    private static IEnumerable<string> ArgumentLines(CommandShape command, ValueNames values)
    {
        for (int i = 0; i < command.Arguments.Count; i++)
        {
            ArgumentShape argument = command.Arguments[i];
            string offer = (argument.Words is { Files: true } ? " -F" : "") + Words(argument.Words, values);
            if (offer.Length > 0)
            {
                yield return $"-n {Condition("argument_of", [command.Path, $"{i}"])}{offer}";
            }

            if (argument.Repeats && (offer.Length > 0 || argument.TakesTheRest))
            {
                yield return $"-n {Condition("argument_of", [command.Path, "+"])}{(argument.TakesTheRest ? " -F" : offer)}";
            }
        }
    }

    private static string Words(ValueWords? value, ValueNames values) =>
        value is not null && value.Words.Any() ? $" -a '(__mmuemu_value_{values.NameOf(value.WithoutFiles)})'" : "";

    private static string Described(string description) => $" -d {ShellQuote.FishAlways(Brief.Of(description))}";

    private static string Condition(string function, IEnumerable<string> words) =>
        ShellQuote.FishAlways($"__mmuemu_{function} {string.Join(' ', words.Select(ShellQuote.Fish))}");
}
