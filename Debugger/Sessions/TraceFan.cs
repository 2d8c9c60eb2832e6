using MmuEmu.Emulator.Tracing;

namespace MmuEmu.Debugger.Sessions;

/// <summary>Gives every event to several listeners, each seeing only the kinds it asked for.</summary>
internal sealed class TraceFan(IReadOnlyList<ITraceSink> sinks) : ITraceSink
{
    /// <inheritdoc/>
    public TraceMask Wanted => sinks.Aggregate(TraceMask.None, (all, sink) => all | sink.Wanted);

    /// <inheritdoc/>
    public void Take(in TraceEvent happened)
    {
        foreach (ITraceSink sink in sinks)
        {
            if (sink.Wanted.Has(happened.Kind))
            {
                sink.Take(happened);
            }
        }
    }
}
