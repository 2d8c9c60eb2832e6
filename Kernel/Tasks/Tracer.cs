using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Kernel.Tasks;

/// <summary>Where all events of a run come together, the machine's and the kernel's: stamped here, and handed to all who want them.</summary>
internal sealed class Tracer : ITraceSink, IStateful
{
    private static readonly TraceMask Caused = TraceMask.Of(KernelEvent.Purged, KernelEvent.SwappedIn);

    private readonly TraceGate[] _listeners;
    private readonly ProcessorSet _processors;

    /// <summary>A tracer for <paramref name="listeners"/>, who hear each event in that order.</summary>
    public Tracer(ProcessorSet processors, params ReadOnlySpan<ITraceSink> listeners)
    {
        _processors = processors;
        _listeners = new TraceGate[listeners.Length];
        for (int i = 0; i < listeners.Length; i++)
        {
            _listeners[i] = new TraceGate(listeners[i]);
        }

        Retune();
    }

    /// <inheritdoc/>
    public TraceMask Wanted { get; private set; }

    /// <summary>Called when <see cref="Wanted"/> has become another: who has copied it asks again.</summary>
    public Action? Retuned { get; set; }

    /// <summary>The process on whose behalf things happen now.</summary>
    public int Pid { get; set; }

    /// <summary>The thread on whose behalf things happen now.</summary>
    public int Tid { get; set; }

    /// <summary>Why memory management works, when it does.</summary>
    public WorkCause Cause { get; set; }

    /// <summary>When and where something happens that happens now, for the process and thread at work.</summary>
    public TraceStamp Now => StampAt(_processors.Here.Number, Pid, Tid);

    /// <summary>This tracer, when somebody wants events of <paramref name="kind"/>; null otherwise, so that making the event is skipped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Tracer? For(TraceEventKind kind) => Wanted.Has(kind) ? this : null;

    /// <inheritdoc/>
    public void Take(in TraceEvent happened)
    {
        TraceDetail? detail = Caused.Has(happened.Kind) ? new CauseDetail(Cause) : happened.Detail;
        HandOn(happened with { Stamp = StampOf(happened, Pid, Tid), Detail = detail });
    }

    /// <summary>Takes what happens on behalf of <paramref name="thread"/>, which need not be at work.</summary>
    public void Take(UserThread thread, in TraceEvent happened) =>
        HandOn(happened with { Stamp = StampOf(happened, thread.Process.Pid, thread.Tid) });

    /// <summary>Takes what happens on behalf of <paramref name="process"/> as a whole.</summary>
    public void Take(Process process, in TraceEvent happened) =>
        HandOn(happened with { Stamp = StampOf(happened, process.Pid, process.Pid) });

    private void HandOn(in TraceEvent happened)
    {
        foreach (ref readonly TraceGate listener in _listeners.AsSpan())
        {
            listener.For(happened.Kind)?.Take(happened);
        }
    }

    /// <summary>Asks all listeners again what they want: whoever follows up signals wants more once there is one.</summary>
    public void Retune()
    {
        TraceMask wanted = TraceMask.None;
        foreach (ref TraceGate listener in _listeners.AsSpan())
        {
            listener = new TraceGate(listener.Sink);
            wanted |= listener.Wanted;
        }

        if (wanted != Wanted)
        {
            Wanted = wanted;
            Retuned?.Invoke();
        }
    }

    // A flush may concern another processor than the one at work.
    private TraceStamp StampOf(in TraceEvent happened, int pid, int tid)
    {
        bool byMachine = happened.Kind < TraceEventKind.FirstOfSoftware;
        return StampAt(byMachine ? happened.Stamp.Cpu : _processors.Here.Number, pid, tid);
    }

    private TraceStamp StampAt(int cpu, int pid, int tid) =>
        new(_processors.Cores.Now, _processors.Here.Core.Clock?.Now ?? default, cpu) { Pid = pid, Tid = tid };

    object IStateful.Save(object? last) => (Pid, Tid, Cause);

    void IStateful.Restore(object state) => (Pid, Tid, Cause) = ((int, int, WorkCause))state;
}
