using System.Text;
using MmuEmu.Debugger.Options;

namespace MmuEmu.Debugger.Shells;

/// <summary>Writes the completions for bash: tables of what each command has, and an engine that reads them.</summary>
internal static class BashWriter
{
    private const string Indent = "        ";
    private const string Deeper = "            ";

    /// <summary>The script.</summary>
    public static string Write(CommandShape root)
    {
        CommandShape[] all = [.. root.WithAllBelow()];
        ValueNames values = ValueNames.Of(root);
        StringBuilder text = new(BashEngine.Head);
        foreach (NamedValue known in values.All)
        {
            text.Append(FunctionOf(known.Name, known.Value, values));
        }

        Choice(text, "has", "Sets what the command $1 has.", TreeTables.Commands(all, HasOf), "");
        Choice(text, "enter", "Goes to the command that $1 names.", TreeTables.Entrances(all, EntranceOf), "return 1");
        Choice(text, "value", "Tells what the value of \"COMMAND OPTION\" may be; fails when it takes none.", TreeTables.Values(all, o => ValueOf(o, values)), "return 1");
        Choice(text, "argument", "Tells what the argument \"COMMAND NUMBER\" may be.", ArgumentsOf(all, values), "");
        Choice(text, "ends_options", "Whether options end at the first argument of the command $1.", TreeTables.Commands(all, EndOf), "return 1");
        return text.Append(BashEngine.Body).ToString();
    }

    private static string FunctionOf(string name, ValueWords value, ValueNames values)
    {
        string later = value.Later.SequenceEqual(value.Words) ? "" : Array("later", Texts(value.Later));
        string words = value.Files && value.Words.Any()
            ? $"    _mmuemu_value_{values.NameOf(value.WithoutFiles)}\n"
            : Array("words", Texts(value.Words));
        return $"_mmuemu_value_{name}()\n{{\n{words}{later}{(value.IsList ? "    list=1\n" : "")}{(value.Files ? "    files=1\n" : "")}}}\n\n";
    }

    /// <summary>A function that chooses by its first word; a key may end in a star.</summary>
    private static void Choice(StringBuilder text, string name, string what, ShellCases cases, string otherwise)
    {
        text.Append($"# {what}\n_mmuemu_{name}()\n{{\n    case $1 in\n");
        foreach (string answer in cases.Answers)
        {
            IEnumerable<string> keys = cases.KeysOf(answer).Select(key => key.EndsWith('*') ? Quoted(key[..^1]) + "*" : Quoted(key));
            text.Append($"{Indent}{Wrapped.Words(keys.Select((key, i) => i == 0 ? key : $"| {key}"), $" \\\n{Indent}")})\n{answer.TrimEnd('\n')} ;;\n");
        }

        text.Append(otherwise.Length == 0 ? "    esac\n}\n\n" : $"{Indent}*)\n{Deeper}{otherwise} ;;\n    esac\n}}\n\n");
    }

    private static string Quoted(string words) => ShellQuote.PosixAlways(words);

    private static string HasOf(CommandShape command) =>
        Array("commands", command.Commands.Select(c => c.Names[0]), Indent) + Array("options", command.Options.SelectMany(o => o.Names), Indent);

    private static string EntranceOf(CommandShape command) => $"{Deeper}command={ShellQuote.Posix(command.Path)}";

    private static string ValueOf(OptionShape option, ValueNames values) => option.Words is null ? $"{Deeper}:" : CallOf(option.Words, values);

    private static string EndOf(CommandShape command) => command.OptionsEndAtArgument ? $"{Deeper}return 0" : "";

    private static ShellCases ArgumentsOf(CommandShape[] all, ValueNames values)
    {
        ShellCases cases = new();
        foreach (CommandShape command in all)
        {
            for (int i = 0; i < command.Arguments.Count; i++)
            {
                ArgumentShape argument = command.Arguments[i];
                if (argument.Words is not null)
                {
                    cases.Add($"{command.Path} {(argument.Repeats && !argument.TakesTheRest ? "*" : i)}", CallOf(argument.Words, values));
                }

                if (argument.TakesTheRest)
                {
                    cases.Add($"{command.Path} *", $"{Deeper}files=1");
                }
            }
        }

        return cases;
    }

    private static string CallOf(ValueWords value, ValueNames values) => $"{Deeper}_mmuemu_value_{values.NameOf(value)}";

    private static IEnumerable<string> Texts(IEnumerable<Word> words) => words.Select(word => word.Text);

    private static string Array(string name, IEnumerable<string> words, string indent = "") =>
        Wrapped.Words(words.Select(ShellQuote.Posix), $"\n{indent}        ") is { Length: > 0 } list ? $"{indent}    {name}=({list})\n" : "";
}
