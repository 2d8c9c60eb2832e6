namespace MmuEmu.Debugger.Exports;

/// <summary>A row of a map: one page, or neighbours that share it because there are too many.</summary>
/// <param name="Pages">They, lowest first.</param>
/// <param name="BeginsRun">It does not follow on the row above.</param>
internal sealed record MapRow(IReadOnlyList<MappedPage> Pages, bool BeginsRun)
{
    private const int Most = 96;

    /// <summary>The rows of one space.</summary>
    public static IReadOnlyList<MapRow> Of(IReadOnlyList<MappedPage> pages)
    {
        int fold = (pages.Count + Most - 1) / Most;
        bool mayCross = RunsOf(pages) > Most / 2;
        List<MapRow> rows = [];
        int start = 0;
        for (int i = 1; i <= pages.Count; i++)
        {
            bool isRunOver = i == pages.Count || !Follows(pages[i - 1], pages[i]);
            if (i == pages.Count || i - start == fold || (isRunOver && !mayCross))
            {
                rows.Add(new MapRow([.. pages.Skip(start).Take(i - start)], start == 0 || !Follows(pages[start - 1], pages[start])));
                start = i;
            }
        }

        return rows;
    }

    /// <summary>How it looks at each of so many columns: as most of its pages do that are there at all.</summary>
    /// <param name="columns">How many.</param>
    /// <param name="endOf">The last time of a column.</param>
    public PageLook[] Looks(int columns, Func<int, ulong> endOf)
    {
        int[,] counts = new int[columns, Enum.GetValues<PageLook>().Length];
        foreach (MappedPage page in Pages)
        {
            int next = 0;
            PageLook now = PageLook.Absent;
            for (int column = 0; column < columns; column++)
            {
                while (next < page.Looks.Count && page.Looks[next].At <= endOf(column))
                {
                    now = page.Looks[next++].Look;
                }

                counts[column, (int)now]++;
            }
        }

        return [.. Enumerable.Range(0, columns).Select(column => MostOf(counts, column))];
    }

    private static PageLook MostOf(int[,] counts, int column)
    {
        PageLook most = PageLook.Absent;
        for (int look = 1; look < counts.GetLength(1); look++)
        {
            most = counts[column, look] > 0 && (most == PageLook.Absent || counts[column, look] >= counts[column, (int)most]) ? (PageLook)look : most;
        }

        return most;
    }

    private static int RunsOf(IReadOnlyList<MappedPage> pages) => pages.Where((page, i) => i == 0 || !Follows(pages[i - 1], page)).Count();

    private static bool Follows(MappedPage before, MappedPage after) => before.Page + 1 == after.Page && before.Mapping == after.Mapping;
}
