using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Kernel.Vmas;

/// <summary>One mapping of an address space: a page-aligned range with the same properties throughout.</summary>
/// <remarks>Its borders change only through <see cref="VmaTree"/>. Source: [Linux include/linux/mm_types.h, vm_area_struct].</remarks>
internal sealed class Vma : IStateful
{
    private VmFlags _flags;
    private ulong _placeInFamily;
    private ulong _placeInFile;

    /// <summary>A mapping of <paramref name="space"/>, not yet in its tree.</summary>
    public Vma(AddressSpace space, VirtRange range, VmFlags flags)
    {
        Space = space;
        Range = range;
        PageBits = default;
        PgOff = range.Start.Raw >> 12;
        Flags = flags;
    }

    /// <summary>Whose mapping it is.</summary>
    public AddressSpace Space { get; }

    /// <summary>Where it lies.</summary>
    public VirtRange Range { get; internal set; }

    /// <summary>The first byte.</summary>
    public VirtAddr Start => Range.Start;

    /// <summary>One past the last byte.</summary>
    public VirtAddr End => Range.End;

    /// <summary>Its properties.</summary>
    public VmFlags Flags
    {
        get => _flags;
        set => (_flags, PageBits) = (value, PageBitsOf(value));
    }

    /// <summary>The entry bits of a page here that nothing shares: P, US, RW and XD as the access rights say, A set, or the PROT_NONE form.</summary>
    public ulong PageBits { get; private set; }

    /// <summary>The first page's number in the file, or its linear page index in anonymous memory.</summary>
    public ulong PgOff { get; set; }

    /// <summary>The file; null for private anonymous memory.</summary>
    public IBacking? Backing { get; init; }

    /// <summary>The family of its anonymous pages; null until the first one.</summary>
    public AnonVma? AnonVma { get; private set; }

    /// <summary>A name for /proc/PID/maps where no file gives one, such as [heap]; may be null.</summary>
    public string? Label { get; set; }

    /// <summary>True for private memory without a file: what vma_is_anonymous asks.</summary>
    public bool IsAnonymous => Backing is null;

    /// <summary>True when every bit of <paramref name="bits"/> is set.</summary>
    public bool Has(VmFlags bits) => (_flags & bits) == bits;

    /// <summary>The linear page index, or page number in the file, of <paramref name="address"/>.</summary>
    public ulong IndexOf(VirtAddr address) => ((address.Raw - Start.Raw) >> 12) + PgOff;

    /// <summary>Where the page with <paramref name="index"/> would be; false when outside the mapping.</summary>
    public bool TryAddressOf(ulong index, out VirtAddr address)
    {
        address = new VirtAddr(unchecked(Start.Raw + ((index - PgOff) << 12)));
        return index >= PgOff && index - PgOff < Range.PageCount;
    }

    /// <summary>The entry that maps <paramref name="frame"/> here, with <paramref name="extra"/> bits set.</summary>
    public Pte EntryOf(Pfn frame, PteBits extra) => new((frame.Raw << 12) | PageBits | (ulong)extra);

    /// <summary>The entry bits without RW: for pages that others share until one writes.</summary>
    public Pte ReadOnlyEntryOf(Pfn frame, PteBits extra) => EntryOf(frame, extra).Without(PteBits.RW);

    /// <summary>The entry that <paramref name="old"/> becomes when only the rights change: frame, A, D and the special bit stay, RW is off.</summary>
    /// <remarks>Source: [Linux arch/x86/include/asm/pgtable.h, pte_modify].</remarks>
    public Pte Reprotected(Pte old)
    {
        const ulong Kept = Pte.FrameMask | (ulong)(PteBits.A | PteBits.D) | SoftPteFormat.SpecialBit;
        return new Pte((old.Raw & Kept) | (PageBits & ~Kept)).Without(PteBits.RW);
    }

    /// <summary>The same for a leaf met at <paramref name="level"/>, which stays one.</summary>
    public Pte Reprotected(Pte old, PagingLevel level) => level == PagingLevel.Pt ? Reprotected(old) : Reprotected(old).With(PteBits.PS);

    /// <summary>Joins a family of anonymous pages; the mapping has none yet.</summary>
    public void Join(AnonVma family)
    {
        AnonVma = family;
        family.Link(this);
    }

    /// <summary>The number under which a list holds it; grows with each mapping that comes on that list.</summary>
    internal ulong PlaceOn(VmaLink list) => list == VmaLink.Family ? _placeInFamily : _placeInFile;

    /// <summary>Notes that number.</summary>
    internal void SetPlace(VmaLink list, ulong place)
    {
        if (list == VmaLink.Family)
        {
            _placeInFamily = place;
        }
        else
        {
            _placeInFile = place;
        }
    }

    /// <summary>Puts the mapping on the lists that the reverse map walks, when it enters the tree.</summary>
    internal void Opened()
    {
        if (Backing is not null)
        {
            Backing.Mapping.Link(this);
            Backing.MappingOpened();
        }
    }

    /// <summary>Takes the mapping off those lists, when it leaves the tree.</summary>
    internal void Closed()
    {
        if (Backing is not null)
        {
            Backing.Mapping.Unlink(this);
            Backing.MappingClosed();
        }

        AnonVma?.Unlink(this);
        AnonVma = null;
    }

    /// <summary>Range and rights, as /proc/PID/maps begins a line.</summary>
    public override string ToString() => TextOf(Range, Flags);

    /// <summary>Likewise, of a range with properties.</summary>
    internal static string TextOf(VirtRange range, VmFlags flags) =>
        $"{range} {(flags.Has(VmFlags.Read) ? 'r' : '-')}{(flags.Has(VmFlags.Write) ? 'w' : '-')}{(flags.Has(VmFlags.Exec) ? 'x' : '-')}{(flags.Has(VmFlags.MayShare) ? 's' : 'p')}";

    private static ulong PageBitsOf(VmFlags flags)
    {
        if (!flags.HasAny(VmFlagsOps.Access))
        {
            return SoftPteFormat.ProtNoneBit | (ulong)PteBits.A;
        }

        PteBits bits = PteBits.P | PteBits.US | PteBits.A;
        bits |= flags.Has(VmFlags.Write) ? PteBits.RW : PteBits.None;
        bits |= flags.Has(VmFlags.Exec) ? PteBits.None : PteBits.XD;
        return (ulong)bits;
    }

    object IStateful.Save(object? last) => SavedItems.Same((Range, Flags, PgOff, AnonVma, Label, _placeInFamily, _placeInFile), last);

    void IStateful.Restore(object state) => (Range, Flags, PgOff, AnonVma, Label, _placeInFamily, _placeInFile) =
        ((VirtRange, VmFlags, ulong, AnonVma?, string?, ulong, ulong))state;

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(Space);
        visitor.SeeAny(Backing);
        visitor.See(AnonVma);
    }
}
