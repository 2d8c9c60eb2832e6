using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Travel;

/// <summary>Notes what happens in the piece of a run that is run for the first time.</summary>
internal sealed class SegmentNotes
{
    /// <summary>Events after which a piece ends at the next moment: running it again must not take long.</summary>
    public const int MostEvents = 8192;

    private const int MostLandmarks = 256;
    private const ulong MostFramesOfBlock = 1024;

    /// <summary>What is listened to: the cheapest kinds from which the others follow.</summary>
    public static readonly TraceMask Indexed = TraceMask.Of(
        TraceEventKind.EntryMarked, KernelEvent.FaultClassified, KernelEvent.EntryChanged, KernelEvent.FrameTaken, KernelEvent.FrameFreed,
        KernelEvent.Scanned, KernelEvent.LazyFreed, KernelEvent.LazyMarked, KernelEvent.Purged, KernelEvent.SwappedOut, KernelEvent.SwappedIn,
        KernelEvent.OutOfMemory, KernelEvent.FaultSignalled, KernelEvent.Signal, KernelEvent.Mark, KernelEvent.Task, KernelEvent.RuleFired,
        KernelEvent.SpaceCopied, KernelEvent.UserExit);

    private static readonly TraceMask OfFaults = TraceMask.Of(
        TraceEventKind.PageFault, KernelEvent.FaultHandled, KernelEvent.MappingSought, KernelEvent.RightsChecked);

    private static readonly TraceMask OfCalls = TraceMask.Of(
        KernelEvent.SyscallEntry, KernelEvent.SyscallReturn, KernelEvent.RangeCall, KernelEvent.CopyRefused);

    private readonly HashSet<ulong> _keys = [];
    private readonly List<Landmark> _landmarks = [];
    private ulong _kinds;
    private long _taken;

    /// <summary>Kinds of which a piece knows whether they happened.</summary>
    public static TraceMask Known { get; } = Indexed | OfFaults | OfCalls;

    /// <summary>Events so far.</summary>
    public int Events { get; private set; }

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        _keys.Clear();
        _landmarks.Clear();
        (_kinds, _taken, Events) = (0, 0, 0);
    }

    /// <summary>The piece from <paramref name="start"/> to <paramref name="end"/>.</summary>
    public Segment Close(Moment start, Moment end) => new(start, end, new TraceMask(_kinds), new KeyFilter(_keys), [.. _landmarks], _taken);

    /// <summary>Takes one event.</summary>
    public void Take(in TraceEvent happened)
    {
        Events++;
        _kinds |= 1UL << (int)happened.Kind;
        switch (happened.Kind)
        {
            case TraceEventKind.EntryMarked:
                _keys.Add(KeyFilter.Entry(happened.Slot));
                break;
            case KernelEvent.EntryChanged:
                _keys.Add(KeyFilter.Entry(happened.Slot));
                AddFrameOf(happened.Old);
                AddFrameOf(happened.New);
                break;
            case KernelEvent.FrameTaken:
            case KernelEvent.FrameFreed:
                TakeFrames(happened);
                break;
            case KernelEvent.UserExit:
                TakeExit(happened);
                break;
            case KernelEvent.FaultClassified:
                _kinds |= OfFaults.Bits;
                Add(happened, Lane.Fault);
                break;
            default:
                TakeOther(happened);
                break;
        }
    }

    private void TakeOther(in TraceEvent happened)
    {
        if (happened.Frame.Raw != 0)
        {
            _keys.Add(KeyFilter.Frame(happened.Frame));
            _keys.Add(KeyFilter.Page(happened.Space, happened.Address));
        }

        Lane? lane = happened.Kind switch
        {
            KernelEvent.FaultSignalled => Lane.BadFault,
            KernelEvent.Signal => Lane.Signal,
            KernelEvent.Purged or KernelEvent.SwappedOut or KernelEvent.LazyFreed => Lane.Reclaim,
            KernelEvent.RuleFired => Lane.Rule,
            KernelEvent.Mark => Lane.Mark,
            KernelEvent.Task => Lane.Task,
            _ => null,
        };
        if (lane is { } known)
        {
            Add(happened, known);
        }
    }

    private void TakeExit(in TraceEvent happened)
    {
        if ((CoreExitKind)happened.Number == CoreExitKind.Syscall)
        {
            _kinds |= OfCalls.Bits;
            Add(happened, Lane.Syscall);
        }
    }

    private void TakeFrames(in TraceEvent happened)
    {
        _taken += happened.Kind == KernelEvent.FrameTaken ? (long)happened.Count : -(long)happened.Count;
        for (ulong i = 0; i < Math.Min(happened.Count, MostFramesOfBlock); i++)
        {
            _keys.Add(KeyFilter.Frame(new Pfn(happened.Frame.Raw + i)));
        }
    }

    private void AddFrameOf(Pte entry)
    {
        if (entry.Present)
        {
            _keys.Add(KeyFilter.Frame(entry.Frame));
        }
    }

    private void Add(in TraceEvent happened, Lane lane)
    {
        if (_landmarks.Count < MostLandmarks)
        {
            _landmarks.Add(new Landmark(happened.Stamp.Time, lane));
        }
    }
}
