using System.Globalization;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Boot;

/// <summary>Remembers what happened to pages and ranges, so that a later fault can be explained; hands events on to the trace.</summary>
internal sealed class MemoryHistory : IMmEvents
{
    private const int KeptCalls = 512;
    private readonly Dictionary<(int Space, ulong Page), string> _pages = [];
    private readonly Queue<Call> _calls = new();
    private readonly Tracer _trace;
    private readonly ITraceSink? _sink;

    /// <summary>A history without entries.</summary>
    public MemoryHistory(Tracer trace) => (_trace, _sink) = (trace, trace.For(TraceKinds.Reclaim));

    /// <summary>Why memory management works now, in words: the rule or system call that asked for it.</summary>
    public Func<string> Cause { get; set; } = static () => "an allocation";

    private readonly record struct Call(ulong Time, int Space, VirtRange Range, string Text);

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

    /// <summary>Notes a system call that changed what a range means.</summary>
    public void Note(int space, VirtRange range, string text)
    {
        if (_calls.Count == KeptCalls)
        {
            _ = _calls.Dequeue();
        }

        _calls.Enqueue(new Call(_trace.Stamp.Time, space, range, text));
    }

    /// <summary>What is known of the page of <paramref name="address"/>, earliest first.</summary>
    public List<string> ReasonsFor(int space, VirtAddr address)
    {
        List<string> reasons = [];
        foreach (Call call in _calls)
        {
            if (call.Space == space && call.Range.Contains(address))
            {
                reasons.Add(string.Create(CultureInfo.InvariantCulture, $"{call.Text} at T={call.Time} covers the address"));
            }
        }

        if (reasons.Count > 3)
        {
            reasons.RemoveRange(0, reasons.Count - 3);
        }

        if (_pages.TryGetValue((space, address.PageNumber), out string? page))
        {
            reasons.Add(page);
        }

        return reasons;
    }
}
