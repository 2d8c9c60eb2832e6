namespace MmuEmu.Debugger.Screens;

/// <summary>All that a screen shows: a bar at the top, panels, a line to type in, a line of hints.</summary>
/// <param name="Bar">The bar.</param>
/// <param name="Panels">The panels, in the order in which they stand one above the other.</param>
/// <param name="Box">The line to type in, or what was answered to the last.</param>
/// <param name="Hints">Which keys do what.</param>
internal sealed record ScreenPage(TextLine Bar, IReadOnlyList<Panel> Panels, TextLine Box, TextLine Hints)
{
    /// <summary>Rows that are no panels'.</summary>
    private const int OwnRows = 3;

    /// <summary>The column of the cursor in the box; null while nothing is typed there.</summary>
    public int? BoxCursor { get; init; }

    /// <summary>The page as cells.</summary>
    public CellGrid Draw(int columns, int rows, BorderGlyphs glyphs)
    {
        CellGrid grid = new(columns, rows);
        grid.Fill(0, 0, columns, new Cell(" ", Role.Cursor));
        grid.Put(0, 0, Bar, columns, glyphs.Cut);
        PanelPainter painter = new(grid, glyphs);
        Region[] regions = PanelLayout.Of(Panels, new Region(0, 1, columns, Math.Max(rows - OwnRows, 0)));
        for (int i = 0; i < regions.Length; i++)
        {
            painter.Draw(Panels[i], regions[i]);
        }

        grid.Put(0, rows - 2, Box, columns, glyphs.Cut);
        grid.Put(0, rows - 1, Hints, columns, glyphs.Cut);
        grid.Cursor = BoxCursor is { } column ? (Math.Clamp(column, 0, Math.Max(columns - 1, 0)), rows - 2) : null;
        return grid;
    }
}
