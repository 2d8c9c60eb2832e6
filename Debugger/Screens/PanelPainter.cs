using Spectre.Console.Rendering;

namespace MmuEmu.Debugger.Screens;

/// <summary>Draws panels: a frame with the title in its upper border, lines inside, and in the lower border how many lines are above and below.</summary>
internal sealed class PanelPainter(CellGrid grid, BorderGlyphs glyphs)
{
    /// <summary>Draws one into its region; in a region of one row a line with the title.</summary>
    public void Draw(Panel panel, Region region)
    {
        if (region.Rows < 1 || region.Columns < 4)
        {
            return;
        }

        DrawUpper(panel, region);
        if (region.Rows < 2)
        {
            return;
        }

        int shown = region.Rows - 2;
        int top = Math.Clamp(panel.Top, 0, Math.Max(panel.Lines.Count - shown, 0));
        for (int i = 0; i < shown; i++)
        {
            int row = region.Row + 1 + i;
            Put(region.Column, row, glyphs[BoxBorderPart.Left], Role.Faint, 1);
            if (top + i < panel.Lines.Count)
            {
                grid.Put(region.Column + 1, row, panel.Lines[top + i], region.Columns - 2, glyphs.Cut);
            }

            Put(region.Column + region.Columns - 1, row, glyphs[BoxBorderPart.Right], Role.Faint, 1);
        }

        DrawLower(region, above: top, below: Math.Max(panel.Lines.Count - top - shown, 0));
    }

    private void DrawUpper(Panel panel, Region region)
    {
        bool isOpen = region.Rows > 1;
        DrawBorder(region, region.Row, isOpen ? BoxBorderPart.TopLeft : BoxBorderPart.Top, BoxBorderPart.Top, isOpen ? BoxBorderPart.TopRight : BoxBorderPart.Top);
        // Which one the keys go to is said by a letter, not by the look alone.
        string title = panel.IsChosen ? $"[{panel.Title}]" : $" {panel.Title} ";
        Put(region.Column + 2, region.Row, title, panel.IsChosen ? Role.Cursor : Role.Strong, region.Columns - 4);
    }

    private void DrawLower(Region region, int above, int below)
    {
        int row = region.Row + region.Rows - 1;
        DrawBorder(region, row, BoxBorderPart.BottomLeft, BoxBorderPart.Bottom, BoxBorderPart.BottomRight);
        string more = (above, below) switch
        {
            (0, 0) => "",
            (0, _) => $" {below} below ",
            (_, 0) => $" {above} above ",
            _ => $" {above} above, {below} below ",
        };
        int width = Math.Min(more.Length, region.Columns - 4);
        Put(region.Column + region.Columns - 2 - width, row, more, Role.Faint, width);
    }

    private void DrawBorder(Region region, int row, BoxBorderPart left, BoxBorderPart middle, BoxBorderPart right)
    {
        Put(region.Column, row, glyphs[left], Role.Faint, 1);
        grid.Fill(region.Column + 1, row, region.Columns - 2, new Cell(glyphs[middle], Role.Faint));
        Put(region.Column + region.Columns - 1, row, glyphs[right], Role.Faint, 1);
    }

    private void Put(int column, int row, string text, Role role, int width) => grid.Put(column, row, TextLine.Of(text, role), width, glyphs.Cut);
}
