using MmuEmu.Emulator.Tracing;

namespace MmuEmu.Debugger.Sessions;

/// <summary>Gives every event to several listeners, each seeing only the kinds it asked for.</summary>
internal sealed class TraceFan(IReadOnlyList<ITraceSink> sinks) : ITraceSink
{
    private readonly TraceGate[] _gates = [.. sinks.Select(sink => new TraceGate(sink))];

    /// <inheritdoc/>
    public TraceMask Wanted { get; } = sinks.Aggregate(TraceMask.None, (all, sink) => all | sink.Wanted);

    /// <inheritdoc/>
    public void Take(in TraceEvent happened)
    {
        foreach (TraceGate gate in _gates)
        {
            gate.For(happened.Kind)?.Take(happened);
        }
    }
}
