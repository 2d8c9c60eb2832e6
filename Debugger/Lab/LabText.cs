using MmuEmu.Debugger.Rendering;

namespace MmuEmu.Debugger.Lab;

/// <summary>Experiments as lines for people.</summary>
internal static class LabText
{
    private const string Safe = "safe";
    private const string Fails = "FAILS";

    /// <summary>The matrix of hazards and cures, and the rows beside it.</summary>
    public static IEnumerable<string> Matrix(LabMatrix matrix)
    {
        yield return "Copies between user memory and file pages through kernel windows: hazards and cures, each cell from runs.";
        yield return "";
        yield return Line("", [.. LabTable.Columns.Select(column => column.Title), "IPIs"]);
        foreach ((string cure, string says) in LabTable.Cures)
        {
            yield return Line($"{cure,-3} {says}", [.. LabTable.Columns.Select(column => Cell(matrix.IsSafe(column, cure))), $"{matrix.Interrupts(cure)}"]);
        }

        yield return "";
        yield return Line("", [.. LabTable.Others]);
        foreach ((string cure, string says) in LabTable.Cures)
        {
            yield return Line($"{cure,-3} {says}", [.. LabTable.Others.Select(row => Cell(matrix[row, cure].IsSafe))]);
        }

        yield return "";
        foreach (LabCase one in LabTable.Cases)
        {
            yield return $"{one.Row}  {one.Says}{ColumnOf(one.Row)}";
        }

        yield return "Try: mmuemu lab kmap K-001 c1";
    }

    /// <summary>One run: how to repeat it, what it printed, what was counted, what it shows.</summary>
    public static IEnumerable<string> One(LabRun run)
    {
        yield return $"{run.Case.Row} with {run.Cure}: {run.Case.Says}";
        yield return run.CommandLine;
        foreach (string line in run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            yield return $"  guest: {OwnText.Printable(line)}";
        }

        foreach (string notice in run.Notices)
        {
            yield return $"  {notice}";
        }

        if (EndText.Of(run.Result) is { Length: > 0 } end)
        {
            yield return $"  {end}";
        }

        yield return $"  counted: {string.Join(", ", run.Counts.Where(one => one.Count > 0).Select(one => $"{one.Name} {one.Count}"))}";
        yield return run.IsSafe ? Safe : $"{Fails}: {string.Join("; ", run.Findings)}";
    }

    private static string ColumnOf(string row)
    {
        LabColumn? column = Array.Find(LabTable.Columns, column => column.Rows.Contains(row));
        return column is not null ? $" ({column.Title})" : row == LabTable.Interrupts ? " (IPIs)" : "";
    }

    private static string Cell(bool safe) => safe ? Safe : Fails;

    private static string Line(string head, string[] cells) => $"{head,-36}{string.Concat(cells.Select(cell => $"{cell,-9}"))}".TrimEnd();
}
