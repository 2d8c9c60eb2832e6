using MmuEmu.Debugger.Options;

namespace MmuEmu.Debugger.Monitor;

/// <summary>What can be typed.</summary>
internal static class HelpCommands
{
    private const int Width = 26;

    /// <summary>The whole list, or one command's line.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<MonitorCommand> all, CommandWords words)
    {
        words.AtMost(1);
        if (words.Count == 0)
        {
            return All(all);
        }

        MonitorCommand command = Find(all, words[0]) ?? throw Unknown(all, words[0]);
        string names = command.Short.Length == 0 ? "" : $"   (also {string.Join(", ", command.Short)})";
        return [$"{command.Usage}{names}", $"  {command.Help}"];
    }

    /// <summary>The command of that name; null for none.</summary>
    public static MonitorCommand? Find(IReadOnlyList<MonitorCommand> all, string name) =>
        all.FirstOrDefault(command => command.Names.Contains(name, StringComparer.Ordinal));

    /// <summary>What to throw when there is none.</summary>
    public static CommandException Unknown(IReadOnlyList<MonitorCommand> all, string name)
    {
        string[] near = NearNames.Of(name, all.SelectMany(command => command.Names));
        return new CommandException(
            ExitCodes.Usage, $"expected a command; found '{OwnText.Printable(name)}'", near.Length > 0 ? $"try: {string.Join(", or ", near)}" : "try: help");
    }

    private static IEnumerable<string> All(IReadOnlyList<MonitorCommand> all)
    {
        foreach (IGrouping<string, MonitorCommand> family in all.GroupBy(command => command.Family))
        {
            yield return $"{family.Key}:";
            foreach (MonitorCommand command in family)
            {
                string names = command.Short.Length == 0 ? command.Usage : $"{command.Usage} | {string.Join(" | ", command.Short)}";
                if (names.Length > Width)
                {
                    yield return $"  {names}";
                    names = "";
                }

                yield return $"  {names,-Width} {command.Help}";
            }
        }

        yield return "ADDR is a number (0x… or hexadecimal), a symbol, a register ($rdi), each with +offset, or here: the access of this micro-step, or CR2.";
        yield return "T counts instructions; T.k is micro-step k of what happens at T. A step's name with r before it goes back.";
    }
}
