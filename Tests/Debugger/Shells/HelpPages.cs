using System.Text.RegularExpressions;

namespace MmuEmu.Tests.Debugger.Shells;

/// <summary>The commands and options as <c>--help</c> tells them: read from its text, not from the tree.</summary>
internal static class HelpPages
{
    private static readonly Regex CommandLine = new(@"^  ([a-z][a-z-]*)(?= |$)");
    private static readonly Regex OptionNames = new(@"^  ((?:-[^\s,]+, )*-[^\s,]+)");

    /// <summary>Every command by its words, with the names of its options; <c>mmuemu</c> itself is the first.</summary>
    public static IReadOnlyList<(string Command, string[] Options)> All { get; } = [.. Below("")];

    private static IEnumerable<(string Command, string[] Options)> Below(string command)
    {
        string[] lines = CommandHarness.Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]).Out.Split('\n');
        string[] options = [.. Section(lines, "Options:").Select(l => OptionNames.Match(l)).Where(m => m.Success).SelectMany(m => m.Groups[1].Value.Split(", "))];
        IEnumerable<string> commands = Section(lines, "Commands:").Select(l => CommandLine.Match(l)).Where(m => m.Success).Select(m => m.Groups[1].Value);
        return commands.SelectMany(name => Below($"{command} {name}".TrimStart())).Prepend((command, options));
    }

    private static IEnumerable<string> Section(string[] lines, string title) =>
        lines.SkipWhile(line => line != title).Skip(1).TakeWhile(line => line.Length > 0);
}
