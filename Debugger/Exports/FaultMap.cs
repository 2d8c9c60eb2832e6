using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Exports;

/// <summary>What happened to a page at one moment.</summary>
internal enum MapMark
{
    /// <summary>A fault that was handled.</summary>
    Fault,

    /// <summary>Its frame was taken: purged, or freed lazily.</summary>
    Taken,

    /// <summary>A fault that ended in a signal.</summary>
    Signal,
}

/// <summary>A page of an address space over time.</summary>
/// <param name="Space">The number of the space.</param>
/// <param name="Page">The number of the page.</param>
internal sealed record MappedPage(int Space, ulong Page)
{
    /// <summary>The name of the mapping that covered it first; empty for none.</summary>
    public string Mapping { get; set; } = "";

    /// <summary>How it looked, from which time on.</summary>
    public List<(ulong At, PageLook Look)> Looks { get; } = [];

    /// <summary>What happened to it.</summary>
    public List<(ulong At, MapMark Mark)> Marks { get; } = [];

    /// <summary>Whether there is anything to draw.</summary>
    public bool IsSeen => Marks.Count > 0 || Looks.Any(look => look.Look != PageLook.Absent);
}

/// <summary>Gathers how every page that anything happened to looked over time. Pages are looked at when a thread goes on in user code.</summary>
/// <param name="window">Which time is told.</param>
internal sealed class FaultMap(ExportWindow window)
{
    private const int MostAtOnce = 1 << 12;

    /// <summary>What is listened to.</summary>
    public static readonly TraceMask Kinds = TraceMask.Of(
        KernelEvent.UserEntry, KernelEvent.EntryChanged, KernelEvent.LazyMarked, KernelEvent.LazyFreed, KernelEvent.Purged,
        KernelEvent.RangeCall, KernelEvent.SpaceCopied, KernelEvent.FaultClassified, KernelEvent.FaultHandled, KernelEvent.FaultSignalled, KernelEvent.Task, TraceEventKind.EntryMarked);

    private readonly SortedDictionary<(int Space, ulong Page), MappedPage> _pages = [];
    private readonly SortedDictionary<int, int> _owners = [];
    private readonly HashSet<(int Space, ulong Page)> _stale = [];
    private readonly Dictionary<int, int> _spaces = [];
    private readonly Dictionary<int, (int Space, ulong Page)> _faults = [];
    private readonly PageState[] _states = new PageState[MostAtOnce];
    private KernelView? _view;

    /// <summary>The pages, by space and address.</summary>
    public IEnumerable<MappedPage> Pages => _pages.Values.Where(page => page.IsSeen);

    /// <summary>The first time in the window that was seen; null for none.</summary>
    public ulong? First { get; private set; }

    /// <summary>The latest time that was seen.</summary>
    public ulong Latest { get; private set; }

    /// <summary>The first process seen in a space; 0 for none.</summary>
    public int OwnerOf(int space) => _owners.GetValueOrDefault(space);

    /// <summary>Takes what is there when the run begins.</summary>
    public void Begin(KernelView view)
    {
        _view = view;
        foreach (SpaceView space in view.Spaces())
        {
            foreach (VmaView vma in view.Vmas(space.Id))
            {
                int count = view.PagesFrom(space.Id, vma.Range.Start, _states.AsSpan(0, (int)Math.Min((ulong)MostAtOnce, vma.Range.PageCount)));
                for (int i = 0; i < count; i++)
                {
                    if (PageLooks.Of(_states[i]) != PageLook.Absent)
                    {
                        _stale.Add((space.Id, vma.Range.Start.PageNumber + (ulong)i));
                    }
                }
            }
        }

        Look(0);
    }

