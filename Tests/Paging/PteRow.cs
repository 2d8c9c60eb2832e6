using System.Globalization;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Paging;

/// <summary>One row of Tests/Data/pte: where it stands, its format, and its columns.</summary>
/// <param name="Place">File and line.</param>
/// <param name="Format">hardware or software.</param>
/// <param name="Columns">The columns without the blanks around them.</param>
public sealed record PteRow(string Place, string Format, IReadOnlyList<string> Columns)
{
    private static readonly Dictionary<string, PagingBits> ControlBits = new(StringComparer.Ordinal)
    {
        ["WP"] = PagingBits.Wp,
        ["NXE"] = PagingBits.Nxe,
        ["SMEP"] = PagingBits.Smep,
        ["SMAP"] = PagingBits.Smap,
        ["AC"] = PagingBits.Ac,
        ["PKE"] = PagingBits.Pke,
        ["PAGE1G"] = PagingBits.Page1G,
        ["PML4BIT8"] = PagingBits.Pml4Bit8Reserved,
    };

    public static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "Tests", "Data", "pte"), "*.txt").Order(StringComparer.Ordinal);

    public static IEnumerable<PteRow> ReadAll(string format) => Files().SelectMany(Read).Where(row => row.Format == format);

    public static IEnumerable<PteRow> Read(string file)
    {
        string format = "";
        foreach ((int index, string line) in File.ReadLines(file).Index())
        {
            if (line.StartsWith("format ", StringComparison.Ordinal))
            {
                format = line[7..].Trim();
            }
            else if (line.Trim() is { Length: > 0 } text && text[0] != '#')
            {
                yield return new PteRow(
                    $"{Path.GetFileName(file)}:{index + 1}", format, text.Split('|', StringSplitOptions.TrimEntries));
            }
        }
    }

    public Pte Entry => new(Hex(Columns[0]));

    public PagingLevel Level => Enum.GetValues<PagingLevel>().Single(level => level.EntryName() == Columns[1]);

    public PagingMode Mode
    {
        get
        {
            string[] words = Columns[2].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            PagingBits bits = words[0] == "-"
                ? PagingBits.None
                : words[0].Split(',').Aggregate(PagingBits.None, (all, name) => all | ControlBits[name]);
            return new PagingMode(
                default,
                0,
                Level == PagingLevel.Pml5 ? bits | PagingBits.La57 : bits,
                byte.Parse(Value(words, "width", "48"), CultureInfo.InvariantCulture),
                (uint)Hex(Value(words, "pkru", "0x0")));
        }
    }

    /// <summary>The column with its numbers as the reader finds them: kind of access and expected outcome.</summary>
    public IEnumerable<(Access Access, string Expected)> Effects()
    {
        AccessKind[] kinds = [AccessKind.Read, AccessKind.Write, AccessKind.Fetch];
        foreach ((int column, AccessOrigin origin) in new[] { (5, AccessOrigin.User), (6, AccessOrigin.Supervisor) })
        {
            string[] words = Columns[column].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            for (int i = 0; i < 3; i++)
            {
                yield return (new Access(default, kinds[i], origin), words[i]);
            }
        }
    }

    public static ulong Hex(string text) =>
        ulong.Parse(text.Replace("0x", "", StringComparison.Ordinal), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    public override string ToString() => Place;

    private static string Value(string[] words, string name, string otherwise) =>
        words.FirstOrDefault(w => w.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..] ?? otherwise;
}
