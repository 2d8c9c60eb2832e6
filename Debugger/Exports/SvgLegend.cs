namespace MmuEmu.Debugger.Exports;

/// <summary>What the fills and signs of a map look like, and what they mean: each can be told from the others without its colour.</summary>
internal static class SvgLegend
{
    /// <summary>Pixels of a line.</summary>
    public const int LineHeight = 18;

    private const int ColumnWidth = 300;
    private const int Swatch = 28;

    private static readonly PageLook[] Looks =
        [PageLook.Clean, PageLook.Dirty, PageLook.Zero, PageLook.Shared, PageLook.Volatile, PageLook.LazyFree, PageLook.Swapped, PageLook.Purged, PageLook.Hole];

    private static readonly MapMark[] Marks = [MapMark.Fault, MapMark.Signal, MapMark.Taken];

    /// <summary>How many lines it takes.</summary>
    public static int Lines => (Looks.Length + Marks.Length + 2) / 3;

    /// <summary>The fills that <see cref="FillOf"/> names.</summary>
    public const string Patterns =
        """
        <defs>
        <pattern id="zero" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#fff"/><circle cx="3" cy="3" r="1.3" fill="none" stroke="#666" stroke-width="0.8"/></pattern>
        <pattern id="shared" width="4" height="4" patternUnits="userSpaceOnUse"><rect width="4" height="4" fill="#d9f0d3"/><path d="M1 0V4" stroke="#1b7837" stroke-width="1.6"/></pattern>
        <pattern id="volatile" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#fff3d6"/><path d="M-1 1L1 -1M0 6L6 0M5 7L7 5" stroke="#b35806" stroke-width="1.3"/></pattern>
        <pattern id="lazy" width="5" height="5" patternUnits="userSpaceOnUse"><rect width="5" height="5" fill="#fffbcc"/><circle cx="2.5" cy="2.5" r="1.4" fill="#6b5900"/></pattern>
        <pattern id="swapped" width="4" height="4" patternUnits="userSpaceOnUse"><rect width="4" height="4" fill="#eee"/><path d="M0 1H4" stroke="#444" stroke-width="1.4"/></pattern>
        <pattern id="purged" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#fde0dd"/><path d="M0 0L6 6M6 0L0 6" stroke="#a50f15" stroke-width="1.1"/></pattern>
        <pattern id="hole" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#fff"/><path d="M0 0L6 6" stroke="#999" stroke-width="0.9"/></pattern>
        </defs>
        """;

    /// <summary>The fill of a look, as an attribute.</summary>
    public static string FillOf(PageLook look) => look switch
    {
        PageLook.Absent => "fill=\"none\"",
        PageLook.Hole => "fill=\"url(#hole)\"",
        PageLook.Zero => "fill=\"url(#zero)\"",
        PageLook.Clean => "fill=\"#c6dbef\"",
        PageLook.Shared => "fill=\"url(#shared)\"",
        PageLook.Dirty => "fill=\"#2166ac\"",
        PageLook.LazyFree => "fill=\"url(#lazy)\"",
        PageLook.Volatile => "fill=\"url(#volatile)\"",
        PageLook.Swapped => "fill=\"url(#swapped)\"",
        PageLook.Purged => "fill=\"url(#purged)\"",
    };

    /// <summary>Draws a sign around a point.</summary>
    public static void Draw(SvgText svg, int x, int y, MapMark mark, string? title = null)
    {
        (string path, string style) = mark switch
        {
            MapMark.Fault => ("M0 -4L4 4H-4Z", "fill=\"#000\" stroke=\"#fff\" stroke-width=\"0.8\""),
            MapMark.Signal => ("M-4 -4L4 4M4 -4L-4 4", "stroke=\"#c00\" stroke-width=\"2.6\" fill=\"none\""),
            MapMark.Taken => ("M0 -4.5L4.5 0L0 4.5L-4.5 0Z", "fill=\"#fff\" stroke=\"#000\" stroke-width=\"1.4\""),
        };
        svg.Path(x, y, path, style, title);
    }

    /// <summary>What a sign means.</summary>
    public static string Says(MapMark mark) => mark switch
    {
        MapMark.Fault => "page fault, handled",
        MapMark.Signal => "page fault that ends in a signal",
        MapMark.Taken => "frame taken: purged or freed lazily",
    };

    /// <summary>Draws it.</summary>
    public static void Draw(SvgText svg, int x, int y)
    {
        for (int i = 0; i < Looks.Length + Marks.Length; i++)
        {
            int left = x + (i % 3 * ColumnWidth);
            int top = y + (i / 3 * LineHeight);
            if (i < Looks.Length)
            {
                svg.Rect(left, top, Swatch, LineHeight - 6, $"{FillOf(Looks[i])} stroke=\"#888\" stroke-width=\"0.6\"");
                svg.Text(left + Swatch + 8, top + 10, PageLooks.Says(Looks[i]), "small");
            }
            else
            {
                MapMark mark = Marks[i - Looks.Length];
                Draw(svg, left + (Swatch / 2), top + 6, mark);
                svg.Text(left + Swatch + 8, top + 10, Says(mark), "small");
            }
        }
    }
}
