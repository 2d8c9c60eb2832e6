using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Paging;

/// <summary>One 64-bit paging-structure entry, exactly as it lies in guest RAM.</summary>
/// <param name="Raw">All 64 bits.</param>
/// <remarks>
/// One type serves every level; only bits 7 and 12 change meaning. Immutable: <see cref="With"/> returns a new value,
/// and only the code that owns the RAM writes it back.
/// Source: [SDM3 Paging, "Format of a Page-Table Entry that Maps a 4-KByte Page"].
/// </remarks>
public readonly record struct Pte(ulong Raw)
{
    /// <summary>Bits 51:12, the widest frame field.</summary>
    public const ulong FrameMask = 0x000F_FFFF_FFFF_F000;

    /// <summary>The entry of all zeros.</summary>
    public static Pte None => default;

    /// <summary>The entry takes part in translation at all.</summary>
    public bool Present => (Raw & (ulong)PteBits.P) != 0;

    /// <summary>The 4 KiB frame that holds the next table, or the first frame of the page at a leaf of any size.</summary>
    public Pfn Frame => new((Raw & FrameMask) >> 12);

    /// <summary>The protection key, 0 to 15; bits 62:59.</summary>
    public int ProtectionKey => (int)(Raw >> 59) & 0xF;

    /// <summary>True when every bit of <paramref name="bits"/> is set.</summary>
    public bool Has(PteBits bits) => (Raw & (ulong)bits) == (ulong)bits;

    /// <summary>True when the entry maps a page rather than pointing to a table.</summary>
    public bool IsLeafAt(PagingLevel level) =>
        level == PagingLevel.Pt || (level <= PagingLevel.Pdpt && Has(PteBits.PS));

    /// <summary>The first 4 KiB frame of the page that a leaf of <paramref name="size"/> maps: low frame bits masked off.</summary>
    public Pfn LeafFrame(PageSize size) => new((Raw & FrameMask & ~(size.Bytes() - 1)) >> 12);

    /// <summary>The same entry with <paramref name="bits"/> set.</summary>
    public Pte With(PteBits bits) => new(Raw | (ulong)bits);

    /// <summary>The same entry with <paramref name="bits"/> clear.</summary>
    public Pte Without(PteBits bits) => new(Raw & ~(ulong)bits);

    /// <summary>An entry that points to <paramref name="frame"/> with <paramref name="bits"/> set.</summary>
    public static Pte Of(Pfn frame, PteBits bits) => new(((frame.Raw << 12) & FrameMask) | (ulong)bits);

    /// <summary>Sixteen hexadecimal digits with prefix.</summary>
    public override string ToString() => $"0x{Raw:x16}";
}
