using MmuEmu.Debugger.Sessions;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Debugger.Rendering;

/// <summary>One incident, a signal or an EFAULT, in words and numbers: each thing once.</summary>
internal static class IncidentText
{
    /// <summary>The lines, the answer first.</summary>
    public static IEnumerable<string> Lines(string guest, FaultRecord record, WhyStyle style)
    {
        yield return style.Paint.Strong($"{guest}: {Answer(record, style.Cpu)}");
        foreach (string line in Details(record, style))
        {
            yield return line;
        }
    }

    /// <summary>The lines of an incident that did not end the run.</summary>
    public static IEnumerable<string> LinesOfEarlier(FaultRecord record, WhyStyle style)
    {
        yield return $"  last  {Answer(record, style.Cpu)}";
        foreach (string line in Details(record, style))
        {
            yield return line;
        }
    }

    private static IEnumerable<string> Details(FaultRecord record, WhyStyle style)
    {
        string where = record.Call is null ? $", rip {record.Signal.Rip}{Place(record.Signal, style)}" : "";
        yield return $"  when  t={record.Stamp.Time}, pid {record.Stamp.Pid}{where}";
        foreach (string line in record.Call is { } call ? CallLines(call) : SignalLines(record, style))
        {
            yield return line;
        }

        foreach (HistoryNote note in record.History)
        {
            yield return $"  after {HistoryText.Of(note, style.Rules)}";
        }
    }

    /// <summary>Behind a trap the register is at the next instruction.</summary>
    private static string Place(SignalDetail signal, WhyStyle style) =>
        style.Source?.Invoke(signal.Rip, signal.Vector is { } vector && IsTrap(vector) ? 1UL : 0) is { Length: > 0 } place ? $" {place}" : "";

    /// <summary>What to type next.</summary>
    public static string Next(FaultRecord record, TypedRun typed)
    {
        SignalDetail signal = record.Signal;
        return record switch
        {
            { Call.BadAccess: { } bad } => $"{typed.Run("--strace ")}   |   {typed.Walk(bad.Address, record.Stamp.Time)}",
            { Call: not null } => typed.Run("--strace "),
            { Fault: null } when signal.Missing != CpuFeatures.None => $"mmuemu cpu   |   {typed.Run("--trace signal ")}",
            { Fault: null } when signal.Undelivered is not null => $"{typed.Run("--trace fault,signal ")}   |   {typed.Walk(signal.FrameAccess?.Address ?? signal.Frame.Start, record.Stamp.Time)}",
            { Fault: null } when signal.Vector is { } vector => $"{typed.Run("--trace signal ")}   |   {typed.Walk(signal.Rip, record.Stamp.Time - (IsTrap(vector) ? 1UL : 0))}",
            { Fault: null } => typed.Run("--strace "),
            _ => $"{typed.Run("--trace fault,signal,reclaim ")}   |   {typed.Walk(record.Fault.Fault.Cr2, record.Stamp.Time)}",
        };
    }

    private static string Answer(FaultRecord record, CpuModel cpu)
    {
        if (record.Call is { } call)
        {
            string bad = call.BadAccess is { } access ? $" at byte {access.Address}: {FaultReason.Short(access.Kind)}" : "";
            return $"{call.Name} answered EFAULT{bad}";
        }

        SignalDetail signal = record.Signal;
        string why = record switch
        {
            _ when signal.Undelivered is { } lost => $"{lost.Signal} could not be delivered: {FrameProblem(signal)}",
            { Fault: { } fault } => $"{WalkText.Access(fault.Fault.Code)} of {fault.Fault.Cr2}, {FaultReason.Short(fault)}",
            _ when signal.Vector is { } vector => $"{TrapText.NameOf(vector)}, {TrapText.Rule(signal, cpu)}",
            _ => Origin(record),
        };
        return $"{SignalText.Of(signal.Info)}, {SignalText.Fate(signal)}: {why}";
    }

    private static IEnumerable<string> SignalLines(FaultRecord record, WhyStyle style)
    {
        SignalDetail signal = record.Signal;
        if (signal.Undelivered is not null)
        {
            foreach (string line in FrameLines(signal, record.Fault))
            {
                yield return line;
            }
        }

        if (record.Fault is { } fault)
        {
            foreach (string line in FaultLines(fault, style))
            {
                yield return line;
            }
        }
        else if (signal.Vector is { } vector)
        {
            string code = signal.Code.Count == 0 ? "the instruction before rip" : InstructionText.At(signal.Rip, signal.Code);
            yield return $"  what  {code} raised {TrapText.NameOf(vector)}, of which Linux makes {signal.Info.Signal}";
        }

        if (signal.Barred)
        {
            yield return "  fatal it was blocked or ignored: a signal that an instruction raises kills then, whatever its handler (force_sig)";
        }
    }

    /// <summary>True when the instruction has retired with the exception, so that the program may be gone at that T.</summary>
    private static bool IsTrap(ExceptionVector vector) => vector is ExceptionVector.DB or ExceptionVector.BP or ExceptionVector.OF;

