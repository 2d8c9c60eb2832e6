using MmuEmu.Emulator.Translation;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Debugger.Rendering;

/// <summary>Writes a run's events as lines for people, in the order in which things happen.</summary>
internal sealed class TraceText(TextWriter writer, TraceKinds wanted, SoftPteFormat format, Paint paint, int cpus) : ITraceSink
{
    private readonly Dictionary<int, SyscallEvent> _open = [];

    /// <inheritdoc/>
    public TraceKinds Wanted => wanted;

    /// <inheritdoc/>
    public void OnFault(in FaultEvent happened)
    {
        string outcome = happened.Signal.Signal == Kernel.Abi.Signal.None ? $"pte {happened.After}" : paint.Bad(happened.Signal.Signal.ToString());
        Line(
            happened.Stamp,
            $"#PF {WalkText.Access(happened.Fault.Code)} {happened.Fault.Cr2} err {WalkText.Code(happened.Fault.Code)} "
            + $"rip {happened.Rip} {FaultText.KindName(happened.Kind)} -> {outcome}");
        foreach (string line in WalkText.Lines(happened.Fault.Cr2, happened.Path, format, paint))
        {
            writer.WriteLine($"       {line}");
        }
    }

    /// <inheritdoc/>
    public void OnWalk(in WalkEvent happened)
    {
        MmuEvent what = happened.What;
        if (what.Kind == MmuEventKind.Invalidate)
        {
            Line(happened.Stamp, $"tlb drop {what.Invalidation.Scope} {what.Invalidation.Address} pcid {what.Invalidation.Pcid}");
            return;
        }

        if (what.Kind != MmuEventKind.Walk)
        {
            return;
        }

        string entries = string.Join(' ', Enumerable.Range(0, what.Path.Count).Select(i => what.Path[i].Entry.ToString()));
        Line(happened.Stamp, $"walk {what.Access.Kind.ToString().ToLowerInvariant()} {what.Access.Address} {entries}");
    }

    /// <inheritdoc/>
    public void OnSyscall(in SyscallEvent happened)
    {
        if (happened.Phase == SyscallPhase.Entry)
        {
            _open[happened.Stamp.Tid] = happened;
            return;
        }

        _open.Remove(happened.Stamp.Tid);
        Line(happened.Stamp, $"{happened.Name}({happened.Arguments}) = {SyscallText.Result(happened)}");
    }

    /// <inheritdoc/>
    public void OnSignal(in SignalEvent happened) =>
        Line(happened.Stamp, paint.Strong($"--- {SignalText.Of(happened.Info)} rip={happened.Rip} {SignalText.Fate(happened)} ---"));

    /// <inheritdoc/>
    public void OnMemory(in MemoryEvent happened) => Line(happened.Stamp, MemoryText.Of(happened.What));

    /// <inheritdoc/>
    public void OnMark(in MarkEvent happened) => Line(happened.Stamp, $"mark {happened.Name}");

    /// <inheritdoc/>
    public void OnTask(in TaskEvent happened)
    {
        if (happened.Change is TaskChange.Ended or TaskChange.ThreadEnded && _open.Remove(happened.Stamp.Tid, out SyscallEvent open))
        {
            Line(happened.Stamp, $"{open.Name}({open.Arguments}) = ?");
        }

        if (wanted.HasFlag(TraceKinds.Task))
        {
            Line(happened.Stamp, $"+++ {Who(happened)} {TaskText.Of(happened)} +++");
        }
    }

    private static string Who(in TaskEvent task) =>
        task.Stamp.Tid == task.Stamp.Pid ? $"pid {task.Stamp.Pid}" : $"pid {task.Stamp.Pid} tid {task.Stamp.Tid}";

    private void Line(TraceStamp stamp, string text)
    {
        string cpu = cpus == 1 ? "" : $" cpu={stamp.Cpu}";
        string cycles = stamp.Cycles.Count == 0 ? "" : $" c={stamp.Cycles}";
        writer.WriteLine($"[{stamp.Tid}] t={stamp.Time}{cpu}{cycles} {text}");
    }
}
