using MmuEmu.Emulator.Tracing;

namespace MmuEmu.Debugger.Sessions;

/// <summary>Gives every event to several listeners, each seeing only the kinds it asked for.</summary>
internal sealed class TraceFan(IReadOnlyList<ITraceSink> sinks) : ITraceSink
{
    /// <inheritdoc/>
    /// <remarks>Asked at each signal of the program.</remarks>
    public TraceMask Wanted
    {
        get
        {
            TraceMask wanted = TraceMask.None;
            for (int i = 0; i < sinks.Count; i++)
            {
                wanted |= sinks[i].Wanted;
            }

            return wanted;
        }
    }

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
