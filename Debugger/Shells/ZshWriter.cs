using System.Text;
using MmuEmu.Debugger.Options;

namespace MmuEmu.Debugger.Shells;

/// <summary>Writes the completions for zsh: a function for each command, and one for each kind of value.</summary>
internal static class ZshWriter
{
    private const string Head =
        """
        #compdef mmuemu
        # Completions of mmuemu for zsh.
        # Printed by: mmuemu completions zsh


        """;

    /// <remarks>Autoloaded from a folder of $fpath the file is the body of the function; sourced, it has to announce it.</remarks>
    private const string Foot =
        """
        if [[ $funcstack[1] == _mmuemu ]]; then
            _mmuemu "$@"
        else
            compdef _mmuemu mmuemu
        fi

        """;

    /// <summary>The script.</summary>
    public static string Write(CommandShape root)
    {
        StringBuilder text = new(Head);
        ValueNames values = ValueNames.Of(root);
        foreach (NamedValue known in values.All)
        {
            text.Append(ZshValue.Write(known, values));
        }

        foreach (CommandShape command in root.WithAllBelow())
        {
            Append(text, command, values);
        }

        return text.Append(Foot).ToString();
    }

    private static void Append(StringBuilder text, CommandShape command, ValueNames values)
    {
        bool group = command.Commands.Count > 0;
        text.Append($"{FunctionOf(command)}()\n{{\n");
        text.Append(group ? "    local curcontext=$curcontext state line ret=1\n    typeset -A opt_args\n" : "");
        string[] specs =
        [
            .. command.Options.SelectMany(o => SpecsOf(o, values)),
            .. command.Arguments.SelectMany(a => SpecsOf(a, values)),
            .. group ? ["(-): :->command", "(-)*:: :->rest"] : Array.Empty<string>(),
        ];
        text.Append($"    _arguments{(group ? " -C" : "")} -s -S{(command.OptionsEndAtArgument ? " -A '-*'" : "")} : \\\n");
        text.AppendJoin(" \\\n", specs.Select(spec => $"        {ShellQuote.PosixAlways(spec)}"));
        text.Append(group ? $" && ret=0\n{ChoiceOf(command)}    return ret\n}}\n\n" : "\n}\n\n");
    }

    private static string ChoiceOf(CommandShape command)
    {
        StringBuilder text = new("    case $state in\n        command)\n            local -a commands=(\n");
        foreach (CommandShape below in command.Commands)
        {
            text.Append($"                {ShellQuote.PosixAlways(ZshValue.Described(new Word(below.Names[0], Brief.Of(below.Description))))}\n");
        }

        text.Append("            )\n            _describe -t commands COMMAND commands && ret=0 ;;\n        rest)\n            case $words[1] in\n");
        foreach (CommandShape below in command.Commands)
        {
            text.Append($"                {string.Join(" | ", below.Names)}) {FunctionOf(below)} && ret=0 ;;\n");
        }

        return text.Append("            esac ;;\n    esac\n").ToString();
    }

    private static string FunctionOf(CommandShape command) => $"_mmuemu {command.Path}".TrimEnd().Replace(' ', '_').Replace('-', '_');

    /// <summary>One word for each name; each excludes the others, unless the option may be given again.</summary>
    private static IEnumerable<string> SpecsOf(OptionShape option, ValueNames values)
    {
        string others = option.Repeats ? "*" : option.Names.Count > 1 ? $"({string.Join(' ', option.Names)})" : "";
        string value = option.ValueName is null ? "" : $":{Escaped(option.ValueName)}:{ActionOf(option.Words, values)}";
        foreach (string name in option.Names)
        {
            string assign = option.ValueName is not null && name.StartsWith("--", StringComparison.Ordinal) ? "=" : "";
            yield return $"{others}{name}{assign}[{Escaped(Brief.Of(option.Description))}]{value}";
        }
    }

    private static IEnumerable<string> SpecsOf(ArgumentShape argument, ValueNames values)
    {
        string meant = $"{Escaped(argument.Name)}:{ActionOf(argument.Words, values)}";
        return argument.TakesTheRest ? [$":{meant}", "*:ARGUMENT:_files"]
            : argument.Repeats ? [$"*:{meant}"]
            : argument.Required ? [$":{meant}"]
            : [$"::{meant}"];
    }

    /// <summary>A blank shows what is expected and offers nothing.</summary>
    private static string ActionOf(ValueWords? value, ValueNames values) => value is null ? " " : $"_mmuemu_value_{values.NameOf(value)}";

    private static string Escaped(string text) => ZshValue.Escape(text, "\\[]:");
}
