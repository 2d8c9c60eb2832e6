using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Run;

/// <summary>What happened last to each page behind its program's back, and where a fork lies between, what happened before it.</summary>
internal sealed class PageHistory(SpaceLineage lineage) : IStateful
{
    private readonly SharedMap<(int Space, ulong Page), Entry> _pages = new();

    /// <summary>Changes noted so far.</summary>
    public long Noted { get; private set; }

    /// <summary>Something happened to a page of <paramref name="space"/>.</summary>
    public void Note(int space, ulong page, PageNote note)
    {
        Entry? before = _pages.Find((space, page));
        bool isAnothersPast = before is not null && lineage.LastForkOf(space) is { } fork && before.Order < fork.Pages;
        _pages.Set((space, page), new Entry(note, Noted++, isAnothersPast ? before : before?.Earlier));
    }

    /// <summary>The last thing that happened to the page, in the space itself or before the fork that made it; null when nothing did.</summary>
    public PageNote? Find(int space, ulong page)
    {
        long end = long.MaxValue;
        while (_pages.Count > 0)
        {
            for (Entry? entry = _pages.Find((space, page)); entry is not null; entry = entry.Earlier)
            {
                if (entry.Order < end)
                {
                    return entry.Note;
                }
            }

            if (lineage.BirthOf(space) is not { } birth)
            {
                break;
            }

            (space, end) = (birth.Parent, Math.Min(end, birth.Pages));
        }

        return null;
    }

    object IStateful.Save(object? last) => Noted;

    void IStateful.Restore(object state) => Noted = (long)state;

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(_pages);
        visitor.See(lineage);
    }

    private sealed record Entry(PageNote Note, long Order, Entry? Earlier);
}
