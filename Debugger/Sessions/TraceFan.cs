using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Sessions;

/// <summary>Gives every event to several listeners, each seeing only the families it asked for.</summary>
internal sealed class TraceFan(IReadOnlyList<ITraceSink> sinks) : ITraceSink
{
    /// <inheritdoc/>
    public TraceKinds Wanted { get; } = sinks.Aggregate(TraceKinds.None, (kinds, sink) => kinds | sink.Wanted);

    /// <inheritdoc/>
    public void OnFault(in FaultEvent happened)
    {
        foreach (ITraceSink sink in Of(TraceKinds.Fault))
        {
            sink.OnFault(happened);
        }
    }

    /// <inheritdoc/>
    public void OnWalk(in WalkEvent happened)
    {
        foreach (ITraceSink sink in Of(TraceKinds.Walk))
        {
            sink.OnWalk(happened);
        }
    }

    /// <inheritdoc/>
    public void OnSyscall(in SyscallEvent happened)
    {
        foreach (ITraceSink sink in Of(TraceKinds.Syscall))
        {
            sink.OnSyscall(happened);
        }
    }

    /// <inheritdoc/>
    public void OnSignal(in SignalEvent happened)
    {
        foreach (ITraceSink sink in Of(TraceKinds.Signal))
        {
            sink.OnSignal(happened);
        }
    }

    /// <inheritdoc/>
    public void OnMemory(in MemoryEvent happened)
    {
        foreach (ITraceSink sink in Of(TraceKinds.Reclaim))
        {
            sink.OnMemory(happened);
        }
    }

    /// <inheritdoc/>
    public void OnMark(in MarkEvent happened)
    {
        foreach (ITraceSink sink in Of(TraceKinds.Mark))
        {
            sink.OnMark(happened);
        }
    }

    /// <inheritdoc/>
    public void OnTask(in TaskEvent happened)
    {
        foreach (ITraceSink sink in Of(TraceKinds.Task | TraceKinds.Syscall))
        {
            sink.OnTask(happened);
        }
    }

    private IEnumerable<ITraceSink> Of(TraceKinds kinds) => sinks.Where(sink => (sink.Wanted & kinds) != 0);
}
