using System.Diagnostics;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Swap;

/// <summary>All swap areas and the swap cache: pages that are in memory and in swap at once.</summary>
/// <remarks>Source: [Linux mm/swap_state.c, mm/swapfile.c].</remarks>
internal sealed class SwapSpace : IStateful
{
    /// <summary>The most areas that any kernel profile has room for.</summary>
    public const int MaxAreas = 28;

    private readonly List<SwapDevice> _areas = [];
    private readonly SharedMap<ulong, PageFrame> _cache = new();

    /// <summary>The areas, by type.</summary>
    public IReadOnlyList<SwapDevice> Areas => _areas;

    /// <summary>Pages in the swap cache.</summary>
    public int CachedCount => _cache.Count;

    /// <summary>Slots that can be handed out, over all areas.</summary>
    public long FreeSlots
    {
        get
        {
            long free = 0;
            foreach (SwapDevice area in _areas)
            {
                free += area.FreeSlots;
            }

            return free;
        }
    }

    /// <summary>Slots over all areas, headers not counted.</summary>
    public long TotalSlots
    {
        get
        {
            long total = 0;
            foreach (SwapDevice area in _areas)
            {
                total += area.SlotCount - 1;
            }

            return total;
        }
    }

    /// <summary>Adds an area; its type is the next number.</summary>
    public void AddArea(SwapDevice area)
    {
        Debug.Assert(_areas.Count < MaxAreas, "no profile has room for more areas");
        _areas.Add(area);
    }

    /// <summary>Entries in page tables, and pages of files, that name <paramref name="entry"/>.</summary>
    public int CountOf(SwapEntry entry) => entry.Type < _areas.Count ? _areas[entry.Type].CountOf(entry.Offset) : 0;

    /// <summary>One more page-table entry names <paramref name="entry"/>.</summary>
    public void AddUser(SwapEntry entry) => _areas[entry.Type].AddUser(entry.Offset);

    /// <summary>One page-table entry fewer names <paramref name="entry"/>; slot and cache go with the last one.</summary>
    public void DropUser(SwapEntry entry) => _areas[entry.Type].DropUser(entry.Offset);

    /// <summary>Gives a page a slot and puts it into the swap cache, which takes a reference; false when swap is full.</summary>
    public bool TryCacheNew(PageFrame frame)
    {
        for (int type = 0; type < _areas.Count; type++)
        {
            int slot = _areas[type].TryTake();
            if (slot != 0)
            {
                Cache(frame, new SwapEntry(type, (ulong)slot));
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes a slot past the swap cache, for the one user that will name it; false when swap is full.</summary>
    public bool TryTakeForOne(out SwapEntry entry)
    {
        for (int type = 0; type < _areas.Count; type++)
        {
            int slot = _areas[type].TryTake();
            if (slot != 0)
            {
                entry = new SwapEntry(type, (ulong)slot);
                _areas[type].AddUser(entry.Offset);
                _areas[type].Uncache(entry.Offset);
                return true;
            }
        }

        entry = default;
        return false;
    }

    /// <summary>Puts a page that was read from <paramref name="entry"/> into the swap cache, which takes a reference.</summary>
    public void Cache(PageFrame frame, SwapEntry entry)
    {
        _areas[entry.Type].Cache(entry.Offset);
        _cache.Set(entry.Raw, frame);
        frame.Swap = entry.Raw;
        frame.Set(PageFlags.SwapCache);
        frame.RefCount++;
    }

    /// <summary>Takes a page out of the swap cache; the caller still holds the cache's reference and drops it.</summary>
    public void Uncache(PageFrame frame)
    {
        SwapEntry entry = SwapEntry.OfRaw(frame.Swap);
        _ = _cache.Remove(entry.Raw);
        frame.Clear(PageFlags.SwapCache);
        frame.Swap = 0;
        _areas[entry.Type].Uncache(entry.Offset);
    }

    /// <summary>The cached page of <paramref name="entry"/>, or null.</summary>
    public PageFrame? FindCached(SwapEntry entry) => _cache.Find(entry.Raw);

    /// <summary>Stores a page's bytes.</summary>
    public void Write(SwapEntry entry, ReadOnlySpan<byte> page) => _areas[entry.Type].Write(entry.Offset, page);

    /// <summary>Fetches a page's bytes.</summary>
    public void Read(SwapEntry entry, Span<byte> page) => _areas[entry.Type].Read(entry.Offset, page);

    object IStateful.Save(object? last) => SavedItems.Of(_areas, last as SwapDevice[]);

    void IStateful.Restore(object state) => SavedItems.PutBack(_areas, (SwapDevice[])state);

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.SeeAll(_areas);
        visitor.See(_cache);
    }
}
