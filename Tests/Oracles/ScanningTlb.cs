using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Tests.Oracles;

/// <summary>Every translation cache of a core, written the slow way: each invalidation looks at every entry.</summary>
/// <remarks>Who leaves is written here from [SDM3 Paging, "Operations that Invalidate TLBs and Paging-Structure Caches"].</remarks>
internal sealed class ScanningTlb
{
    private readonly Dictionary<PageSize, ScanningArray> _data;
    private readonly Dictionary<PageSize, ScanningArray> _code;
    private readonly Dictionary<PageSize, ScanningArray> _second;
    private readonly Dictionary<PagingLevel, ScanningArray> _upper = [];

    public ScanningTlb(TlbMode mode, TlbGeometry geometry)
    {
        bool endless = mode == TlbMode.MaxStale;
        TlbShape all = new(TlbSizes.All, 0, 0, Replacement.Lru);
        _data = endless ? BySize([all]) : BySize(geometry.Data);
        _code = endless ? _data : BySize(geometry.Code);
        _second = endless ? [] : BySize(geometry.Second);
        TlbShape[] upper = [geometry.Psc.Pde, geometry.Psc.Pdpte, geometry.Psc.Pml4e, geometry.Psc.Pml5e];
        for (PagingLevel level = PagingLevel.Pd; level <= PagingLevel.Pml5; level++)
        {
            TlbShape shape = upper[level - PagingLevel.Pd];
            if (endless || shape.Entries > 0)
            {
                _upper[level] = new ScanningArray(endless ? all : shape);
            }
        }
    }

    /// <summary>What a look-aside must have been told, in words.</summary>
    public List<string> Told { get; } = [];

    /// <summary>The level of TLB that answers, and its value; level 0 when none does.</summary>
    public (int Level, ulong Value, PageSize Size) Use(AccessKind kind, VirtAddr address, ushort pcid)
    {
        TlbEntry found = UseIn(FirstFor(kind), address, pcid);
        if (found.Tag != 0)
        {
            return (1, found.Value, found.Size);
        }

        found = UseIn(_second, address, pcid);
        if (found.Tag == 0)
        {
            return default;
        }

        Fill(FirstFor(kind), new TlbEntry(TlbEntry.TagOf(address, found.Level, pcid), found.Value), address);
        return (2, found.Value, found.Size);
    }

    public void Fill(AccessKind kind, VirtAddr address, TlbEntry entry)
    {
        Fill(FirstFor(kind), entry, address);
        Fill(_second, entry, address);
    }

    /// <summary>What the walker would start with: the value of the lowest upper entry remembered, or 0.</summary>
    public ulong UseUpper(VirtAddr address, ushort pcid)
    {
        foreach ((PagingLevel level, ScanningArray array) in _upper.Where(pair => pair.Key <= PagingLevel.Pml4))
        {
            if (array.Use(TlbEntry.TagOf(address, level, pcid)) is { Tag: not 0 } found)
            {
                return found.Value;
            }
        }

        return 0;
    }

    public void Remember(PagingLevel level, TlbEntry entry)
    {
        if (_upper.TryGetValue(level, out ScanningArray? array))
        {
            array.Put(entry);
        }
    }

    /// <summary>Everything that an access to an address would use leaves.</summary>
    public void DropAddress(VirtAddr address, ushort pcid)
    {
        foreach (ScanningArray array in Arrays)
        {
            for (PagingLevel level = PagingLevel.Pt; level <= PagingLevel.Pdpt; level++)
            {
                Tell(array.RemoveAnswering(TlbEntry.TagOf(address, level, pcid)));
            }
        }
    }

    public void ForgetUpper(VirtAddr address, ushort pcid)
    {
        foreach ((PagingLevel level, ScanningArray array) in _upper)
        {
            array.RemoveAnswering(TlbEntry.TagOf(address, level, pcid));
        }
    }

