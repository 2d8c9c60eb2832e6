using System.Collections;
using System.CommandLine;
using System.Globalization;
using MmuEmu.Debugger.Options;

namespace MmuEmu.Debugger.Shells;

/// <summary>Reads the command tree: the one list of commands, options and words that all scripts and the manual page are made of.</summary>
internal static class TreeReader
{
    /// <summary>The shape of <paramref name="root"/> and all below it; what is hidden is left out.</summary>
    /// <remarks>The root's own name is that of the process's file, so it is not used.</remarks>
    public static CommandShape Read(RootCommand root) => Read(root, "", []);

    private static CommandShape Read(Command command, string path, IReadOnlyList<OptionShape> fromAbove)
    {
        OptionShape[] own = [.. command.Options.Where(o => !o.Hidden).Select(o => OptionOf(o))];
        OptionShape[] handedDown = [.. command.Options.Where(o => !o.Hidden && o.Recursive).Select(o => OptionOf(o) with { Inherited = true })];
        return new CommandShape
        {
            Path = path,
            Names = [command.Name, .. command.Aliases.Order(StringComparer.Ordinal)],
            Description = command.Description ?? "",
            Options = [.. own, .. fromAbove],
            Arguments = [.. command.Arguments.Where(a => !a.Hidden).Select(ArgumentOf)],
            Commands = [.. command.Subcommands.Where(c => !c.Hidden).Select(c => Read(c, $"{path} {c.Name}".TrimStart(), [.. fromAbove, .. handedDown]))],
        };
    }

    private static OptionShape OptionOf(Option option) => new()
    {
        Names = [option.Name, .. option.Aliases.Where(IsUnix).Order(StringComparer.Ordinal)],
        Description = option.Description ?? "",
        ValueName = option.Arity.MinimumNumberOfValues > 0 ? option.HelpName ?? option.Name.TrimStart('-') : null,
        Words = ValueWords.Among(option.CompletionSources),
        Default = option.HasDefaultValue ? TextOf(option.GetDefaultValue()) : null,
        Repeats = option.Arity.MaximumNumberOfValues > 1,
    };

    /// <remarks>GUEST, at which options end, is told as required: only where a report says what runs may it be missing.</remarks>
    private static ArgumentShape ArgumentOf(Argument argument) => new(
        argument.HelpName ?? argument.Name,
        argument.Description ?? "",
        ValueWords.Among(argument.CompletionSources),
        argument.Arity.MinimumNumberOfValues > 0 || argument.CaptureRemainingTokens,
        argument.Arity.MaximumNumberOfValues > 1,
        argument.CaptureRemainingTokens);

    /// <summary>System.CommandLine's help option has names of Windows too, on Windows.</summary>
    private static bool IsUnix(string name) => name.StartsWith('-');

    private static string? TextOf(object? value) =>
        value is null or bool or (IEnumerable and not string) ? null : Convert.ToString(value, CultureInfo.InvariantCulture);
}
