using MmuEmu.Debugger.Rendering;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Exports;

/// <summary>The tracks of threads, and the one of signals.</summary>
internal sealed class TimelineThreads(TimelineTracks tracks, TimelineFlows flows, EventSource source, TraceKinds kinds)
{
    /// <summary>What is needed besides faults themselves to know when they begin and what they were caused by.</summary>
    public static readonly TraceMask OfFaults = TraceMask.Of(
        TraceEventKind.PageFault, KernelEvent.FaultClassified, KernelEvent.Purged, KernelEvent.LazyFreed);

    private readonly Dictionary<int, Track> _inCall = [];
    private readonly Dictionary<int, (ulong Began, ulong Flow)> _faults = [];

    /// <summary>Takes one event.</summary>
    public void Take(in TraceEvent happened)
    {
        TraceStamp stamp = happened.Stamp;
        ulong at = tracks.At(stamp);
        Track track = new(TrackKind.Thread, stamp.Pid, stamp.Tid);
        switch (happened.Kind)
        {
            case TraceEventKind.PageFault:
                _faults[stamp.Tid] = (at, 0);
                break;
            case KernelEvent.FaultClassified:
                _faults[stamp.Tid] = (_faults.TryGetValue(stamp.Tid, out (ulong Began, ulong Flow) open) ? open.Began : at, flows.Missed(happened.Space, happened.Address));
                break;
            case KernelEvent.FaultHandled or KernelEvent.FaultSignalled when happened.Detail is FaultDetail fault:
                Fault(track, at, fault);
                break;
            case KernelEvent.SyscallEntry when happened.Detail is SyscallDetail call:
                _inCall[stamp.Tid] = track;
                tracks.Add(new TimelineItem(ItemKind.Begin, track, at, call.Name) { Category = "syscall", Facts = [new("arguments", call.Arguments), .. source.OfCall(stamp.Tid)] });
                break;
            case KernelEvent.SyscallReturn when happened.Detail is SyscallDetail call:
                Return(stamp.Tid, at, [new("result", SyscallText.Result(call))]);
                break;
            case KernelEvent.UserEntry:
                // Some calls have no return, as rt_sigreturn.
                Return(stamp.Tid, at, []);
                break;
            case KernelEvent.Signal when happened.Detail is SignalDetail signal:
                Signal(stamp, at, signal);
                break;
            case KernelEvent.Mark when happened.Detail is MarkDetail mark:
                tracks.Add(new TimelineItem(ItemKind.Instant, track, at, OwnText.Printable(mark.Name)) { Category = "mark" });
                break;
            case KernelEvent.Task when happened.Detail is TaskDetail task:
                Task(track, at, task);
                break;
        }
    }

    /// <summary>The export is over: what is still open ends.</summary>
    public void End()
    {
        foreach (int tid in _inCall.Keys.Order().ToList())
        {
            Return(tid, tracks.Latest, []);
        }
    }

    private void Return(int tid, ulong at, IReadOnlyList<ItemFact> facts)
    {
        // A window may begin inside a call; the end of that has no begin.
        if (_inCall.Remove(tid, out Track track))
        {
            tracks.Add(new TimelineItem(ItemKind.End, track, at) { Facts = facts });
        }
    }

    private void Fault(Track track, ulong at, FaultDetail fault)
    {
        (ulong began, ulong flow) = _faults.Remove(track.Tid, out (ulong Began, ulong Flow) open) ? open : (at, 0);
        List<ItemFact> facts =
        [
            new("address", fault.Fault.Cr2.ToString()), new("access", WalkText.Access(fault.Fault.Code)), new("code", WalkText.Code(fault.Fault.Code)),
            new("rip", fault.Rip.ToString()), .. source.At(track.Tid, fault.Rip), new("mapping", fault.Mapping), new("after", fault.After.ToString()), new("entries read", null, (ulong)fault.Path.Count),
        ];
        if (fault.Signal.Signal != Kernel.Abi.Signal.None)
        {
            facts.Add(new ItemFact("signal", fault.Signal.Signal.ToString()));
        }

        tracks.Add(new TimelineItem(ItemKind.Begin, track, began, $"#PF {FaultText.KindName(fault.Kind)}") { Category = "fault", Facts = facts, Flow = flow, EndsFlow = true });
        tracks.Add(new TimelineItem(ItemKind.End, track, at));
    }

    private void Signal(in TraceStamp stamp, ulong at, SignalDetail signal) =>
        tracks.Add(new TimelineItem(ItemKind.Instant, new Track(TrackKind.Signals), at, signal.Info.Signal.ToString())
        {
            Category = "signal",
            Facts =
            [
                new("pid", null, (ulong)stamp.Pid), new("tid", null, (ulong)stamp.Tid), new("what", SignalText.Of(signal.Info)),
                new("rip", signal.Rip.ToString()), .. source.At(stamp.Tid, signal.Rip), new("fate", SignalText.Fate(signal)),
            ],
        });

    private void Task(Track track, ulong at, TaskDetail task)
    {
        if (task.Change is TaskChange.Ended or TaskChange.ThreadEnded)
        {
            Return(track.Tid, at, []);
        }

        if (task.Change is TaskChange.Began or TaskChange.Executed)
        {
            tracks.Writer.NameProcess(track.Pid, OwnText.Printable(task.Text[(task.Text.LastIndexOf('/') + 1)..]));
        }

        if (kinds.HasFlag(TraceKinds.Task))
        {
            tracks.Add(new TimelineItem(ItemKind.Instant, track, at, TaskText.Of(task)) { Category = "task" });
        }
    }
}
