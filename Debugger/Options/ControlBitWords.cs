using MmuEmu.Emulator.Paging;

namespace MmuEmu.Debugger.Options;

/// <summary>Control bits by name.</summary>
internal static class ControlBitWords
{
    /// <summary>The names, for help and messages.</summary>
    public static string Form => string.Join(',', Bits.Select(b => b.Word));

    /// <summary>The names as a list's words.</summary>
    public static ValueWords MakeList() => ValueWords.ListOf(() => Array.ConvertAll(Bits, b => new Word(b.Word)));

    private static (string Word, PagingBits Bit)[] Bits { get; } =
    [
        ("wp", PagingBits.Wp), ("smep", PagingBits.Smep), ("smap", PagingBits.Smap), ("ac", PagingBits.Ac), ("pke", PagingBits.Pke),
        ("nxe", PagingBits.Nxe), ("pge", PagingBits.Pge), ("page1g", PagingBits.Page1G), ("la57", PagingBits.La57),
        ("pml4bit8", PagingBits.Pml4Bit8Reserved),
    ];

    /// <summary>The bits that have names, as a list.</summary>
    public static string TextOf(PagingBits bits) => string.Join(',', Bits.Where(known => (bits & known.Bit) != 0).Select(known => known.Word));

    /// <summary>All bits of a list separated by commas.</summary>
    /// <exception cref="CommandException">A word is not known.</exception>
    public static PagingBits Parse(string option, string list)
    {
        PagingBits bits = PagingBits.None;
        foreach (string word in list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int index = Array.FindIndex(Bits, b => b.Word.Equals(word, StringComparison.OrdinalIgnoreCase));
            bits |= index >= 0
                ? Bits[index].Bit
                : throw new CommandException(ExitCodes.Usage, $"{option} '{word}': expected {Form}", $"try: {option} wp,nxe,smep");
        }

        return bits;
    }
}
