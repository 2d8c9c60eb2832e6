using System.Globalization;
using System.Text;
using Iced.Intel;

namespace MmuEmu.Tests.Fuzz;

/// <summary>A run as a table for people.</summary>
public static class FuzzReport
{
    /// <summary>Cases by group of instructions, as Markdown.</summary>
    public static string Table(FuzzCampaign campaign)
    {
        StringBuilder text = new();
        text.Append("| group | codes | cases | fewest of a code | ended in a signal | differ |\n|---|--:|--:|--:|--:|--:|\n");
        foreach (IGrouping<string, KeyValuePair<Code, CodeCount>> group in campaign.Counts.GroupBy(pair => FuzzFeatures.GroupOf(pair.Key)))
        {
            long differ = campaign.Found.Count(found => FuzzFeatures.GroupOf(found.Case.Slot.Code) == group.Key);
            Append(text, group.Key, [.. group.Select(pair => pair.Value)], differ);
        }

        Append(text, "all", [.. campaign.Counts.Values], campaign.Found.Count);
        return text.ToString();
    }

    /// <summary>What is not run, what may differ, and why, as Markdown.</summary>
    public static string Exclusions()
    {
        StringBuilder text = new();
        text.Append("| not run | why |\n|---|---|\n");
        foreach (IGrouping<string, KeyValuePair<Code, string>> group in FuzzCodes.NotRun.GroupBy(pair => pair.Value))
        {
            string names = string.Join(", ", group.Select(pair => pair.Key.ToOpCode().ToInstructionString()).Distinct());
            text.Append("| ").Append(names.Replace("|", "\\|", StringComparison.Ordinal)).Append(" | ").Append(group.Key).Append(" |\n");
        }

        text.Append("\n| may differ | for | why |\n|---|---|---|\n");
        foreach (FuzzToleranceRow row in FuzzTolerances.Rows)
        {
            text.Append("| ").Append(row.Kind).Append(" | ").AppendJoin(", ", row.Mnemonics).Append(" | ").Append(row.Why).Append(" |\n");
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, IReadOnlyList<CodeCount> counts, long differ) =>
        text.Append(CultureInfo.InvariantCulture, $"| {name} | {counts.Count} | {counts.Sum(count => count.Cases)} | {counts.Min(count => count.Cases)} | {counts.Sum(count => count.Signals)} | {differ} |\n");
}