    /// <summary>Takes one event.</summary>
    public void Take(in TraceEvent happened)
    {
        ulong at = window.At(happened.Stamp);
        Latest = Math.Max(Latest, at);
        First ??= happened.Stamp.Time >= window.From ? at : null;
        (int Space, ulong Page) page = (happened.Space, happened.Address.PageNumber);
        switch (happened.Kind)
        {
            case KernelEvent.UserEntry:
                _spaces[happened.Stamp.Tid] = happened.Space;
                _owners.TryAdd(happened.Space, happened.Stamp.Pid);
                Look(at);
                break;
            case TraceEventKind.EntryMarked:
                _stale.Add((_spaces.GetValueOrDefault(happened.Stamp.Tid), page.Page));
                break;
            case KernelEvent.RangeCall:
                Spoil(happened.Space, page.Page, page.Page + (happened.Count >> 12) + 1);
                break;
            case KernelEvent.SpaceCopied:
                Copy(happened.Space, (int)happened.Number);
                break;
            case KernelEvent.FaultClassified:
                _faults[happened.Stamp.Tid] = page;
                break;
            case KernelEvent.FaultHandled or KernelEvent.FaultSignalled:
                Mark(_faults.GetValueOrDefault(happened.Stamp.Tid), at, happened.Kind == KernelEvent.FaultHandled ? MapMark.Fault : MapMark.Signal);
                break;
            case KernelEvent.Purged or KernelEvent.LazyFreed:
                Mark(page, at, MapMark.Taken);
                break;
            case KernelEvent.Task:
                SpoilShared();
                break;
            default:
                Change(page);
                break;
        }
    }

    /// <summary>Nothing more comes: looks a last time.</summary>
    public void End() => Look(Latest);

    private void Mark((int Space, ulong Page) page, ulong at, MapMark mark)
    {
        _stale.Add(page);
        PageAt(page).Marks.Add((at, mark));
    }

    /// <summary>An entry has changed: who shared the page may not share it any more.</summary>
    private void Change((int Space, ulong Page) page)
    {
        _stale.Add(page);
        foreach (int space in _owners.Keys)
        {
            if (space != page.Space && _pages.ContainsKey((space, page.Page)))
            {
                _stale.Add((space, page.Page));
            }
        }
    }

    /// <summary>A process has ended: its pages are shared no more.</summary>
    private void SpoilShared()
    {
        foreach (MappedPage page in _pages.Values)
        {
            if (page.Looks is [.., { Look: PageLook.Shared }])
            {
                _stale.Add((page.Space, page.Page));
            }
        }
    }

    private void Spoil(int space, ulong first, ulong end)
    {
        foreach ((int Space, ulong Page) known in _pages.Keys)
        {
            if (known.Space == space && known.Page >= first && known.Page < end)
            {
                _stale.Add(known);
            }
        }
    }

    private void Copy(int space, int from)
    {
        foreach ((int Space, ulong Page) known in _pages.Keys.Where(known => known.Space == from).ToList())
        {
            _stale.Add(known);
            _stale.Add((space, known.Page));
        }
    }

    private void Look(ulong at)
    {
        foreach ((int Space, ulong Page) page in _stale)
        {
            VirtAddr address = new(page.Page << 12);
            bool isThere = page.Space != 0 && _view!.PagesFrom(page.Space, address, _states.AsSpan(0, 1)) == 1;
            PageLook look = isThere ? PageLooks.Of(_states[0]) : PageLook.Absent;
            MappedPage seen = PageAt(page);
            if (seen.Mapping.Length == 0 && look != PageLook.Absent)
            {
                seen.Mapping = _view!.VmaAt(page.Space, address)?.Name ?? "";
            }

            if (seen.Looks.Count == 0 || seen.Looks[^1].Look != look)
            {
                seen.Looks.Add((at, look));
            }
        }

        _stale.Clear();
    }

    private MappedPage PageAt((int Space, ulong Page) page)
    {
        if (!_pages.TryGetValue(page, out MappedPage? seen))
        {
            _pages.Add(page, seen = new MappedPage(page.Space, page.Page));
        }

        return seen;
    }
}
