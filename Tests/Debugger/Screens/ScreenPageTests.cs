using System.Text;
using MmuEmu.Debugger.Screens;
using MmuEmu.Tests.Golden;

namespace MmuEmu.Tests.Debugger.Screens;

/// <summary>Pages on terminals of many sizes, without a terminal.</summary>
public sealed class ScreenPageTests
{
    private static readonly (int Columns, int Rows)[] Sizes = [(80, 24), (100, 30), (120, 30), (200, 40)];

    [Fact]
    public void Pages_of_the_usual_sizes_look_so()
    {
        StringBuilder text = new();
        foreach ((int columns, int rows) in Sizes)
        {
            text.Append(Header(columns, rows, "")).Append(SamplePage.Page.Draw(columns, rows, BorderGlyphs.Lines)).Append('\n');
        }

        text.Append(Header(80, 24, ", ASCII")).Append(SamplePage.Page.Draw(80, 24, BorderGlyphs.Ascii)).Append('\n');
        GoldenFile.Check("screen-pages.txt", text.ToString());
    }

    [Fact]
    public void The_walk_is_whole_on_the_smallest_usual_terminal()
    {
        string text = SamplePage.Page.Draw(80, 24, BorderGlyphs.Lines).ToString();

        text.ShouldContain("X not present");
        text.ShouldContain("reclaimed -> SIGBUS");
        foreach (Panel panel in SamplePage.Page.Panels)
        {
            text.ShouldContain(panel.Title);
        }
    }

    [Fact]
    public void A_chosen_panel_is_open_and_says_so()
    {
        Panel[] panels = [.. SamplePage.Page.Panels.Select(panel => panel with { IsChosen = panel.Title == "frame 345" })];

        string text = (SamplePage.Page with { Panels = panels }).Draw(80, 24, BorderGlyphs.Lines).ToString();

        text.ShouldContain("[frame 345]");
        text.ShouldContain("free; was anon inactive");
    }

    [Fact]
    public void A_long_panel_says_what_is_above_and_below()
    {
        Panel panel = new("log", [.. Enumerable.Range(0, 20).Select(i => TextLine.Of($"line {i}"))], PanelPlace.Left, 0);

        Shown(panel).ShouldContain("16 below");
        Shown(panel with { Top = 5 }).ShouldContain("5 above, 11 below");
        Shown(panel with { Top = 5 }).ShouldContain("line 5");
        Shown(panel with { Top = 99 }).ShouldContain("16 above ");
        Shown(panel with { Top = -3 }).ShouldContain("line 0");
    }

    [Fact]
    public void The_cursor_is_where_one_types()
    {
        ScreenPage page = SamplePage.Page with { BoxCursor = 7 };

        page.Draw(80, 24, BorderGlyphs.Lines).Cursor.ShouldBe((7, 22));
        page.Draw(4, 24, BorderGlyphs.Lines).Cursor.ShouldBe((3, 22));
        SamplePage.Page.Draw(80, 24, BorderGlyphs.Lines).Cursor.ShouldBeNull();
    }

    /// <summary>Every size, also those that nobody has: nothing is drawn twice, nothing outside, and no panel is two borders alone.</summary>
    [Fact]
    public void Regions_share_the_screen_without_overlap()
    {
        foreach (int columns in (int[])[0, 1, 3, 4, 40, 80, 99, 100, 150, 179, 180, 200, 300])
        {
            for (int rows = 0; rows <= 70; rows++)
            {
                Region whole = new(0, 1, columns, rows);
                Region[] regions = PanelLayout.Of(SamplePage.Page.Panels, whole);
                bool[,] taken = new bool[columns, rows];
                foreach (Region region in regions)
                {
                    region.Rows.ShouldNotBe(2, $"{columns} by {rows}");
                    Take(taken, region, whole, $"{columns} by {rows}");
                }

                SamplePage.Page.Draw(columns, rows, BorderGlyphs.Lines).Rows.ShouldBe(rows);
            }
        }
    }

    private static void Take(bool[,] taken, Region region, Region whole, string size)
    {
        for (int row = region.Row; row < region.Row + region.Rows; row++)
        {
            for (int column = region.Column; column < region.Column + region.Columns; column++)
            {
                (row >= whole.Row && row < whole.Row + whole.Rows && column < whole.Columns).ShouldBeTrue(size);
                taken[column, row - whole.Row].ShouldBeFalse(size);
                taken[column, row - whole.Row] = true;
            }
        }
    }

    private static string Shown(Panel panel) =>
        new ScreenPage(TextLine.Empty, [panel], TextLine.Empty, TextLine.Empty).Draw(60, 9, BorderGlyphs.Lines).ToString();

    private static string Header(int columns, int rows, string more) => $"== {columns} by {rows}{more}\n";
}
