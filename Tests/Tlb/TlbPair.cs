using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Oracles;

namespace MmuEmu.Tests.Tlb;

/// <summary>The caches and their scanning reference, driven by one sequence of random steps.</summary>
internal sealed class TlbPair
{
    private const ulong Base = 0x7F00_4000_0000;
    private static readonly Rights Everything = Rights.All;

    private readonly TlbHierarchy _real;
    private readonly ScanningTlb _reference;
    private readonly Listener _listener = new();
    private readonly Random _random;
    private readonly bool _caches;

    // Over so many ways the order of emptied slots, and so that of a list, follows from the kind of recency.
    private readonly bool _anyOrder;
    private PagingMode _mode = new(new Pfn(1), 0, PagingBits.Pge | PagingBits.Pcide | PagingBits.Page1G, 40, 0);
    private ulong _mapping = 1;

    public TlbPair(TlbMode mode, TlbGeometry geometry, ulong seed)
    {
        _random = new Random((int)seed);
        _real = new TlbHierarchy(mode, geometry) { LookAside = _listener };
        _reference = mode == TlbMode.NoCache ? new(TlbMode.Preset, Nothing) : new(mode, geometry);
        _caches = mode != TlbMode.NoCache;
        _anyOrder = mode == TlbMode.Preset && geometry.Data.Concat(geometry.Code).Concat(geometry.Second).Any(shape => shape.Ways > 128);
    }

    /// <summary>What the last step gave, by the caches.</summary>
    public string Real { get; private set; } = "";

    /// <summary>What the last step gave, by the reference.</summary>
    public string Expected { get; private set; } = "";

    private static TlbGeometry Nothing => new() { Data = [], Code = [], Second = [], Psc = default };

    /// <summary>Does one thing to both; gives its name.</summary>
    public string Step()
    {
        _listener.Told.Clear();
        _reference.Told.Clear();
        (Real, Expected) = ("", "");
        string what = _random.Next(40) switch
        {
            < 28 => Use(),
            < 30 => Drop(),
            < 36 => Invalidate(OnePage()),
            36 => Invalidate(Wide()),
            37 => LoadCr3(),
            38 => Remap(),
            _ => _random.Next(6) == 0 ? TogglePge() : Use(),
        };
        Real += " told " + string.Join(", ", _listener.Told.Order(StringComparer.Ordinal));
        Expected += " told " + string.Join(", ", _reference.Told.Order(StringComparer.Ordinal));
        return what;
    }

    /// <summary>Compares the contents of all caches, slot by slot where the order of slots is defined: of upper entries it is not, and decides nothing.</summary>
    public void ShouldHoldTheSame(string when)
    {
        foreach (TlbArrayName name in Enum.GetValues<TlbArrayName>())
        {
            List<TlbEntry> real = [];
            _real.List(name, real);
            List<TlbEntry> expected = _reference.List(name);
            real.ShouldBe(expected, ignoreOrder: _anyOrder || name >= TlbArrayName.Pde, $"{name}, {when}");
        }
    }

    private string Use() => Use(Somewhere());

    private string Use(VirtAddr address)
    {
        AccessKind kind = (AccessKind)_random.Next(3);
        TlbStage first = _real.FirstFor(kind);
        int level = first.TryUse(address, _mode.Pcid, out ulong value, out PageSize size) ? 1
            : _real.TryUseSecond(new Access(address, kind, AccessOrigin.User), _mode.Pcid, out value, out size) ? 2 : 0;
        (int Level, ulong Value, PageSize Size) expected = _reference.Use(kind, address, _mode.Pcid);
        Real = level == 0 ? "miss" : $"level {level} {value:x} {size}";
        Expected = expected.Level == 0 ? "miss" : $"level {expected.Level} {expected.Value:x} {expected.Size}";
        if (level == 0 && expected.Level == 0 && _caches)
        {
            Walk(kind, address);
        }

        return $"{kind} of {address} under {_mode.Pcid}";
    }

    /// <summary>Remembers the upper entries and fills, as after a walk.</summary>
    private void Walk(AccessKind kind, VirtAddr address)
    {
        _real.Psc.StartOf(address, _mode, out WalkStart start);
        Real += $" from {(start.Level == _mode.RootLevel ? 0 : start.Table.Raw)}";
        Expected += $" from {new Pte(_reference.UseUpper(address, _mode.Pcid)).Frame.Raw}";
        Leaf leaf = LeafOf(address);
        WalkPath path = default;
        for (PagingLevel level = start.Level; level > (PagingLevel)leaf.Size; level--)
        {
            Pte table = Pte.Of(new Pfn((_mapping * 16) + (ulong)level), PteBits.P | PteBits.RW | PteBits.US | PteBits.A);
            path.Add(new WalkStep(level, default, table));
            _reference.Remember(level, new TlbEntry(TlbEntry.TagOf(address, level, _mode.Pcid), TlbEntry.ValueOf(table, Everything.Narrow(table))));
        }

        path.Add(new WalkStep((PagingLevel)leaf.Size, default, leaf.Entry));
        _real.Psc.Remember(address, _mode, new WalkStart(start.Level, start.Table, Everything), path);
        TlbEntry entry = TlbEntry.Of(leaf, address, _mode);
        _real.Fill(kind, address, entry);
        _reference.Fill(kind, address, entry);
    }

