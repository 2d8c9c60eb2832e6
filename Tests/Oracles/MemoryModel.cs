using MmuEmu.Kernel.Abi;

namespace MmuEmu.Tests.Oracles;

/// <summary>What a program may see in one page, by a model that has no frames, tables, swap or TLBs.</summary>
/// <param name="Prot">The page's rights.</param>
/// <param name="Value">The byte that fills it.</param>
/// <param name="Freed">MADV_FREE was called since the last write: it may read as zero from some moment on.</param>
internal readonly record struct ModelPage(Prot Prot, byte Value, bool Freed);

/// <summary>Private anonymous memory as a program sees it: a map from page numbers to bytes.</summary>
internal sealed class MemoryModel
{
    private readonly SortedDictionary<ulong, ModelPage> _pages = [];

    public IEnumerable<ulong> PageNumbers => _pages.Keys;

    public int Count => _pages.Count;

    public ModelPage? this[ulong page] => _pages.TryGetValue(page, out ModelPage found) ? found : null;

    public void Map(ulong page, ulong count, Prot prot)
    {
        for (ulong i = 0; i < count; i++)
        {
            _pages[page + i] = new ModelPage(prot, 0, false);
        }
    }

    public void Unmap(ulong page, ulong count)
    {
        for (ulong i = 0; i < count; i++)
        {
            _pages.Remove(page + i);
        }
    }

    /// <summary>Applies <paramref name="change"/> to the mapped pages of a range.</summary>
    public void Change(ulong page, ulong count, Func<ModelPage, ModelPage> change)
    {
        for (ulong i = 0; i < count; i++)
        {
            if (_pages.TryGetValue(page + i, out ModelPage found))
            {
                _pages[page + i] = change(found);
            }
        }
    }

    /// <summary>True when every page of the range is mapped.</summary>
    public bool Covers(ulong page, ulong count)
    {
        for (ulong i = 0; i < count; i++)
        {
            if (!_pages.ContainsKey(page + i))
            {
                return false;
            }
        }

        return true;
    }

    public void Move(ulong from, ulong to, ulong count)
    {
        for (ulong i = 0; i < count; i++)
        {
            _pages[to + i] = _pages[from + i];
            _pages.Remove(from + i);
        }
    }

    public MemoryModel Copy()
    {
        MemoryModel copy = new();
        foreach ((ulong page, ModelPage content) in _pages)
        {
            copy._pages[page] = content;
        }

        return copy;
    }
}
