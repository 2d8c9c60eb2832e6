namespace MmuEmu.Debugger.Screens;

/// <summary>Where each panel goes: below 100 columns one above the other, from 180 on in three columns, between in two.</summary>
internal static class PanelLayout
{
    /// <summary>Columns from which on panels stand side by side.</summary>
    public const int SideBySide = 100;

    /// <summary>Columns from which on there are three columns of panels.</summary>
    public const int ThreeColumns = 180;

    /// <summary>A title alone.</summary>
    private const int TitleRows = 1;

    /// <summary>Borders and one line.</summary>
    private const int LeastRows = 3;

    /// <summary>A region for each panel, in the panels' order; of one row where only its title has room, of none where not even that has.</summary>
    public static Region[] Of(IReadOnlyList<Panel> panels, Region whole)
    {
        Region[] regions = new Region[panels.Count];
        if (whole.Columns < SideBySide)
        {
            Stack(panels, [.. Enumerable.Range(0, panels.Count)], whole, regions);
            return regions;
        }

        int[] wide = [.. Where(panels, place => place == PanelPlace.Wide)];
        int wideRows = Math.Min(wide.Sum(index => panels[index].WantedRows), whole.Rows / 2);
        Region upper = whole with { Rows = whole.Rows - wideRows };
        int column = 0;
        foreach ((int[] members, int columns) in ColumnsOf(panels, whole.Columns))
        {
            Stack(panels, members, upper with { Column = whole.Column + column, Columns = columns }, regions);
            column += columns;
        }

        Stack(panels, wide, whole with { Row = whole.Row + upper.Rows, Rows = wideRows }, regions);
        return regions;
    }

    /// <summary>Columns of a line of text in a panel at <paramref name="place"/>, where every column of panels has one.</summary>
    public static int RoomOf(PanelPlace place, int columns)
    {
        const int Borders = 2;
        if (columns < SideBySide || place == PanelPlace.Wide)
        {
            return Math.Max(columns - Borders, 1);
        }

        Panel[] panels = [.. ((PanelPlace[])[PanelPlace.Left, PanelPlace.Right, PanelPlace.Far]).Select(one => new Panel("", [], one, 0))];
        PanelPlace shown = place == PanelPlace.Far && columns < ThreeColumns ? PanelPlace.Right : place;
        return ColumnsOf(panels, columns).ElementAt((int)shown).Columns - Borders;
    }

    private static IEnumerable<int> Where(IReadOnlyList<Panel> panels, Func<PanelPlace, bool> isWanted) =>
        Enumerable.Range(0, panels.Count).Where(index => isWanted(panels[index].Place));

    /// <summary>The members of each column and its width; a column without members gives its width to the others.</summary>
    private static IEnumerable<(int[] Members, int Columns)> ColumnsOf(IReadOnlyList<Panel> panels, int columns)
    {
        bool isThree = columns >= ThreeColumns;
        (int[] Members, int Share)[] all =
        [
            ([.. Where(panels, place => place == PanelPlace.Left)], 3),
            ([.. Where(panels, place => place == PanelPlace.Right || (place == PanelPlace.Far && !isThree))], 2),
            ([.. Where(panels, place => place == PanelPlace.Far && isThree)], 2),
        ];
        int left = columns;
        int shares = all.Where(one => one.Members.Length > 0).Sum(one => one.Share);
        foreach ((int[] members, int share) in all.Where(one => one.Members.Length > 0))
        {
            int width = left * share / shares;
            (left, shares) = (left - width, shares - share);
            yield return (members, width);
        }
    }

    private static void Stack(IReadOnlyList<Panel> panels, int[] members, Region column, Region[] regions)
    {
        int[] rows = RowsOf([.. members.Select(index => panels[index])], column.Rows);
        int row = column.Row;
        for (int i = 0; i < members.Length; i++)
        {
            regions[members[i]] = column with { Row = row, Rows = rows[i] };
            row += rows[i];
        }
    }

    /// <summary>Rows of panels in one column: what they want; where they do not suffice, those of high rank close first, down to their titles.</summary>
    private static int[] RowsOf(Panel[] panels, int available)
    {
        int[] rows = [.. panels.Select(panel => panel.WantedRows)];
        int[] byRank = [.. Enumerable.Range(0, panels.Length).OrderByDescending(index => panels[index].IsChosen ? -1 : panels[index].Rank)];
        int missing = rows.Sum() - available;
        foreach (int least in (int[])[TitleRows, 0])
        {
            foreach (int index in byRank.TakeWhile(_ => missing > 0))
            {
                int kept = Math.Max(rows[index] - missing, least);
                // Two borders without a line between them show nothing.
                kept = kept is > TitleRows and < LeastRows ? TitleRows : kept;
                missing -= rows[index] - kept;
                rows[index] = kept;
            }
        }

        // What is over goes to the last that is open.
        if (missing < 0 && Array.FindLastIndex(rows, count => count >= LeastRows) is var open and >= 0)
        {
            rows[open] -= missing;
        }

        return rows;
    }
}
