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

    /// <summary>What is not run, what may differ, and why, as Markdown; the same on every machine.</summary>
    public static string Exclusions()
    {
        StringBuilder text = new();
        text.Append("# What the differential fuzzer leaves out\n\n");
        text.Append("Printed from `Tests/Fuzz/FuzzExclusions.cs` and `Tests/Fuzz/FuzzTolerances.cs`; ");
        text.Append("`MMUEMU_UPDATE_GOLDEN=1 dotnet test Tests` writes it again.\n\n");
        text.Append("Instructions that the processor of the machine lacks, and forms that only another maker's processors have, are left out too, and named by the run.\n\n");
        text.Append("## Not run\n\n| instructions | why |\n|---|---|\n");
        foreach (IGrouping<string, Code> group in FuzzCodes.NotRun.Keys.GroupBy(code => FuzzCodes.NotRun[code]))
        {
            text.Append("| ").AppendJoin(", ", group.Select(code => $"`{code}`")).Append(" | ").Append(group.Key).Append(" |\n");
        }

        text.Append("\n## Not compared, or within bounds\n\n| what | of | why |\n|---|---|---|\n");
        foreach (FuzzToleranceRow row in FuzzTolerances.Rows)
        {
            text.Append("| ").Append(row.Kind).Append(" | ").AppendJoin(", ", row.Mnemonics).Append(" | ").Append(row.Why).Append(" |\n");
        }

        text.Append("\n## On hosts of other generations than those recorded\n\nThe habits follow AMD's Zen 4 and Intel's Raptor Cove ([vendors.md](vendors.md)). ");
        text.Append("On other hosts of the two makers flags that the manual leaves undefined are not compared, encodings with many prefixes are not spoilt, ");
        text.Append("and where both sides fault this may differ:\n\n| what | of |\n|---|---|\n");
        foreach (GenerationTolerance row in GenerationTolerances.Rows.Concat(GenerationTolerances.IntelRows))
        {
            text.Append("| ").Append(row.Why).Append(" | ").Append(row.Mnemonics.Length == 0 ? "all" : string.Join(", ", row.Mnemonics)).Append(" |\n");
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, IReadOnlyList<CodeCount> counts, long differ) =>
        text.Append(CultureInfo.InvariantCulture, $"| {name} | {counts.Count} | {counts.Sum(count => count.Cases)} | {counts.Min(count => count.Cases)} | {counts.Sum(count => count.Signals)} | {differ} |\n");
}
