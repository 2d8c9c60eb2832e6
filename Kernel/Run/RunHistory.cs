using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Signals;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Run;

/// <summary>Reads a run's events, and keeps of them what explains the last signal, and the incident that is asked for.</summary>
internal sealed class RunHistory : ITraceSink, ISignalWitness, IStateful
{
    private static readonly SignalDetail NoSignal = new(default, SignalFate.Ignored, default, default);
    private readonly SpaceLineage _lineage;
    private readonly PageHistory _pages;
    private readonly CallLog _calls;
    private readonly ulong _wanted;
    private TraceStamp _signalled;
    private SignalNote? _signal;
    private ulong? _faulted;
    private bool _isFaultKept;
    private PageNote? _page;
    private FaultRecord? _refused;
    private FaultRecord? _chosen;

    /// <summary>A history of nothing; <paramref name="incident"/> says which incident to keep, from 1, 0 for the last.</summary>
    public RunHistory(ulong incident)
    {
        _wanted = incident;
        _lineage = new SpaceLineage();
        (_pages, _calls) = (new PageHistory(_lineage), new CallLog(_lineage));
    }

    /// <inheritdoc/>
    public TraceMask Wanted { get; } = TraceMask.Of(
        KernelEvent.Purged, KernelEvent.SwappedIn, KernelEvent.RangeCall, KernelEvent.SpaceCopied, KernelEvent.CopyRefused);

    /// <inheritdoc/>
    public FaultDetail Fault { get; private set; } = new();

    /// <summary>Signals that a fault or exception raised or that ended their process, and answers EFAULT.</summary>
    public ulong Incidents { get; private set; }

    /// <summary>The incident that is asked for; null when there was none.</summary>
    public FaultRecord? Incident => _wanted != 0 ? _chosen : _refused ?? Last;

    /// <summary>The last signal that a fault or exception raised or that ended its process; null when there was none.</summary>
    public FaultRecord? Last
    {
        get
        {
            if (_signal?.ToDetail() is not { } signal)
            {
                return null;
            }

            Signal raised = (signal.Undelivered ?? signal.Info).Signal;
            return Fault.Signal.Signal == raised && _faulted == _signalled.Time
                ? new FaultRecord(_signalled, signal, KeepFault(), Notes(_calls.Answer(), _page))
                : new FaultRecord(_signalled, signal, null, []);
        }
    }

    /// <inheritdoc/>
    public FaultDetail NextFault()
    {
        if (_isFaultKept)
        {
            (Fault, _isFaultKept) = (new FaultDetail(), false);
        }

        return Fault;
    }

    /// <inheritdoc/>
    public FaultDetail KeepFault()
    {
        _isFaultKept = true;
        return Fault;
    }

    /// <inheritdoc/>
    public void Faulted(ulong time, int space)
    {
        _faulted = time;
        _calls.Ask(space, Fault.Fault.Cr2);
        _page = _pages.Find(space, Fault.Fault.Cr2.PageNumber);
    }

    /// <inheritdoc/>
    public void Signalled(in TraceStamp stamp, in SignalNote signal)
    {
        if (signal.Fate is SignalFate.Fatal || SignalSet.Synchronous.Has(signal.Info.Signal))
        {
            (_signalled, _signal, _refused) = (stamp, signal, null);
            _chosen = ++Incidents == _wanted ? Last : _chosen;
        }
    }

    /// <inheritdoc/>
    public void Take(in TraceEvent happened)
    {
        switch (happened.Kind)
        {
            case KernelEvent.CopyRefused:
                TakeRefusal(happened);
                break;
            case KernelEvent.RangeCall:
                _calls.Note(new NotedCall(
                    happened.Stamp.Time, happened.Space, happened.Number, happened.Address.Raw, happened.Count, happened.Argument));
                break;
            case KernelEvent.SpaceCopied:
                _lineage.Note(happened.Space, new ForkPoint((int)happened.Number, _calls.Noted, _pages.Noted));
                break;
            case KernelEvent.Purged:
            case KernelEvent.SwappedIn:
                TakePage(happened);
                break;
        }
    }

    private void TakeRefusal(in TraceEvent happened)
    {
        List<HistoryNote> notes = happened.Detail is SyscallDetail { BadAccess: not null }
            ? Notes(_calls.AnswerNow(happened.Space, happened.Address), _pages.Find(happened.Space, happened.Address.PageNumber))
            : [];
        _refused = new FaultRecord(happened.Stamp, NoSignal, null, notes) { Call = (SyscallDetail?)happened.Detail };
        _chosen = ++Incidents == _wanted ? _refused : _chosen;
    }

    private void TakePage(in TraceEvent happened) =>
        _pages.Note(happened.Space, happened.Address.PageNumber, new PageNote(
            happened.Stamp.Time, happened.Kind == KernelEvent.Purged ? PageChange.Purged : PageChange.SwappedIn, happened.Frame)
        {
            Slot = happened.Count,
            Cause = happened.Detail is CauseDetail why ? why.Cause : default,
        });

    private static List<HistoryNote> Notes(List<NotedCall> calls, PageNote? page)
    {
        List<HistoryNote> notes = [];
        foreach (NotedCall call in calls)
        {
            notes.Add(new RangeCallNote(call.Time, call.Number, VirtRange.Of(new VirtAddr(call.Start), call.Length), call.How));
        }

        if (page is not null)
        {
            notes.Add(page);
        }

        return notes;
    }

    object IStateful.Save(object? last) => (_signalled, _signal, (_faulted, KeepFault(), _page), (Incidents, _refused, _chosen));

    void IStateful.Restore(object state)
    {
        (_signalled, _signal, (_faulted, Fault, _page), (Incidents, _refused, _chosen)) =
            ((TraceStamp, SignalNote?, (ulong?, FaultDetail, PageNote?), (ulong, FaultRecord?, FaultRecord?)))state;
        _isFaultKept = true;
    }

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(_pages);
        visitor.See(_calls);
    }
}
