using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Travel;

/// <summary>Takes one event.</summary>
internal delegate void EventTaker(in TraceEvent happened);

/// <summary>The one sink of a run that is travelled: what it wants changes from one piece of the run to the next.</summary>
internal sealed class TravelSink : ITraceSink
{
    private EventTaker? _taker;
    private EventTaker? _indexer;
    private TraceMask _taken;
    private TraceMask _indexed;

    private static readonly TraceMask OfTerminal = TraceMask.Of(KernelEvent.TerminalSignal);

    private static readonly TraceMask OfBoot = TraceMask.Of(KernelEvent.Task);

    private readonly List<TraceEvent> _boot = [];
    private bool _isBooted;

    /// <summary>Begins of tasks before anybody could listen, in their order.</summary>
    public IReadOnlyList<TraceEvent> Boot => _boot;

    /// <summary>Who hears of a terminal's signals, whoever else listens.</summary>
    public EventTaker? Signals { get; set; }

    /// <inheritdoc/>
    public TraceMask Wanted => _taken | _indexed | OfTerminal | (_isBooted ? TraceMask.None : OfBoot);

    /// <summary>Who listens from now on; the kernel has to be told (<c>Retune</c>).</summary>
    /// <param name="kinds">What the one who asked wants.</param>
    /// <param name="taker">He; null for nobody.</param>
    /// <param name="indexed">What the index wants.</param>
    /// <param name="indexer">It, which hears each event first; null for none.</param>
    public void Listen(TraceMask kinds, EventTaker? taker, TraceMask indexed, EventTaker? indexer)
    {
        _isBooted = true;
        (_taken, _taker) = (taker is null ? TraceMask.None : kinds, taker);
        (_indexed, _indexer) = (indexer is null ? TraceMask.None : indexed, indexer);
    }

    /// <inheritdoc/>
    public void Take(in TraceEvent happened)
    {
        if (happened.Kind == KernelEvent.TerminalSignal)
        {
            Signals?.Invoke(happened);
        }

        if (!_isBooted && OfBoot.Has(happened.Kind))
        {
            _boot.Add(happened);
        }

        if (_indexed.Has(happened.Kind))
        {
            _indexer!(happened);
        }

        if (_taken.Has(happened.Kind))
        {
            _taker!(happened);
        }
    }
}
