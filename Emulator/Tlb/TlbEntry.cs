using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Tlb;

/// <summary>One entry of a TLB or of a paging-structure cache: two words, as the arrays hold it.</summary>
/// <param name="Tag">What it answers for; 0 in an empty slot.</param>
/// <param name="Value">The entry as the levels combine: frame, memory-type bits, G, D and key of the last level; RW, US and XD of all.</param>
/// <remarks>
/// <code>
///  Tag    63     62..60   59..57   56..12             11..0
///         valid    0      level    address            PCID
///  Value  as a paging-structure entry; bits 53..52 hold the level of the page a piece was cut from, else 0
/// </code>
/// G is kept only while CR4.PGE is set; A is always 1 (T-005). Source: [SDM3 Paging, "Details of TLB Use", "Paging-Structure Caches"].
/// </remarks>
public readonly record struct TlbEntry(ulong Tag, ulong Value)
{
    private const ulong Valid = 1UL << 63;
    private const ulong AddressField = (1UL << 57) - 1;
    internal const ulong PcidField = 0xFFF;
    internal const int LevelShift = 57;
    private const int PieceShift = 52;
    private const ulong PieceField = 3UL << PieceShift;

    /// <summary>First byte of the region it answers for, canonical.</summary>
    public VirtAddr Address => new((ulong)((long)(Tag << 7) >> 7) & ~PcidField);

    /// <summary>Level of the entry it remembers: PT, PD or PDPT for pages; PD to PML5 in a paging-structure cache.</summary>
    public PagingLevel Level => (PagingLevel)((Tag >> LevelShift) & 7);

    /// <summary>The page size, for a TLB entry.</summary>
    public PageSize Size => (PageSize)Level;

    /// <summary>The PCID that was current when it was filled.</summary>
    public ushort Pcid => (ushort)(Tag & PcidField);

    /// <summary>Serves every PCID.</summary>
    public bool Global => (Value & (ulong)PteBits.G) != 0;

    /// <summary>D was set when it was filled; a write through it needs no assist.</summary>
    public bool Dirty => (Value & (ulong)PteBits.D) != 0;

    /// <summary>RW and US of all levels ANDed, XD ORed.</summary>
    public Rights Rights => Rights.All.Narrow(new Pte(Value));

    /// <summary>The protection key of the leaf.</summary>
    public int ProtectionKey => new Pte(Value).ProtectionKey;

    /// <summary>Index into the page attribute table, 0 to 7.</summary>
    public int MemoryTypeIndex => MemoryTypes.IndexOf(new Pte(Value), Size);

    /// <summary>First frame of the page, or of the next table.</summary>
    public Pfn Frame => new((Value & Pte.FrameMask & ~PageOffsetMask) >> 12);

    /// <summary>The size of the page that the tables map: above <see cref="Size"/> when this is a piece of it.</summary>
    public PageSize MappedSize => IsPiece ? (PageSize)((Value & PieceField) >> PieceShift) : Size;

    /// <summary>True when it is a piece of a larger page that no array of its level can hold.</summary>
    public bool IsPiece => (Value & PieceField) != 0;

    /// <summary>The tag under which <paramref name="address"/> is looked up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong TagOf(VirtAddr address, PagingLevel level, ushort pcid) =>
        Valid | ((ulong)level << LevelShift) | (address.Raw & AddressField & ~((1UL << (3 + (9 * (int)level))) - 1)) | pcid;

    /// <summary>The entry for a leaf that a walk reached, in the leaf's own size.</summary>
    /// <param name="leaf">The leaf, with A set and D as it stands in the tables.</param>
    /// <param name="address">The address walked for.</param>
    /// <param name="mode">The PCID; and whether G counts.</param>
    internal static TlbEntry Of(in Leaf leaf, VirtAddr address, in PagingMode mode)
    {
        ulong ignored = PieceField | (mode.Has(PagingBits.Pge) ? 0 : (ulong)PteBits.G);
        return new TlbEntry(
            TagOf(address, (PagingLevel)leaf.Size, mode.Pcid), Combine(leaf.Entry, leaf.Rights) & ~ignored);
    }

    /// <summary>The piece of this page that holds <paramref name="address"/>, or this entry when it has that size already.</summary>
    internal TlbEntry CutTo(PageSize held, VirtAddr address)
    {
        if (held == Size)
        {
            return this;
        }

        ulong offset = address.Raw & (Size.Bytes() - 1) & ~(held.Bytes() - 1);
        ulong pat = (Value & (ulong)PteBits.PatLarge) == 0 ? 0
            : held == PageSize.Size4K ? (ulong)PteBits.Pat4K : (ulong)PteBits.PatLarge;
        ulong ps = held == PageSize.Size4K ? 0 : (ulong)PteBits.PS;
        ulong kept = Value & ~(Pte.FrameMask | PieceField | (ulong)PteBits.PS);
        ulong value = kept | Frame.Base.Raw | offset | ps | pat | ((ulong)MappedSize << PieceShift);
        return new TlbEntry(TagOf(address, (PagingLevel)held, Pcid), value);
    }

    /// <summary>The value for an entry that points to a table: frame and rights, nothing else (T-073).</summary>
    internal static ulong ValueOf(Pte entry, Rights rights) =>
        Combine(new Pte(entry.Raw & Pte.FrameMask), rights) | (ulong)(PteBits.P | PteBits.A);

    private static ulong Combine(Pte entry, Rights rights)
    {
        const ulong mask = (ulong)(PteBits.RW | PteBits.US | PteBits.XD);
        return (entry.Raw & ~mask) | ((rights.Raw ^ (ulong)PteBits.XD) & mask);
    }

    private ulong PageOffsetMask => new Pte(Value).IsLeafAt(Level) ? Level.Span() - 1 : 0;
}
