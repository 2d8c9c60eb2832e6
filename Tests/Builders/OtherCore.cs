using MmuEmu.Emulator.Tracing;

namespace MmuEmu.Tests.Builders;

/// <summary>Writes to RAM after the first walk has read its entries and before it marks them, as another core might.</summary>
public sealed class OtherCore(Action acts) : ITraceSink
{
    private bool _done;

    public TraceMask Wanted { get; } = TraceMask.Of(TraceEventKind.Walk);

    public void Take(in TraceEvent happened)
    {
        if (!_done)
        {
            _done = true;
            acts();
        }
    }
}
