using MmuEmu.Debugger.Screens;

namespace MmuEmu.Debugger.View;

/// <summary>A scene as a page of a screen of some size. Nothing but the scene and the size decides it.</summary>
internal static class ScenePage
{
    /// <summary>Rows below which panels of a narrow screen say only what is most needed.</summary>
    private const int ShortRows = 36;

    private const int WhyLinesWhenShort = 3;

    /// <summary>Panels of a higher rank are left out of a short page, unless the user chooses one.</summary>
    private const int MostRankWhenShort = 3;

    private static readonly string[] Keys =
    [
        "u micro", "s insn", "n line", "f fault", "m last change", "Shift: back", "? help", ": command", "q quit", "k kernel", "/ go to",
        "Tab address", "r reclaim", "g signal", "c call", "o out", "b mark", "1-8 panels",
    ];

    /// <summary>The panels, in the order in which the digits choose them.</summary>
    public static IReadOnlyList<Panel> Panels(Scene scene, int columns, int rows)
    {
        bool isShort = IsShort(columns, rows);
        int left = PanelLayout.RoomOf(PanelPlace.Left, columns);
        int right = PanelLayout.RoomOf(PanelPlace.Right, columns);
        int far = PanelLayout.RoomOf(PanelPlace.Far, columns);
        IEnumerable<TextLine> why = FactPanels.Why(scene, left);
        Panel[] panels =
        [
            new(WalkPanel.Title(scene), [.. WalkPanel.Lines(scene, left, isShort)], PanelPlace.Left, 0),
            new("why", [.. isShort ? why.Take(WhyLinesWhenShort) : why], PanelPlace.Left, 1),
            new(scene.Code.Title, [.. FactPanels.Code(scene, isShort)], PanelPlace.Right, 2),
            new("registers", [.. FactPanels.Registers(scene, right)], PanelPlace.Right, 4),
            new("mapping", [.. FactPanels.Map(scene, far)], PanelPlace.Far, 3),
            new("frame", [.. FactPanels.Frame(scene, left)], PanelPlace.Left, 5),
            new("output", [.. FactPanels.Output(scene)], PanelPlace.Far, 7),
            new("timeline", [.. TimelinePanel.Lines(scene, PanelLayout.RoomOf(PanelPlace.Wide, columns), rows < ShortRows)], PanelPlace.Wide, 6),
        ];
        return [.. panels.Select((panel, index) => panel with { Title = $"{index + 1} {panel.Title}" })];
    }

    /// <summary>The whole page.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="columns">Columns of the screen.</param>
    /// <param name="rows">Rows of the screen.</param>
    /// <param name="chosen">The panel that is scrolled, from 0; null for none.</param>
    /// <param name="top">Its first line that is shown.</param>
    /// <param name="box">What stands above the hints.</param>
    public static ScreenPage Of(Scene scene, int columns, int rows, int? chosen, int top, TextLine box)
    {
        bool isShort = IsShort(columns, rows);
        Panel[] panels =
        [
            .. Panels(scene, columns, rows)
                .Select((panel, index) => index == chosen ? panel with { IsChosen = true, Top = top } : panel)
                .Where(panel => !isShort || panel.IsChosen || panel.Rank <= MostRankWhenShort),
        ];
        return new ScreenPage(HeaderBar.Of(scene.Standing, columns), panels, box, Hints(columns));
    }

    /// <summary>The keys, as many as there is room for.</summary>
    public static TextLine Hints(int columns)
    {
        string text = "";
        foreach (string key in Keys)
        {
            text += text.Length + 2 + key.Length <= columns ? $"  {key}" : "";
        }

        return TextLine.Of(text.Length > 0 ? text[1..] : "", Role.Faint);
    }

    private static bool IsShort(int columns, int rows) => columns < PanelLayout.SideBySide && rows < ShortRows;
}
