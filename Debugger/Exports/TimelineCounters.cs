using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Exports;

/// <summary>The counters of a timeline: free frames, pages on the lists, and what each process has in RAM. They are read when a thread goes on in user code.</summary>
internal sealed class TimelineCounters(TimelineTracks tracks)
{
    /// <summary>What is listened to.</summary>
    public static readonly TraceMask Kinds = TraceMask.Of(
        KernelEvent.UserEntry, KernelEvent.FrameTaken, KernelEvent.FrameFreed, KernelEvent.EntryChanged, KernelEvent.Scanned,
        KernelEvent.LazyMarked, KernelEvent.LazyFreed, KernelEvent.Purged, KernelEvent.SwappedOut, KernelEvent.SwappedIn);

    private readonly Dictionary<Track, long> _values = [];
    private KernelView? _view;
    private bool _changed = true;

    /// <summary>The counters are those of this run.</summary>
    public void Begin(KernelView view) => _view = view;

    /// <summary>Takes one event.</summary>
    public void Take(in TraceEvent happened)
    {
        if (!Kinds.Has(happened.Kind))
        {
            return;
        }

        if (happened.Kind != KernelEvent.UserEntry)
        {
            _changed = true;
        }
        else if (_changed && _view is { } view)
        {
            _changed = false;
            Read(view, tracks.At(happened.Stamp), happened.Stamp.Pid, happened.Space);
        }
    }

    private void Read(KernelView view, ulong at, int pid, int space)
    {
        MemoryView memory = view.Memory();
        Set("free frames", 0, at, (long)memory.FreeFrames);
        Set("LRU inactive anon", 0, at, memory[LruKind.InactiveAnon]);
        Set("LRU active anon", 0, at, memory[LruKind.ActiveAnon]);
        Set("LRU inactive file", 0, at, memory[LruKind.InactiveFile]);
        Set("LRU active file", 0, at, memory[LruKind.ActiveFile]);
        Set("lazy-free pages", 0, at, memory.LazyFreePages);
        Set("swap slots used", 0, at, memory.SwapUsed);
        if (view.SpaceOf(space) is { } known)
        {
            Set("RSS pages", pid, at, known.ResidentPages);
        }
    }

    private void Set(string name, int pid, ulong at, long value)
    {
        Track track = new(TrackKind.Counter, pid, 0, name);
        if (!_values.TryGetValue(track, out long before) || before != value)
        {
            _values[track] = value;
            tracks.Add(new TimelineItem(ItemKind.Counter, track, at, name) { Value = value });
        }
    }
}
