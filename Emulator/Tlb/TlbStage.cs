using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Tlb;

/// <summary>One level of TLB: the arrays that are searched together.</summary>
internal sealed class TlbStage
{
    private readonly TranslationArray?[] _bySize = new TranslationArray?[4];
    private readonly TranslationArray[] _arrays;
    private TranslationArray? _small;
    private TranslationArray? _middle;
    private TranslationArray? _large;

    /// <summary>A level of fixed arrays; a shape of 0 entries is left out.</summary>
    internal TlbStage(IReadOnlyList<TlbShape> shapes)
    {
        List<TranslationArray> arrays = [];
        foreach (TlbShape shape in shapes)
        {
            if (shape.Entries > 0)
            {
                TranslationArray array = new(shape);
                arrays.Add(array);
                Assign(array, shape.Sizes);
            }
        }

        _arrays = [.. arrays];
    }

    private TlbStage(TranslationArray endless)
    {
        _arrays = [endless];
        Assign(endless, TlbSizes.All);
    }

    /// <summary>A level that holds everything it is ever given.</summary>
    internal static TlbStage Endless() => new(TranslationArray.Endless());

    /// <summary>The arrays, each once.</summary>
    internal IReadOnlyList<TranslationArray> Arrays => _arrays;

    /// <summary>The same, to go over without an interface.</summary>
    internal ReadOnlySpan<TranslationArray> Own => _arrays;

    /// <summary>Finds and uses the entry for an address, smallest page first.</summary>
    internal bool TryUse(VirtAddr address, ushort pcid, out ulong value, out PageSize size)
    {
        size = PageSize.Size4K;
        value = UseSmall(address, pcid);
        return value != 0 || TryUseLarge(address, pcid, out value, out size);
    }

    /// <summary>Finds and uses the entry for an address as a 4 KiB page.</summary>
    /// <returns>Its value; 0, which no entry has, when none is held.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ulong UseSmall(VirtAddr address, ushort pcid) =>
        _small is { } small ? small.Use(TlbEntry.TagOf(address, PagingLevel.Pt, pcid)) : 0;

    /// <summary>True when an entry for exactly this tag's region is held; changes nothing.</summary>
    internal bool Holds(in TlbEntry entry) => _bySize[(int)entry.Level] is { } array && array.Find(entry.Tag) >= 0;

    /// <summary>Finds and uses the entry for an address as a 2 MiB or 1 GiB page, smaller first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryUseLarge(VirtAddr address, ushort pcid, out ulong value, out PageSize size)
    {
        if (_middle is { HasLarge: true } || _large is { HasLarge: true })
        {
            return TryUseHeldLarge(address, pcid, out value, out size);
        }

        (value, size) = (0, PageSize.Size4K);
        return false;
    }

    /// <summary>Puts the entry of a 4 KiB page in for which none answers; false when no array holds such.</summary>
    internal bool TryPutNewSmall(in TlbEntry entry, out TlbEntry evicted)
    {
        if (_small is { } small)
        {
            small.PutNew(entry, out evicted);
            return true;
        }

        evicted = default;
        return false;
    }

    private bool TryUseHeldLarge(VirtAddr address, ushort pcid, out ulong value, out PageSize size)
    {
        (value, size) = (0, PageSize.Size4K);
        for (PagingLevel level = PagingLevel.Pd; level <= PagingLevel.Pdpt && value == 0; level++)
        {
            if (_bySize[(int)level] is { } array && array.Has(level))
            {
                value = array.Use(TlbEntry.TagOf(address, level, pcid));
                size = level.LeafSize();
            }
        }

        return value != 0;
    }

    /// <summary>True when an entry of any size answers for an address; changes nothing.</summary>
    internal bool Holds(VirtAddr address, ushort pcid)
    {
        for (PagingLevel level = PagingLevel.Pt; level <= PagingLevel.Pdpt; level++)
        {
            if (_bySize[(int)level] is { } array && array.Find(TlbEntry.TagOf(address, level, pcid)) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The size in which a page can be held: its own, or the largest smaller one; false when there is none.</summary>
    internal bool TryHeldSize(PageSize mapped, out PageSize held)
    {
        for (held = mapped; held >= PageSize.Size4K; held--)
        {
            if (_bySize[(int)held] is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Puts an entry for which none answers into the array of its size.</summary>
    internal void PutNew(in TlbEntry entry, out TlbEntry evicted)
    {
        evicted = default;
        _bySize[(int)entry.Level]?.PutNew(entry, out evicted);
    }

    private void Assign(TranslationArray array, TlbSizes sizes)
    {
        for (int size = 1; size <= 3; size++)
        {
            if (((int)sizes >> (size - 1) & 1) != 0)
            {
                _bySize[size] = array;
            }
        }

        (_small, _middle, _large) = (_bySize[(int)PageSize.Size4K], _bySize[(int)PageSize.Size2M], _bySize[(int)PageSize.Size1G]);
    }
}
