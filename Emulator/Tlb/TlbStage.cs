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

    /// <summary>Finds and uses the entry for an address, smallest page first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryUse(VirtAddr address, ushort pcid, out ulong value, out PageSize size)
    {
        size = PageSize.Size4K;
        if (_small is { } small && small.TryUse(TlbEntry.TagOf(address, PagingLevel.Pt, pcid), out value))
        {
            return true;
        }

        return TryUseLarge(address, pcid, out value, ref size);
    }

    /// <summary>True when an entry for exactly this tag's region is held; changes nothing.</summary>
    internal bool Holds(in TlbEntry entry) => _bySize[(int)entry.Level] is { } array && array.Find(entry.Tag) >= 0;

    private bool TryUseLarge(VirtAddr address, ushort pcid, out ulong value, ref PageSize size)
    {
        for (PagingLevel level = PagingLevel.Pd; level <= PagingLevel.Pdpt; level++)
        {
            TranslationArray? array = _bySize[(int)level];
            if (array is not null && array.Has(level) && array.TryUse(TlbEntry.TagOf(address, level, pcid), out value))
            {
                size = level.LeafSize();
                return true;
            }
        }

        value = 0;
        return false;
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

    /// <summary>Puts an entry into the array of its size.</summary>
    internal void Put(in TlbEntry entry, out TlbEntry evicted)
    {
        evicted = default;
        _bySize[(int)entry.Level]?.Put(entry, out evicted);
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

        _small = _bySize[(int)PageSize.Size4K];
    }
}
