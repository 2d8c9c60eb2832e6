using MmuEmu.Emulator.Paging;

namespace MmuEmu.Debugger.View;

/// <summary>The bits of an entry as a strip of letters, a capital one for each that is set.</summary>
/// <remarks><code>
///  X gs DA ct UWP     X: XD   g: G   s: PS   D   A   c: PCD   t: PWT   U: U/S   W: R/W   P
/// </code></remarks>
internal static class BitLetters
{
    /// <summary>The strip with all bits clear: what its columns are.</summary>
    public const string Empty = "x gs da ct uwp";

    private static readonly (char Letter, PteBits Bit)[] Letters =
    [
        ('x', PteBits.XD), ('g', PteBits.G), ('s', PteBits.PS), ('d', PteBits.D), ('a', PteBits.A),
        ('c', PteBits.PCD), ('t', PteBits.PWT), ('u', PteBits.US), ('w', PteBits.RW), ('p', PteBits.P),
    ];

    /// <summary>The strip of a present entry; bits that mean nothing at its level are dashes.</summary>
    public static string Of(Pte entry, PagingLevel level)
    {
        char[] strip = Empty.ToCharArray();
        foreach ((char letter, PteBits bit) in Letters)
        {
            int at = Empty.IndexOf(letter, StringComparison.Ordinal);
            bool isNone = (bit is PteBits.D or PteBits.G && !entry.IsLeafAt(level)) || (bit == PteBits.PS && level is PagingLevel.Pt or > PagingLevel.Pdpt);
            strip[at] = isNone ? '-' : entry.Has(bit) ? char.ToUpperInvariant(letter) : letter;
        }

        return new string(strip);
    }

    /// <summary>Letters in which two entries differ, as capitals.</summary>
    public static string Changed(Pte old, Pte now) =>
        string.Concat(Letters.Where(one => old.Has(one.Bit) != now.Has(one.Bit)).Select(one => char.ToUpperInvariant(one.Letter)));

    /// <summary>What has changed: <c>A+D+</c>, <c>W-</c>, <c>new</c>, <c>gone</c>; empty for nothing.</summary>
    public static string Change(Pte old, Pte now)
    {
        if (old == now)
        {
            return "";
        }

        if (!old.Present || !now.Present)
        {
            return now.Present ? "new" : old.Present ? "gone" : "note+";
        }

        string bits = string.Concat(Letters.Where(one => old.Has(one.Bit) != now.Has(one.Bit)).Select(one => $"{char.ToUpperInvariant(one.Letter)}{(now.Has(one.Bit) ? '+' : '-')}"));
        return old.Frame != now.Frame ? $"pfn+{bits}" : bits.Length > 0 ? bits : "soft+";
    }
}
