using System.Globalization;
using MmuEmu.Debugger.Screens;

namespace MmuEmu.Debugger.View;

/// <summary>The bar at the top: who, when, and whether that is the past.</summary>
internal static class HeaderBar
{
    /// <summary>The bar; all of it in reverse video in the past.</summary>
    public static TextLine Of(Standing standing, int columns)
    {
        string end = standing.IsWhole ? "" : "+";
        string text = $" mmuemu  {OwnText.Printable(standing.Program)}  T {Grouped(standing.Time)} / {Grouped(standing.Explored.ToString(CultureInfo.InvariantCulture))}{end}";
        string[] items =
        [
            standing.IsPast ? "<< PAST >>" : "",
            standing.Pending.Length == 0 ? "" : $"{standing.Pending} pending",
            standing.End.Length == 0 ? "" : "END OF THE RUN",
            standing.Trouble.Length == 0 ? "" : $"TROUBLE: {standing.Trouble}",
            standing.IsPast ? "End: to the newest" : "",
            standing.Task,
        ];
        foreach (string item in items.Where(item => item.Length > 0))
        {
            // What has no room is left out whole, but for trouble.
            bool isKept = CellText.WidthOf(text) + 2 + CellText.WidthOf(item) <= columns || item.StartsWith("TROUBLE", StringComparison.Ordinal);
            text += isKept ? $"  {item}" : "";
        }

        int blank = Math.Max(columns - CellText.WidthOf(text), 0);
        return TextLine.Of(text + new string(' ', blank), standing.IsPast ? Role.Cursor : Role.Strong);
    }

    /// <summary>Digits in groups of three; the step as it is.</summary>
    public static string Grouped(string position)
    {
        string[] parts = position.Split('.');
        string digits = parts[0];
        for (int at = digits.Length - 3; at > 0; at -= 3)
        {
            digits = digits.Insert(at, " ");
        }

        return parts.Length == 1 ? digits : $"{digits}.{parts[1]}";
    }
}
