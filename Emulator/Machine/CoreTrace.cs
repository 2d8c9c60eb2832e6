using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Tracing;

namespace MmuEmu.Emulator.Machine;

/// <summary>Says when and on which processor the events of one core happen, and hands them on.</summary>
internal sealed class CoreTrace(Vcpu vcpu, ITraceSink sink) : ITraceSink
{
    /// <inheritdoc/>
    public TraceMask Wanted { get; } = sink.Wanted;

    /// <summary>Who listens.</summary>
    public ITraceSink Sink => sink;

    /// <inheritdoc/>
    public void Take(in TraceEvent happened) => sink.Take(happened with
    {
        Stamp = new TraceStamp(vcpu.TimeNow, vcpu.Clock?.Now ?? default, vcpu.Topology.Number),
    });
}
