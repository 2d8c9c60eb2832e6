using System.Globalization;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Matrix;

/// <summary>One row of a file of entries and what becomes of them: where it stands, its format, and its columns.</summary>
/// <remarks>
/// <code>
///  format hardware:  raw | level | control bits width=N pkru=0x… | bits | what it is | user r w x | supervisor r w x
///  format software:  raw | profile | kind | type | offset or frame
/// </code>
/// <c>#</c> begins a comment line.
/// </remarks>
/// <param name="Place">File and line.</param>
/// <param name="Format">hardware or software.</param>
/// <param name="Columns">The columns without the blanks around them.</param>
internal sealed record PteRow(string Place, string Format, IReadOnlyList<string> Columns)
{
    /// <summary>The format of entries as the processor takes them.</summary>
    public const string Hardware = "hardware";

    /// <summary>The format of entries as the kernel keeps them.</summary>
    public const string Software = "software";

    private static readonly Dictionary<string, PagingBits> ControlBits = new(StringComparer.OrdinalIgnoreCase)
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

    /// <summary>The rows of a file, top down.</summary>
    /// <param name="file">Its path.</param>
    /// <exception cref="IOException">It cannot be read; likewise <see cref="UnauthorizedAccessException"/>.</exception>
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
                yield return new PteRow($"{Path.GetFileName(file)}:{index + 1}", format, text.Split('|', StringSplitOptions.TrimEntries));
            }
        }
    }

    /// <summary>The entry: the first column.</summary>
    /// <exception cref="FormatException">It is no number.</exception>
    public Pte Entry => new(Hex(Columns[0]));

    /// <summary>Its level: the second column of a hardware row.</summary>
    /// <exception cref="FormatException">There is no such level.</exception>
    public PagingLevel Level
    {
        get
        {
            for (PagingLevel level = PagingLevel.Pt; level <= PagingLevel.Pml5; level++)
            {
                if (level.EntryName() == Columns[1])
                {
                    return level;
                }
            }

            throw new FormatException($"level '{Columns[1]}': expected PTE, PDE, PDPTE, PML4E or PML5E");
        }
    }

    /// <summary>The control state: the third column of a hardware row.</summary>
    /// <exception cref="FormatException">A word is not known.</exception>
    public PagingMode Mode
    {
        get
        {
            string[] words = Columns[2].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            PagingBits bits = PagingBits.None;
            foreach (string name in words is [] or ["-", ..] ? [] : words[0].Split(','))
            {
                bits |= ControlBits.TryGetValue(name, out PagingBits bit)
                    ? bit
                    : throw new FormatException($"control bit '{name}': expected {string.Join(", ", ControlBits.Keys)}, or - for none");
            }

            string width = Value(words, "width", "48");
            byte maxPhyAddr = byte.TryParse(width, CultureInfo.InvariantCulture, out byte number) && number is >= 36 and <= 52
                ? number
                : throw new FormatException($"width '{width}': expected 36 to 52");
            uint pkru = unchecked((uint)Hex(Value(words, "pkru", "0x0")));
            return new PagingMode(default, 0, Level == PagingLevel.Pml5 ? bits | PagingBits.La57 : bits, maxPhyAddr, pkru);
        }
    }

    /// <summary>The last two columns of a hardware row: each access, and what it is to meet.</summary>
    /// <exception cref="FormatException">One is missing.</exception>
    public IEnumerable<(Access Access, string Expected)> Effects()
    {
        AccessKind[] kinds = [AccessKind.Read, AccessKind.Write, AccessKind.Fetch];
        foreach ((int column, AccessOrigin origin) in ((int, AccessOrigin)[])[(5, AccessOrigin.User), (6, AccessOrigin.Supervisor)])
        {
            string[] words = Columns[column].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != kinds.Length)
            {
                throw new FormatException($"'{Columns[column]}': expected three words, for read, write and fetch");
            }

            for (int i = 0; i < kinds.Length; i++)
            {
                yield return (new Access(default, kinds[i], origin), words[i]);
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Place;

    private static ulong Hex(string text) =>
        ulong.TryParse(text.Replace("0x", "", StringComparison.Ordinal), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : throw new FormatException($"'{text}': expected a hexadecimal number");

    private static string Value(string[] words, string name, string otherwise) =>
        Array.Find(words, word => word.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..] ?? otherwise;
}
