using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Exports;

/// <summary>A run as a timeline: a track for each thread, tracks for what the machine does, counters, and arrows from causes to effects.</summary>
internal sealed class TimelineExport : IExport
{
    private static readonly TraceMask Always = TraceMask.Of(KernelEvent.Task, KernelEvent.UserEntry);
    private readonly ITimelineWriter _writer;
    private readonly TimelineThreads _threads;
    private readonly TimelineMachine _machine;
    private readonly TimelineCounters? _counters;
    private readonly TimelineTracks _tracks;
    private readonly EventSource _source;

    /// <summary>A timeline that <paramref name="writer"/> writes.</summary>
    public TimelineExport(ExportScene scene, ITimelineWriter writer)
    {
        _writer = writer;
        _tracks = new TimelineTracks(writer, scene.Window);
        TimelineFlows flows = new();
        _source = new EventSource(scene);
        _threads = new TimelineThreads(_tracks, flows, _source, scene.Kinds);
        _machine = new TimelineMachine(_tracks, flows, scene.Kinds);
        _counters = scene.Kinds.HasFlag(TraceKinds.Reclaim) ? new TimelineCounters(_tracks) : null;
        Wanted = TraceFamilies.MaskOf(scene.Kinds) | Always | (scene.Kinds.HasFlag(TraceKinds.Fault) ? TimelineThreads.OfFaults : TraceMask.None)
            | (_counters is null ? TraceMask.None : TimelineCounters.Kinds);
    }

    /// <inheritdoc/>
    public TraceMask Wanted { get; }

    /// <inheritdoc/>
    public void Begin(MiniKernel kernel)
    {
        KernelView view = new(kernel);
        foreach (TaskView task in view.Tasks())
        {
            _writer.NameProcess(task.Pid, task.Name);
        }

        _source.Begin(kernel);
        _counters?.Begin(view);
    }

    /// <inheritdoc/>
    public void Take(in TraceEvent happened)
    {
        _source.Take(happened);
        _threads.Take(happened);
        _machine.Take(happened);
        _counters?.Take(happened);
    }

    /// <inheritdoc/>
    public void End(ExportEnd end)
    {
        _threads.End();
        _writer.End();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _source.Dispose();
        _writer.Dispose();
    }
}
