using MmuEmu.Emulator.Paging;

namespace MmuEmu.Debugger.Options;

/// <summary>Entries as people type them: a raw value, or the names of the bits.</summary>
internal static class EntryWords
{
    /// <summary>What the words are, for help and messages.</summary>
    public const string Form = "P W U PWT PCD A D PS PAT G NX, pfn=N (4 KiB frame), key=0..15, soft=N (bits 11:9), bitN and raw=VALUE (any bits)";

    private static readonly (string Word, PteBits Bit)[] Bits =
    [
        ("P", PteBits.P), ("W", PteBits.RW), ("RW", PteBits.RW), ("U", PteBits.US), ("US", PteBits.US), ("PWT", PteBits.PWT),
        ("PCD", PteBits.PCD), ("A", PteBits.A), ("D", PteBits.D), ("PS", PteBits.PS), ("G", PteBits.G), ("NX", PteBits.XD), ("XD", PteBits.XD),
    ];

    private static readonly (string Word, int Shift, ulong Most)[] Fields = [("pfn", 12, (1UL << 40) - 1), ("key", 59, 15), ("soft", 9, 7), ("raw", 0, ulong.MaxValue)];

    /// <summary>The words that can be typed.</summary>
    public static IEnumerable<Word> Words =>
        [.. Array.ConvertAll(Bits, b => new Word(b.Word)), new Word("PAT"), .. Array.ConvertAll(Fields, f => new Word($"{f.Word}="))];

    /// <summary>The entry of a raw value.</summary>
    /// <exception cref="CommandException">It is no number.</exception>
    public static Pte ParseRaw(string text) =>
        HexNumber.TryParse(text, out ulong raw)
            ? new Pte(raw)
            : throw new CommandException(ExitCodes.Usage, $"RAW '{text}': expected {HexNumber.Form}", "try: mmuemu pte decode 0x8000000012345867");

    /// <summary>The entry that <paramref name="words"/> describe at <paramref name="level"/>.</summary>
    /// <exception cref="CommandException">A word is not known.</exception>
    public static Pte Parse(IEnumerable<string> words, PagingLevel level)
    {
        ulong raw = 0;
        foreach (string word in words)
        {
            raw |= ValueOf(word, level);
        }

        return new Pte(raw);
    }

    private static ulong ValueOf(string word, PagingLevel level)
    {
        if (word.Equals("PAT", StringComparison.OrdinalIgnoreCase))
        {
            return (ulong)(level == PagingLevel.Pt ? PteBits.Pat4K : PteBits.PatLarge);
        }

        foreach ((string name, PteBits bit) in Bits)
        {
            if (name.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return (ulong)bit;
            }
        }

        if (word.StartsWith("bit", StringComparison.OrdinalIgnoreCase)
            && int.TryParse(word.AsSpan(3), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number)
            && number < 64)
        {
            return 1UL << number;
        }

        string[] halves = word.Split('=', 2);
        foreach ((string name, int shift, ulong most) in Fields)
        {
            if (name == halves[0] && halves.Length == 2 && HexNumber.TryParse(halves[1], out ulong value) && value <= most)
            {
                return value << shift;
            }
        }

        throw new CommandException(ExitCodes.Usage, $"'{word}': expected {Form}", "try: mmuemu pte encode P W U NX pfn=0x12345");
    }
}
