using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Signals;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Kernel.Run;

/// <summary>Reads a run's events, and keeps of them what explains the last signal.</summary>
internal sealed class RunHistory : ITraceSink, IStateful
{
    private readonly SharedMap<(int Space, ulong Page), PageNote> _pages = new();
    private readonly CallLog _calls = new();
    private TraceStamp _signalled;
    private SignalDetail? _signal;
    private ulong _faulted;
    private FaultDetail? _fault;
    private PageNote? _page;

    /// <inheritdoc/>
    public TraceMask Wanted { get; } = TraceMask.Of(
        KernelEvent.Purged, KernelEvent.SwappedIn, KernelEvent.RangeCall, KernelEvent.FaultSignalled, KernelEvent.Signal);

    /// <summary>The last signal that a fault or exception raised or that ended its process; null when there was none.</summary>
    public FaultRecord? Last
    {
        get
        {
            if (_signal is null)
            {
                return null;
            }

            bool same = _fault is not null && _fault.Signal.Signal == _signal.Info.Signal && _faulted == _signalled.Time;
            return same ? new FaultRecord(_signalled, _signal, _fault, Notes()) : new FaultRecord(_signalled, _signal, null, []);
        }
    }

    /// <inheritdoc/>
    public void Take(in TraceEvent happened)
    {
        switch (happened.Kind)
        {
            case KernelEvent.FaultSignalled:
                (_faulted, _fault) = (happened.Stamp.Time, (FaultDetail?)happened.Detail);
                _calls.Ask(happened.Space, happened.Address);
                _page = _pages.Count == 0 ? null : _pages.Find((happened.Space, happened.Address.PageNumber));
                break;
            case KernelEvent.Signal when happened.Detail is SignalDetail told && (told.Fate is SignalFate.Fatal || SignalSet.Synchronous.Has(told.Info.Signal)):
                (_signalled, _signal) = (happened.Stamp, told);
                break;
            case KernelEvent.RangeCall:
                _calls.Note(new NotedCall(
                    happened.Stamp.Time, happened.Space, happened.Number, happened.Address.Raw, happened.Count, happened.Argument));
                break;
            case KernelEvent.Purged:
            case KernelEvent.SwappedIn:
                TakePage(happened);
                break;
        }
    }

    private void TakePage(in TraceEvent happened) =>
        _pages.Set((happened.Space, happened.Address.PageNumber), new PageNote(
            happened.Stamp.Time, happened.Kind == KernelEvent.Purged ? PageChange.Purged : PageChange.SwappedIn, happened.Frame)
        {
            Slot = happened.Count,
            Cause = happened.Detail is CauseDetail why ? why.Cause : default,
        });

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

    object IStateful.Save(object? last) => (_signalled, _signal, _faulted, _fault, _page);

    void IStateful.Restore(object state) => (_signalled, _signal, _faulted, _fault, _page) =
        ((TraceStamp, SignalDetail?, ulong, FaultDetail?, PageNote?))state;

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(_pages);
        visitor.See(_calls);
    }
}
