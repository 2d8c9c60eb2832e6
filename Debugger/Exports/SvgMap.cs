using System.Globalization;

namespace MmuEmu.Debugger.Exports;

/// <summary>Draws a map: a panel for each address space, a row for each page, time from left to right.</summary>
/// <param name="map">What is drawn.</param>
/// <param name="title">What stands above.</param>
/// <param name="unit">What time counts.</param>
/// <param name="begin">The first time.</param>
/// <param name="nameOf">The name of a process.</param>
internal sealed class SvgMap(FaultMap map, string title, string unit, ulong begin, Func<int, string> nameOf)
{
    private const int Left = 250;
    private const int Columns = 180;
    private const int Cell = 5;
    private const int Plot = Columns * Cell;
    private const int Width = Left + Plot + 40;
    private const int RowHeight = 11;
    private const int RunGap = 4;
    private const int Head = 62;
    private const int PanelHead = 26;
    private const int AxisHeight = 34;
    private const int Ticks = 6;
    private const int MostPanels = 6;
    private const int MostMapping = 20;

    private readonly SvgText _svg = new();
    private readonly ulong _span = Math.Max(1, map.Latest - Math.Min(begin, map.Latest) + 1);

    /// <summary>The drawing.</summary>
    public override string ToString()
    {
        List<IGrouping<int, MappedPage>> spaces = [.. map.Pages.GroupBy(page => page.Space)];
        List<IGrouping<int, MappedPage>> drawn =
            [.. spaces.OrderByDescending(space => space.Sum(page => page.Marks.Count)).Take(MostPanels).OrderBy(space => space.Key)];
        int y = Head;
        foreach (IGrouping<int, MappedPage> space in drawn)
        {
            y = Panel(space.Key, [.. space], y);
        }

        SvgLegend.Draw(_svg, Left - 200, y + 4);
        int height = y + (SvgLegend.Lines * SvgLegend.LineHeight) + 14;
        int leftOut = spaces.Count - drawn.Count;
        SvgText whole = new();
        whole.Raw(string.Create(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{height}\" viewBox=\"0 0 {Width} {height}\" role=\"img\">"));
        whole.Raw($"<title>{SvgText.Escaped(title)}</title>");
        whole.Raw("<style>text{font-family:sans-serif;fill:#111}.big{font-size:18px;font-weight:bold}.mid{font-size:13px;font-weight:bold}.small{font-size:11px}.tick{font-size:11px;text-anchor:middle}.page{font-family:monospace;font-size:10px}</style>");
        whole.Raw(SvgLegend.Patterns);
        whole.Rect(0, 0, Width, height, "fill=\"#fff\"");
        whole.Text(16, 28, title, "big");
        whole.Text(16, 47, $"Pages by time; time is {unit}.{(leftOut > 0 ? $" {leftOut} more address spaces with fewer faults are left out." : "")}", "small");
        return $"{whole}{_svg}</svg>\n";
    }

    private int Panel(int space, List<MappedPage> pages, int y)
    {
        IReadOnlyList<MapRow> rows = MapRow.Of(pages);
        int most = rows.Max(row => row.Pages.Count);
        int pid = map.OwnerOf(space);
        string folded = most > 1 ? $", up to {most} in a row" : "";
        _svg.Text(16, y + 14, $"space {space}{(pid == 0 ? "" : $": process {pid} {nameOf(pid)}")}, {pages.Count} pages{folded}", "mid");
        int top = y + PanelHead;
        int at = top;
        foreach (MapRow row in rows)
        {
            at += row.BeginsRun && at > top ? RunGap : 0;
            Row(row, at);
            at += RowHeight;
        }

        Axis(top, at);
        return at + AxisHeight;
    }

    private void Row(MapRow row, int y)
    {
        MappedPage first = row.Pages[0];
        if (row.BeginsRun)
        {
            string mapping = first.Mapping[(first.Mapping.LastIndexOf('/') + 1)..];
            _svg.Text(16, y + RowHeight - 2, $"0x{first.Page << 12:x} {(mapping.Length > MostMapping ? mapping[..MostMapping] : mapping)}", "page");
        }

        PageLook[] looks = row.Looks(Columns, EndOf);
        for (int start = 0, end; start < Columns; start = end)
        {
            end = start + 1;
            while (end < Columns && looks[end] == looks[start])
            {
                end++;
            }

            if (looks[start] != PageLook.Absent)
            {
                _svg.Rect(Left + (start * Cell), y, (end - start) * Cell, RowHeight - 1, SvgLegend.FillOf(looks[start]), $"{NameOf(row)}: {PageLooks.Says(looks[start])}");
            }
        }

        Marks(row, y);
    }

    private void Marks(MapRow row, int y)
    {
        HashSet<(int Column, MapMark Mark)> drawn = [];
        foreach ((MappedPage page, ulong at, MapMark mark) in row.Pages
            .SelectMany(page => page.Marks.Select(mark => (page, mark.At, mark.Mark))).Where(mark => mark.At >= begin).OrderBy(mark => mark.Mark).ThenBy(mark => mark.At))
        {
            int column = ColumnOf(at);
            if (drawn.Add((column, mark)))
            {
                SvgLegend.Draw(_svg, Left + (column * Cell) + (Cell / 2), y + (RowHeight / 2), mark, $"0x{page.Page << 12:x} at {at}: {SvgLegend.Says(mark)}");
            }
        }
    }

    private void Axis(int top, int bottom)
    {
        _svg.Raw(string.Create(CultureInfo.InvariantCulture, $"<path d=\"M{Left} {top - 3}V{bottom + 4}H{Left + Plot}\" fill=\"none\" stroke=\"#444\"/>"));
        for (int i = 0; i <= Ticks; i++)
        {
            int x = Left + (Plot * i / Ticks);
            ulong time = begin + (ulong)((UInt128)(_span - 1) * (uint)i / Ticks);
            _svg.Raw(string.Create(CultureInfo.InvariantCulture, $"<path d=\"M{x} {bottom + 4}v4\" stroke=\"#444\"/>"));
            _svg.Text(x, bottom + 20, time.ToString(CultureInfo.InvariantCulture), "tick");
        }
    }

    private static string NameOf(MapRow row) => row.Pages.Count == 1 ? $"0x{row.Pages[0].Page << 12:x}" : $"0x{row.Pages[0].Page << 12:x} to 0x{row.Pages[^1].Page << 12:x}";

    private int ColumnOf(ulong at) => (int)Math.Min(Columns - 1, (ulong)((UInt128)(at - begin) * Columns / _span));

    /// <summary>The last time of a column.</summary>
    private ulong EndOf(int column) => begin + (ulong)((UInt128)_span * (uint)(column + 1) / Columns);
}