    /// <summary>What a fault or a missing D bit makes of an address.</summary>
    private string Drop()
    {
        VirtAddr address = Somewhere();
        _real.DropAddress(address, _mode.Pcid);
        _reference.DropAddress(address, _mode.Pcid);
        if (_random.Next(2) == 0)
        {
            _real.Psc.Forget(address, _mode.Pcid);
            _reference.ForgetUpper(address, _mode.Pcid);
        }

        // A fault comes again for the same address, for another one first, or not at all.
        return _random.Next(3) switch
        {
            0 => $"drop {address}",
            1 => $"drop {address}, then {Use(address)}",
            _ => $"drop {address}, then {Use()}",
        };
    }

    private string Invalidate(TlbInvalidation what)
    {
        _real.Invalidate(what);
        _reference.Invalidate(what);
        return what.ToString();
    }

    /// <summary>INVLPG, of a canonical address or another, and INVPCID type 0.</summary>
    private TlbInvalidation OnePage() => _random.Next(8) switch
    {
        < 4 => TlbInvalidation.Page(Somewhere(), _mode.Pcid),
        4 => TlbInvalidation.Page(Somewhere(), _mode.Pcid).WithoutAddress(),
        _ => TlbInvalidation.PageKeepGlobal(Somewhere(), Pcid()),
    };

    /// <summary>INVPCID types 1 to 3, and what setting CR4.SMEP owes.</summary>
    private TlbInvalidation Wide() => _random.Next(8) switch
    {
        < 4 => TlbInvalidation.PcidKeepGlobal(Pcid()),
        4 => TlbInvalidation.All,
        5 => TlbInvalidation.AllKeepGlobal,
        _ => TlbInvalidation.OfPcid(Pcid()),
    };

    /// <summary>MOV to CR3, with the bit that keeps everything or without; without PCIDs the space is always 0 and always flushed.</summary>
    private string LoadCr3()
    {
        if (_random.Next(12) == 0)
        {
            _mode = _mode with { Bits = _mode.Bits ^ PagingBits.Pcide, Pcid = 0 };
            return Invalidate(TlbInvalidation.All);
        }

        bool keeps = _mode.Has(PagingBits.Pcide) && _random.Next(2) == 0;
        _mode = _mode with { Pcid = _mode.Has(PagingBits.Pcide) ? Pcid() : (ushort)0 };
        return keeps ? $"space {_mode.Pcid}, kept" : Invalidate(TlbInvalidation.PcidKeepGlobal(_mode.Pcid));
    }

    private string TogglePge()
    {
        _mode = _mode with { Bits = _mode.Bits ^ PagingBits.Pge };
        return Invalidate(TlbInvalidation.All);
    }

    /// <summary>The tables change and nobody flushes: sizes, frames and G bits of later walks are others.</summary>
    private string Remap() => $"mapping {++_mapping}";

    private ushort Pcid() => (ushort)(_random.Next(5) is var n && n < 3 ? n : n * 64);

    /// <summary>Few 4 KiB pages of few 2 MiB regions, so that all of it meets again.</summary>
    private VirtAddr Somewhere()
    {
        ulong page = (ulong)_random.Next(_random.Next(3) == 0 ? 64 : 6);
        return new VirtAddr(Base + ((ulong)_random.Next(2) << 30) + ((ulong)_random.Next(12) << 21) + (page << 12) + (ulong)_random.Next(4096));
    }

    private Leaf LeafOf(VirtAddr address)
    {
        ulong region = (address.Raw >> 21) + (_mapping * 7);
        PageSize size = region % 5 == 0 ? PageSize.Size2M : ((address.Raw >> 30) + _mapping) % 3 == 0 ? PageSize.Size1G : PageSize.Size4K;
        ulong number = address.Raw >> size.Shift();
        PteBits bits = PteBits.P | PteBits.A | PteBits.RW | PteBits.US | (size == PageSize.Size4K ? PteBits.None : PteBits.PS);
        bits |= (number + _mapping) % 4 == 0 ? PteBits.G : PteBits.None;
        bits |= number % 3 == 0 ? (size == PageSize.Size4K ? PteBits.Pat4K : PteBits.PatLarge) : PteBits.None;
        ulong frame = ((number * 3) + _mapping) & 0xFF;
        return new Leaf(size, Pte.Of(new Pfn(frame << (size.Shift() - 12)), bits), Everything);
    }

    private sealed class Listener : ILookAside
    {
        public List<string> Told { get; } = [];

        public void DropPage(VirtAddr address, PageSize size) => Told.Add(ScanningTlb.TextOf(address, size));

        public void DropAll() => Told.Add("all");
    }
}
