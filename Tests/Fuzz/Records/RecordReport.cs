using System.Text;

namespace MmuEmu.Tests.Fuzz.Records;

/// <summary>Differing records as a table of Markdown: a row for each form.</summary>
public static class RecordReport
{
    /// <summary>The table.</summary>
    public static string Table(IEnumerable<RecordedDifference> found)
    {
        StringBuilder text = new("| form | records | fields |\n|---|--:|---|\n");
        foreach (IGrouping<string, RecordedDifference> form in found.GroupBy(one => one.Form).OrderBy(form => form.Key, StringComparer.Ordinal))
        {
            string sorts = string.Join("; ", form.GroupBy(one => one.Sort).OrderByDescending(sort => sort.Count()).Select(sort => $"{sort.Key} ({sort.Count()})"));
            text.Append($"| `{form.Key}` | {form.Count()} | {sorts} |\n");
        }

        return text.ToString();
    }
}
