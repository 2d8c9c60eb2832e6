namespace MmuEmu.Debugger.Shells;

/// <summary>How a command is typed, as manual pages write it.</summary>
internal static class Synopsis
{
    /// <summary>The words of <paramref name="command"/>, marked for troff.</summary>
    public static string Of(CommandShape command)
    {
        IEnumerable<string> arguments = command.Arguments.SelectMany(OneOf);
        IEnumerable<string> below = command.Commands.Count > 0 ? [Roff.Italic("COMMAND")] : [];
        return string.Join(' ', [Roff.Bold($"mmuemu {command.Path}".TrimEnd()), $"[{Roff.Italic("OPTION")}]...", .. below, .. arguments]);
    }

    private static IEnumerable<string> OneOf(ArgumentShape argument)
    {
        string name = Roff.Italic(argument.Name);
        yield return argument.Required ? name : $"[{name}]{(argument.Repeats ? "..." : "")}";
        if (argument.Required && argument.Repeats)
        {
            yield return argument.TakesTheRest ? $"[{Roff.Italic("ARGUMENT")}]..." : $"[{name}]...";
        }
    }
}
