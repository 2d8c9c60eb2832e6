using System.Runtime.CompilerServices;

namespace MmuEmu.Emulator.Tracing;

/// <summary>A sink with what it wants, for those who tell: an event that nobody wants is never made.</summary>
public readonly struct TraceGate
{
    private readonly ITraceSink? _sink;
    private readonly TraceMask _wanted;

    /// <summary>A gate to <paramref name="sink"/>; null for nobody.</summary>
    public TraceGate(ITraceSink? sink) => (_sink, _wanted) = (sink, sink?.Wanted ?? TraceMask.None);

    /// <summary>Who listens; null for nobody.</summary>
    public ITraceSink? Sink => _sink;

    /// <summary>What is wanted.</summary>
    public TraceMask Wanted => _wanted;

    /// <summary>The sink when it wants events of <paramref name="kind"/>; null otherwise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ITraceSink? For(TraceEventKind kind) => _wanted.Has(kind) ? _sink : null;
}
