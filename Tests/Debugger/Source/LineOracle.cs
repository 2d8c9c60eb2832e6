using System.Globalization;
using System.Text.RegularExpressions;
using MmuEmu.Debugger.Source;

namespace MmuEmu.Tests.Debugger.Source;

/// <summary>What binutils say of a file's lines, as text that our own tables can be written in as well.</summary>
internal static class LineOracle
{
    private static readonly Regex Row = new(@"^(?<file>\S+)\s+(?<line>\d+|-)\s+(?<at>0x[0-9a-f]+|0)(\[\d+\])?(\s+\d+)?(?<stmt>\s+x)?(\s+END)?\s*$");

    /// <summary>Every row of every line table as <c>readelf --debug-dump=decodedline</c> prints it: file name, line, address, x for a statement.</summary>
    public static async Task<string[]> Rows(SourcePrograms folder, string program)
    {
        string text = await folder.Run("readelf", "-W", "--debug-dump=decodedline", program);
        return [.. text.Split('\n').Select(line => Row.Match(line)).Where(row => row.Success).Select(Text)];
    }

    /// <summary>Our own rows in the same words.</summary>
    public static string[] Rows(SourceMap map) =>
        [.. map.Info.AllLines().SelectMany(table => table.Rows.Select(row => Text(Path.GetFileName(table.FileOf(row.File)), row)))];

    /// <summary>What <paramref name="tool"/> <c>-f -i</c> says of each address, a line each: function and place, innermost first.</summary>
    public static async Task<string[]> Frames(SourcePrograms folder, string tool, string program, IEnumerable<ulong> addresses)
    {
        string text = await folder.Run(tool, ["-a", "-f", "-i", "-e", program, .. addresses.Select(at => $"0x{at:x}")]);
        List<string> all = [];
        string[] lines = text.TrimEnd('\n').Split('\n');
        for (int i = 0; i < lines.Length;)
        {
            if (lines[i].StartsWith("0x", StringComparison.Ordinal))
            {
                all.Add($"0x{ulong.Parse(lines[i][2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture):x}:");
                i++;
                continue;
            }

            all[^1] += $" {Plain(lines[i])} {Place(lines[i + 1])}";
            i += 2;
        }

        return [.. all];
    }

    /// <summary>Our own frames in the same words.</summary>
    public static string Frames(SourceMap map, ulong address)
    {
        IReadOnlyList<SourceFrame> frames = map.FramesAt(address);
        return frames.Count == 0
            ? $"0x{address:x}: {Plain(map.FunctionAt(address)?.Name ?? "??")} ??:0"
            : $"0x{address:x}:" + string.Concat(frames.Select(frame => $" {Name(frame)} {(frame.File.Length == 0 ? "??" : SourcePath.Plain(frame.File))}:{frame.Line}"));
    }

    /// <summary>True when both say the same; behind the end of a function, where we name none, the tools name the one before.</summary>
    public static bool Agree(string ours, string theirs)
    {
        (string[] own, string[] other) = (ours.Split(' '), theirs.Split(' '));
        return ours == theirs || (own is [_, "??", _] && other.Length == 3 && own[2] == other[2]);
    }

    private static string Name(SourceFrame frame) => Plain(frame.Linkage.Length > 0 ? frame.Linkage : frame.Function.Length > 0 ? frame.Function : "??");

    /// <summary>A name without what a compiler adds to that of a changed copy, as in <c>deep.constprop.0</c>, and with constructors of one code alike: some tools take names from symbols.</summary>
    private static string Plain(string name) =>
        name.Split('.')[0].Replace("C2E", "C1E", StringComparison.Ordinal).Replace("D2E", "D1E", StringComparison.Ordinal);

    private static string Place(string text)
    {
        string plain = text.Split(" (discriminator")[0];
        int colon = plain.LastIndexOf(':');
        string file = plain[..colon];
        return $"{(file == "??" ? file : SourcePath.Plain(file))}:{(plain[(colon + 1)..] == "?" ? "0" : plain[(colon + 1)..])}";
    }

    private static string Text(Match row)
    {
        string at = row.Groups["at"].Value;
        string line = row.Groups["line"].Value;
        return $"{Path.GetFileName(row.Groups["file"].Value)} {line} {(at == "0" ? "0x0" : at)}{(row.Groups["stmt"].Success && line != "-" ? " x" : "")}";
    }

    private static string Text(string file, in LineRow row) =>
        $"{file} {(row.IsEnd ? "-" : row.Line.ToString(CultureInfo.InvariantCulture))} 0x{row.Address:x}{(row.IsStatement && !row.IsEnd ? " x" : "")}";
}
