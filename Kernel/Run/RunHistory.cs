using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Signals;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Kernel.Run;

/// <summary>Reads a run's events, and keeps of them what explains the last signal.</summary>
internal sealed class RunHistory : ITraceSink
{
    private readonly Dictionary<(int Space, ulong Page), PageNote> _pages = [];
    private readonly CallLog _calls = new();
    private TraceEvent _signal;
    private TraceEvent _fault;
    private PageNote? _page;

    /// <inheritdoc/>
    public TraceMask Wanted { get; } = TraceMask.Of(
        KernelEvent.Purged, KernelEvent.SwappedIn, KernelEvent.RangeCall, KernelEvent.FaultSignalled, KernelEvent.Signal);

    /// <summary>The last signal that a fault or exception raised or that ended its process; null when there was none.</summary>
    public FaultRecord? Last
    {
        get
        {
            if (_signal.Detail is not SignalDetail signal)
            {
                return null;
            }

            bool same = _fault.Detail is FaultDetail fault && fault.Signal.Signal == signal.Info.Signal && _fault.Stamp.Time == _signal.Stamp.Time;
            return same
                ? new FaultRecord(_signal.Stamp, signal, (FaultDetail)_fault.Detail!, Notes())
                : new FaultRecord(_signal.Stamp, signal, null, []);
        }
    }

    /// <inheritdoc/>
    public void Take(in TraceEvent happened)
    {
        switch (happened.Kind)
        {
            case KernelEvent.Purged:
            case KernelEvent.SwappedIn:
                _pages[(happened.Space, happened.Address.PageNumber)] = new PageNote(
                    happened.Stamp.Time, happened.Kind == KernelEvent.Purged ? PageChange.Purged : PageChange.SwappedIn, happened.Frame)
                {
                    Slot = happened.Count,
                    Cause = happened.Detail is CauseDetail why ? why.Cause : default,
                };
                break;
            case KernelEvent.RangeCall:
                _calls.Note(new NotedCall(
                    happened.Stamp.Time, happened.Space, happened.Number, happened.Address.Raw, happened.Count, happened.Argument));
                break;
            case KernelEvent.FaultSignalled:
                _fault = happened;
                _calls.Ask(happened.Space, happened.Address);
                _page = _pages.GetValueOrDefault((happened.Space, happened.Address.PageNumber));
                break;
            case KernelEvent.Signal when happened.Detail is SignalDetail told:
                _signal = told.Fate is SignalFate.Fatal || SignalSet.Synchronous.Has(told.Info.Signal) ? happened : _signal;
                break;
        }
    }

    private List<HistoryNote> Notes()
    {
        List<HistoryNote> notes = [];
        foreach (NotedCall call in _calls.Answer())
        {
            notes.Add(new RangeCallNote(call.Time, call.Number, VirtRange.Of(new VirtAddr(call.Start), call.Length), call.How));
        }

        if (_page is not null)
        {
            notes.Add(_page);
        }

        return notes;
    }
}