    public void Invalidate(TlbInvalidation what)
    {
        bool ofAll = what.Scope is TlbScope.AllKeepGlobal or TlbScope.All;
        foreach (ScanningArray array in _upper.Values)
        {
            array.RemoveAll(entry => what.Scope != TlbScope.None && (ofAll || entry.Pcid == what.Pcid));
        }

        if (what.Scope == TlbScope.Page && !Arrays.Any(array => array.Entries.Any(entry => entry.IsPiece)))
        {
            DropAddress(what.Address, what.Pcid);
            return;
        }

        foreach (ScanningArray array in Arrays)
        {
            List<TlbEntry> gone = array.RemoveAll(entry => Leaves(what, entry));
            if (what.Scope is TlbScope.Page or TlbScope.PageKeepGlobal)
            {
                Tell(gone);
            }
        }

        if (ofAll || what.Scope is TlbScope.PcidKeepGlobal or TlbScope.Pcid)
        {
            Told.Add("all");
        }
    }

    /// <summary>The entries of one cache, in the order of their slots.</summary>
    public List<TlbEntry> List(TlbArrayName which) => which switch
    {
        TlbArrayName.Data => Of(_data),
        TlbArrayName.Code => Of(_code),
        TlbArrayName.Second => Of(_second),
        _ => _upper.TryGetValue(PagingLevel.Pd + (which - TlbArrayName.Pde), out ScanningArray? array) ? [.. array.Entries] : [],
    };

    private IEnumerable<ScanningArray> Arrays => _data.Values.Concat(_code.Values).Concat(_second.Values).Distinct();

    private static List<TlbEntry> Of(Dictionary<PageSize, ScanningArray> stage) =>
        [.. stage.Values.Distinct().SelectMany(array => array.Entries)];

    private static bool Leaves(TlbInvalidation what, TlbEntry entry)
    {
        bool here = (entry.Address.Raw ^ what.Address.Raw) >> entry.MappedSize.Shift() == 0;
        bool ours = entry.Pcid == what.Pcid;
        return what.Scope switch
        {
            TlbScope.Page => here && (ours || entry.Global),
            TlbScope.PageKeepGlobal => here && ours && !entry.Global,
            TlbScope.PcidKeepGlobal => ours && !entry.Global,
            TlbScope.Pcid => ours,
            TlbScope.AllKeepGlobal => !entry.Global,
            _ => what.Scope == TlbScope.All,
        };
    }

    private static Dictionary<PageSize, ScanningArray> BySize(IEnumerable<TlbShape> shapes)
    {
        Dictionary<PageSize, ScanningArray> stage = [];
        foreach (TlbShape shape in shapes)
        {
            ScanningArray array = new(shape);
            foreach (PageSize size in Enum.GetValues<PageSize>().Where(size => ((int)shape.Sizes >> ((int)size - 1) & 1) != 0))
            {
                stage[size] = array;
            }
        }

        return stage;
    }

    private static TlbEntry UseIn(Dictionary<PageSize, ScanningArray> stage, VirtAddr address, ushort pcid)
    {
        foreach (PageSize size in Enum.GetValues<PageSize>().Where(stage.ContainsKey))
        {
            if (stage[size].Use(TlbEntry.TagOf(address, (PagingLevel)size, pcid)) is { Tag: not 0 } found)
            {
                return found;
            }
        }

        return default;
    }

    private Dictionary<PageSize, ScanningArray> FirstFor(AccessKind kind) => kind == AccessKind.Fetch ? _code : _data;

    private void Fill(Dictionary<PageSize, ScanningArray> stage, TlbEntry entry, VirtAddr address)
    {
        for (PageSize held = entry.Size; held >= PageSize.Size4K; held--)
        {
            if (stage.TryGetValue(held, out ScanningArray? array))
            {
                TlbEntry evicted = array.Put(entry.CutTo(held, address));
                bool gone = evicted.Tag != 0
                    && (stage == _second || !_second.TryGetValue(evicted.Size, out ScanningArray? below) || below.Find(evicted.Tag).Tag == 0);
                Tell(gone ? [evicted] : []);
                return;
            }
        }
    }

    private void Tell(List<TlbEntry> gone) => Told.AddRange(gone.Select(entry => TextOf(entry.Address, entry.Size)));

    /// <summary>One page as <see cref="Told"/> names it.</summary>
    public static string TextOf(VirtAddr address, PageSize size) => $"{size} {address.Raw >> size.Shift():x}";
}
