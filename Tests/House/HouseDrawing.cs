using System.Globalization;
using System.Text;

namespace MmuEmu.Tests.House;

/// <summary>Draws the house: a bar for each room, lowest floor at the bottom, an arc for each use; upward ones in red.</summary>
internal static class HouseDrawing
{
    private const int RowHeight = 20;
    private const int Left = 210;
    private const int LinesPerPixel = 52;
    private const int Width = 1020;
    private const int Top = 74;

    private static readonly Dictionary<string, string> Colours = new()
    {
        ["Emulator"] = "#4e79a7",
        ["Kernel"] = "#59a14f",
        ["Debugger"] = "#b07aa1",
    };

    /// <summary>The picture as SVG; sizes in steps, so that it changes when the house does and not with every line.</summary>
    public static string Svg(IReadOnlyList<Room> rooms)
    {
        int height = Top + (rooms.Count * RowHeight) + 16;
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{height}\" viewBox=\"0 0 {Width} {height}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        svg.Append("<text x=\"16\" y=\"26\" font-size=\"16\" font-weight=\"bold\" fill=\"#222\">The house: rooms by floor, lowest at the bottom</text>\n");
        svg.Append("<text x=\"16\" y=\"46\" fill=\"#555\">A bar is as long as its room has lines. An arc on the right leads down from a room to one that it uses; a thicker one from more files.</text>\n");
        int upward = HousePlan.Upward(rooms).Count();
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"16\" y=\"62\" fill=\"{(upward == 0 ? "#555" : "#d00")}\">Uses that lead upward would be red: {(upward == 0 ? "there is none" : upward)}.</text>\n");
        for (int i = 0; i < rooms.Count; i++)
        {
            AppendRoom(svg, rooms[i], Middle(rooms.Count, i));
        }

        for (int from = 0; from < rooms.Count; from++)
        {
            for (int to = 0; to < rooms.Count; to++)
            {
                if (rooms[from].Uses.TryGetValue(rooms[to].Name, out int files))
                {
                    AppendArc(svg, Middle(rooms.Count, from), Middle(rooms.Count, to), files, from < to);
                }
            }
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static int Middle(int rooms, int floor) => Top + ((rooms - 1 - floor) * RowHeight) + (RowHeight / 2);

    private static void AppendRoom(StringBuilder svg, Room room, int y)
    {
        // Steps of 100 lines, and at least a sliver.
        int lines = Math.Max(100, (room.Lines + 50) / 100 * 100);
        int width = Math.Max(3, lines / LinesPerPixel);
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 8}\" y=\"{y + 4}\" text-anchor=\"end\" fill=\"#222\">{room.Name}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Left}\" y=\"{y - 7}\" width=\"{width}\" height=\"14\" rx=\"2\" fill=\"{Colours[room.Project]}\"/>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left + width + 6}\" y=\"{y + 4}\" font-size=\"10\" fill=\"#888\">{lines}</text>\n");
    }

    private static void AppendArc(StringBuilder svg, int from, int to, int files, bool isUpward)
    {
        const int start = 640;
        int reach = start + 14 + (Math.Abs(to - from) * 10 / 28);
        string colour = isUpward ? "#d00" : "#777";
        double thick = files >= 16 ? 2.2 : files >= 4 ? 1.2 : 0.6;
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{start},{from} C{reach},{from} {reach},{to} {start},{to}\" fill=\"none\" stroke=\"{colour}\" stroke-opacity=\"{(isUpward ? "1" : "0.45")}\" stroke-width=\"{thick}\"/>");
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{start},{to} l6,-3 l0,6 z\" fill=\"{colour}\"/>\n");
    }
}
