using MmuEmu.Emulator.Machine;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Kernel.Tasks;

/// <summary>Stamps events and hands them to the sink that wants them.</summary>
public sealed class Tracer(ITraceSink? sink, Core core, Func<Cycles> cycles)
{
    private readonly TraceKinds _wanted = sink?.Wanted ?? TraceKinds.None;

    /// <summary>The process on whose behalf things happen now.</summary>
    public int Pid { get; set; }

    /// <summary>Now, here.</summary>
    public TraceStamp Stamp => new(core.Retired, cycles(), Pid);

    /// <summary>The sink, when it wants events of <paramref name="kind"/>; null otherwise, so that making the event is skipped.</summary>
    public ITraceSink? For(TraceKinds kind) => (_wanted & kind) != 0 ? sink : null;
}
