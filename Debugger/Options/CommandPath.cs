using System.CommandLine.Parsing;

namespace MmuEmu.Debugger.Options;

/// <summary>What is typed for a command, as hints show it.</summary>
internal static class CommandPath
{
    /// <summary>The words of a command, such as <c>mmuemu pte decode</c>.</summary>
    public static string Of(CommandResult result) =>
        result.Parent is CommandResult above ? $"{Of(above)} {result.Command.Name}" : "mmuemu";
}
