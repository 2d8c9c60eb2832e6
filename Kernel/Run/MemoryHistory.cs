using System.Globalization;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Run;

/// <summary>Remembers what happened to pages and ranges, so that a later fault can be explained; hands events on to the trace.</summary>
internal sealed class MemoryHistory : IMmEvents
{
    private readonly Dictionary<(int Space, ulong Page), string> _pages = [];
    private readonly CallLog _calls = new();
    private readonly Tracer _trace;
    private readonly ITraceSink? _sink;
    private string? _page;

    /// <summary>A history without entries.</summary>
    public MemoryHistory(Tracer trace) => (_trace, _sink) = (trace, trace.For(TraceKinds.Reclaim));

    /// <summary>Why memory management works now, in words: the rule or system call that asked for it.</summary>
    public Func<string> Cause { get; set; } = static () => "an allocation";

    /// <inheritdoc/>
    public bool Wants(MmEventKind kind) => _sink is not null || kind is MmEventKind.Purged or MmEventKind.SwappedIn;

    /// <inheritdoc/>
    public void Emit(in MmEvent happened)
    {
        _sink?.OnMemory(new MemoryEvent(_trace.Stamp, happened));
        string? what = happened.Kind switch
        {
            MmEventKind.Purged => $"its frame {happened.Frame} was purged",
            MmEventKind.SwappedIn => $"it was read back from swap slot {happened.Count}",
            _ => null,
        };
        if (what is not null)
        {
            _pages[(happened.Space, happened.Address.PageNumber)] =
                string.Create(CultureInfo.InvariantCulture, $"{what} at T={_trace.Stamp.Time} by {Cause()}");
        }
    }

    /// <summary>Notes a system call that changed what a range means; its arguments are the range's start and length, and <paramref name="how"/>.</summary>
    public void Note(int space, string name, ulong start, ulong length, ulong how) =>
        _calls.Note(new NotedCall(_trace.Stamp.Time, space, name, start, length, how));

    /// <summary>Asks what is known by now of the page of <paramref name="address"/>.</summary>
    public void Ask(int space, VirtAddr address)
    {
        _calls.Ask(space, address);
        _page = _pages.GetValueOrDefault((space, address.PageNumber));
    }

    /// <summary>What was known when it was asked last, earliest first.</summary>
    public List<string> Answer() => _page is null ? _calls.Answer() : [.. _calls.Answer(), _page];
}
