using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Debugger.Rendering;

/// <summary>Writes a run's events as lines for people, in the order in which things happen.</summary>
internal sealed class TraceText(TextWriter writer, TraceKinds families, SoftPteFormat format, Paint paint, int cpus) : ITraceSink
{
    private readonly Dictionary<int, SyscallDetail> _open = [];
    private readonly BootSummary? _boot = families.HasFlag(TraceKinds.Boot) ? null : new BootSummary();

    /// <inheritdoc/>
    /// <remarks>A thread that ends in a system call has no return: its end closes the line.</remarks>
    public TraceMask Wanted { get; } = TraceFamilies.MaskOf(families)
        | (families.HasFlag(TraceKinds.Syscall) ? TraceMask.Of(KernelEvent.Task) : TraceMask.None);

    /// <inheritdoc/>
    public void Take(in TraceEvent happened)
    {
        if (_boot is null || !_boot.Takes(happened))
        {
            if (_boot?.End() is { } boot)
            {
                writer.WriteLine($"[0] t=0 boot: {boot} (add boot to --trace to see each)");
            }

            Tell(happened);
        }
    }

    private void Tell(in TraceEvent happened)
    {
        switch (happened.Detail)
        {
            case FaultDetail fault:
                Fault(happened.Stamp, fault);
                break;
            case SyscallDetail call when happened.Kind == KernelEvent.SyscallEntry:
                _open[happened.Stamp.Tid] = call;
                break;
            case SyscallDetail call:
                _open.Remove(happened.Stamp.Tid);
                Line(happened.Stamp, $"{call.Name}({call.Arguments}) = {SyscallText.Result(call)}{SyscallText.Door(call)}");
                break;
            case SignalDetail signal:
                Line(happened.Stamp, paint.Strong($"--- {SignalText.Of(signal.Info)} rip={signal.Rip} {SignalText.Fate(signal)} ---"));
                break;
            case MarkDetail mark:
                Line(happened.Stamp, $"mark {OwnText.Printable(mark.Name)}");
                break;
            case RuleDetail rule:
                Line(happened.Stamp, $"rule '{rule.Text}' fires");
                break;
            case TaskDetail task:
                Task(happened.Stamp, task);
                break;
            default:
                Plain(happened);
                break;
        }
    }

    private void Plain(in TraceEvent happened)
    {
        if (happened is { Kind: KernelEvent.Scanned, Count: 0 })
        {
            return;
        }

        string? text = happened.Kind < TraceEventKind.FirstOfSoftware ? MmuText.Of(happened) : MemoryText.Of(happened);
        if (text is not null)
        {
            Line(happened.Stamp, text);
        }
    }

    private void Fault(TraceStamp stamp, FaultDetail fault)
    {
        string outcome = fault.Signal.Signal == Kernel.Abi.Signal.None ? $"pte {fault.After}" : paint.Bad(fault.Signal.Signal.ToString());
        Line(
            stamp,
            $"#PF {WalkText.Access(fault.Fault.Code)} {fault.Fault.Cr2} err {WalkText.Code(fault.Fault.Code)} "
            + $"rip {fault.Rip} {FaultText.KindName(fault.Kind)} -> {outcome}");
        foreach (string line in WalkText.Lines(fault, format, paint))
        {
            writer.WriteLine($"       {line}");
        }
    }

    private void Task(TraceStamp stamp, TaskDetail task)
    {
        if (task.Change is TaskChange.Ended or TaskChange.ThreadEnded && _open.Remove(stamp.Tid, out SyscallDetail? open))
        {
            Line(stamp, $"{open.Name}({open.Arguments}) = ?{SyscallText.Door(open)}");
        }

        if (families.HasFlag(TraceKinds.Task))
        {
            string who = stamp.Tid == stamp.Pid ? $"pid {stamp.Pid}" : $"pid {stamp.Pid} tid {stamp.Tid}";
            Line(stamp, $"+++ {who} {TaskText.Of(task)} +++");
        }
    }

    private void Line(TraceStamp stamp, string text)
    {
        string cpu = cpus == 1 ? "" : $" cpu={stamp.Cpu}";
        string cycles = stamp.Cycles.Count == 0 ? "" : $" c={stamp.Cycles}";
        writer.WriteLine($"[{stamp.Tid}] t={stamp.Time}{cpu}{cycles} {text}");
    }
}
