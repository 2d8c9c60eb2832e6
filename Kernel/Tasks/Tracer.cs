using MmuEmu.Kernel.Story;

namespace MmuEmu.Kernel.Tasks;

/// <summary>Stamps events and hands them to the sink that wants them.</summary>
public sealed class Tracer(ITraceSink? sink, ProcessorSet processors)
{
    private readonly TraceKinds _wanted = sink?.Wanted ?? TraceKinds.None;

    /// <summary>The process on whose behalf things happen now.</summary>
    public int Pid { get; set; }

    /// <summary>The thread on whose behalf things happen now.</summary>
    public int Tid { get; set; }

    /// <summary>Now, here.</summary>
    public TraceStamp Stamp => new(processors.Cores.Retired, processors.Here.Core.Clock?.Now ?? default, Pid)
    {
        Tid = Tid,
        Cpu = processors.Here.Number,
    };

    /// <summary>Now, on behalf of <paramref name="thread"/>.</summary>
    public TraceStamp StampOf(UserThread thread) => Stamp with { Pid = thread.Process.Pid, Tid = thread.Tid };

    /// <summary>Now, on behalf of <paramref name="process"/> as a whole.</summary>
    public TraceStamp StampOf(Process process) => Stamp with { Pid = process.Pid, Tid = process.Pid };

    /// <summary>The sink, when it wants events of <paramref name="kind"/>; null otherwise, so that making the event is skipped.</summary>
    public ITraceSink? For(TraceKinds kind) => (_wanted & kind) != 0 ? sink : null;
}
