using System.CommandLine;
using MmuEmu.Debugger.Matrix;
using MmuEmu.Debugger.Options;

namespace MmuEmu.Debugger.Commands;

/// <summary><c>mmuemu pte check</c>: rows of entries and their effects, judged one by one.</summary>
internal static class PteCheckCommand
{
    /// <summary>The command.</summary>
    public static Command Make(Output output)
    {
        Argument<string[]> files = new("FILE")
        {
            Description = "Files of rows; docs/pte-rows.md tells their form.",
            Arity = ArgumentArity.OneOrMore,
            CompletionSources = { ValueWords.File.Complete },
        };
        Command command = new("check", "Checks files of entries and their effects by rule and by walk; status 120 when a row does not hold.") { files };
        command.SetAction(parsed =>
        {
            using PteRowCheck check = new();
            (int rows, int wrong) = (0, 0);
            foreach (string file in parsed.GetValue(files)!)
            {
                foreach (PteRow row in Rows(file))
                {
                    rows++;
                    IReadOnlyList<string> found = Judge(check, row);
                    wrong += found.Count == 0 ? 0 : 1;
                    foreach (string line in found)
                    {
                        output.Out.WriteLine(line);
                    }
                }
            }

            output.Error.WriteLine($"mmuemu: {rows} rows, {wrong} wrong");
            return wrong == 0 ? ExitCodes.Ok : ExitCodes.Expectation;
        });
        return command;
    }

    private static List<PteRow> Rows(string file)
    {
        try
        {
            List<PteRow> rows = [.. PteRow.Read(file)];
            return rows.Count > 0
                ? rows
                : throw new CommandException(ExitCodes.Usage, $"'{file}' has no rows", "try: a line 'format hardware', and below it rows as in docs/pte-rows.md");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandException(ExitCodes.Usage, $"cannot read '{file}': {refused.Message}", "try: mmuemu pte check rows.txt");
        }
    }

    private static IReadOnlyList<string> Judge(PteRowCheck check, PteRow row)
    {
        try
        {
            return check.Wrong(row);
        }
        catch (FormatException unread)
        {
            throw new CommandException(ExitCodes.Usage, unread.Message, "try: rows as in docs/pte-rows.md");
        }
    }
}
