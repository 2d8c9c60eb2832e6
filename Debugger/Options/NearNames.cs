namespace MmuEmu.Debugger.Options;

/// <summary>Which of many names somebody may have meant.</summary>
internal static class NearNames
{
    private const int Most = 3;

    /// <summary>Up to three of <paramref name="known"/> that are little typing away from <paramref name="typed"/>, nearest first; empty when none is.</summary>
    public static string[] Of(string typed, IEnumerable<string> known)
    {
        int limit = Math.Clamp(typed.Length / 3, 1, Most);
        return [.. known.Distinct()
            .Select(name => (Name: name, Steps: string.Equals(name, typed, StringComparison.OrdinalIgnoreCase) ? 0 : StepsBetween(typed, name, limit)))
            .Where(near => near.Steps <= limit)
            .OrderBy(near => near.Steps).ThenBy(near => near.Name, StringComparer.Ordinal)
            .Take(Most)
            .Select(near => near.Name)];
    }

    /// <summary>Letters to insert, drop, replace or swap with the next to come from one to the other; more than <paramref name="limit"/> is not counted out.</summary>
    private static int StepsBetween(string from, string to, int limit)
    {
        if (Math.Abs(from.Length - to.Length) > limit)
        {
            return limit + 1;
        }

        int[] before = [];
        int[] above = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int[] row = new int[to.Length + 1];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = above[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(above[j], row[j - 1]) + 1);
                bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
                row[j] = swapped ? Math.Min(row[j], before[j - 2] + 1) : row[j];
            }

            (before, above) = (above, row);
        }

        return above[to.Length];
    }
}