    private static IEnumerable<string> FaultLines(FaultDetail fault, WhyStyle style)
    {
        string met = fault.Fault.Code.HasFlag(PageFaultCode.P) ? "a present entry refused it" : "the entry was not present";
        string by = InstructionText.At(fault.Rip, fault.Code) is { Length: > 0 } code && !fault.Fault.Code.HasFlag(PageFaultCode.ID) ? $" by {code}" : "";
        yield return $"  what  {WalkText.Access(fault.Fault.Code)} of {fault.Fault.Cr2}{by}, error code {WalkText.Code(fault.Fault.Code)}: {met}";
        yield return fault.Mapping.Length == 0 ? "  where no mapping covers it" : $"  where {fault.Mapping}";
        foreach (string line in WalkText.Lines(fault, style.Format, style.Paint))
        {
            yield return $"        {line}";
        }

        if (FaultReason.Entry(fault) is { Length: > 0 } entry)
        {
            yield return $"  rule  {entry}";
        }

        string rows = string.Join(", ", FaultText.Rows(fault.Kind));
        yield return $"  why   {FaultReason.Rule(fault)}{(rows.Length == 0 ? "" : $" ({rows})")}";
    }

    private static IEnumerable<string> FrameLines(SignalDetail signal, FaultDetail? fault)
    {
        yield return $"  lost  {SignalText.Of(signal.Undelivered!.Value)}: its handler was to run";
        if (signal.Frame.LengthBytes != 0)
        {
            string stack = signal.AltStack.LengthBytes != 0 ? $"the alternate stack {signal.AltStack.Start}-{signal.AltStack.End}" : "the thread's own stack";
            yield return $"  frame {signal.Frame.Start}-{signal.Frame.End}, {signal.Frame.LengthBytes} bytes, on {stack}";
        }

        string met = signal.FrameAccess is { } access && access.Kind != fault?.Kind ? $"{FaultText.Explain(access.Kind)} " : "";
        yield return $"  rule  {met}A signal whose frame cannot be written becomes SIGSEGV with SI_KERNEL, which the same stack cannot take either.";
    }

    private static string FrameProblem(SignalDetail signal)
    {
        string stack = signal.AltStack.LengthBytes != 0 ? "the alternate stack" : "the stack";
        return signal switch
        {
            { Frame.LengthBytes: 0 } => "its action has no restorer (SA_RESTORER) to return to",
            { FrameAccess: { } access } => $"the store of its frame to {access.Address} on {stack} is refused ({FaultText.KindName(access.Kind)})",
            { AltStack.LengthBytes: > 0 } => $"its frame does not fit on {stack}",
            _ => $"no memory could be had for its frame on {stack}",
        };
    }

    private static IEnumerable<string> CallLines(SyscallDetail call)
    {
        yield return $"  what  {call.Name}({call.Arguments}) = {SyscallText.Result(call)}";
        if (call.BadAccess is { } bad)
        {
            IReadOnlyList<string> rows = bad.Kind == FaultKind.Purged ? ["V-093"] : bad.Kind == FaultKind.UserFault ? ["U-050"] : [];
            string cited = rows.Count == 0 ? "" : $" ({string.Join(", ", rows)})";
            string repair = bad.Kind == FaultKind.Purged ? "VRANGE_NONVOLATILE makes the page usable again, filled with zeros. " : "";
            yield return $"  why   {repair}A system call answers EFAULT where the program itself would get a signal{cited}.";
        }
    }

    /// <summary>Where a signal came from that no instruction raised.</summary>
    private static string Origin(FaultRecord record)
    {
        SigInfo info = record.Signal.Info;
        bool own = info.Pid == record.Stamp.Pid;
        string abort = own && info.Signal == Signal.SIGABRT ? "; abort() and a failed assert() do that" : "";
        string pipe = own && info.Signal == Signal.SIGPIPE ? "sent for a write to a pipe or socket that nobody reads any more" : "";
        return info.Code switch
        {
            SigCode.User when pipe.Length > 0 => pipe,
            SigCode.User or SigCode.TKill or SigCode.Queue when own => $"sent by itself, process {info.Pid}{abort}",
            SigCode.User or SigCode.TKill or SigCode.Queue => $"sent by process {record.Signal.Sender?.ToString() ?? $"{info.Pid}, which is gone"}",
            SigCode.Kernel when info.Signal == Signal.SIGKILL => "sent by the out-of-memory killer",
            SigCode.Kernel => "sent by the kernel",
            SigCode.Timer => "sent by a timer of its own",
            _ => "raised by the instruction itself, not by a page fault",
        };
    }
}

/// <summary>How an explanation is written.</summary>
/// <param name="Format">What non-present entries mean.</param>
/// <param name="Paint">Colours.</param>
/// <param name="Rules">The run's pressure rules, in order.</param>
/// <param name="Cpu">The run's processor.</param>
internal readonly record struct WhyStyle(SoftPteFormat Format, Paint Paint, IReadOnlyList<PressureRule> Rules, CpuModel Cpu)
{
    /// <summary>What an instruction is called in the program's source, given its address and how far before it the line is sought; null where nobody can say.</summary>
    public Func<VirtAddr, ulong, string>? Source { get; init; }
}
