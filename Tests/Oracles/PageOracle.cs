using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Tests.Oracles;

/// <summary>What page tables hold, without tables: which entry decides at which address, and which tables there must be. It never walks.</summary>
internal sealed class PageOracle(PagingLevel top)
{
    private readonly SortedDictionary<ulong, (PageSize Size, Pte Entry)> _pages = [];
    private readonly HashSet<(PagingLevel Level, ulong Start)> _tables = [];

    /// <summary>Tables below the root.</summary>
    public int TableCount => _tables.Count;

    /// <summary>Addresses and sizes of the entries that are not none.</summary>
    public IReadOnlyList<(ulong Address, PageSize Size)> Pages => [.. _pages.Select(page => (page.Key, page.Value.Size))];

    /// <summary>How making a place for a page must end; the tables that this takes are there from now on.</summary>
    public Descent Make(ulong address, PageSize size)
    {
        if (_pages.Any(page => page.Value.Size > size && Span(page).Contains(new VirtAddr(address))))
        {
            // Tables above the larger leaf are there already.
            return Descent.Larger;
        }

        for (PagingLevel level = (PagingLevel)size; level < top; level++)
        {
            _tables.Add((level, address & ~(TableSpan(level) - 1)));
        }

        return _tables.Contains(((PagingLevel)size - 1, address)) ? Descent.Smaller : Descent.Found;
    }

    /// <summary>Puts an entry into a place that was made.</summary>
    public void Put(ulong address, PageSize size, Pte entry)
    {
        _pages.Remove(address);
        if (entry.Raw != 0)
        {
            _pages.Add(address, (size, entry));
        }
    }

    /// <summary>The entry that decides for an address; none where there is nothing.</summary>
    public Pte At(ulong address) =>
        _pages.Where(page => Span(page).Contains(new VirtAddr(address))).Select(page => page.Value.Entry).SingleOrDefault();

    /// <summary>Every entry that shares a byte with the range, lowest first.</summary>
    public IEnumerable<(ulong Address, PageSize Size, Pte Entry)> In(VirtRange range) =>
        _pages.Where(page => Span(page).Overlaps(range)).Select(page => (page.Key, page.Value.Size, page.Value.Entry));

    /// <summary>Drops the tables wholly in the range over which nothing hangs; tells how many.</summary>
    public int Free(VirtRange room)
    {
        int freed = 0;
        for (PagingLevel level = PagingLevel.Pt; level < top; level++)
        {
            freed += _tables.RemoveWhere(table => table.Level == level && room.Contains(Span(table)) && IsEmpty(table));
        }

        return freed;
    }

    private bool IsEmpty((PagingLevel Level, ulong Start) table) =>
        !_pages.Any(page => page.Value.Size <= (PageSize)table.Level && Span(table).Contains(new VirtAddr(page.Key)))
        && !_tables.Any(below => below.Level == table.Level - 1 && Span(table).Contains(new VirtAddr(below.Start)));

    private static ulong TableSpan(PagingLevel level) => level.Span() << 9;

    private static VirtRange Span((PagingLevel Level, ulong Start) table) => VirtRange.Of(new VirtAddr(table.Start), TableSpan(table.Level));

    private static VirtRange Span(KeyValuePair<ulong, (PageSize Size, Pte Entry)> page) =>
        VirtRange.Of(new VirtAddr(page.Key), page.Value.Size.Bytes());
}
