using MmuEmu.Debugger.Sessions;
using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Debugger.Rendering;

/// <summary>The last fault or signal of a run, in words and numbers: each thing once.</summary>
internal static class WhyText
{
    /// <summary>Writes the explanation.</summary>
    public static void Write(TextWriter writer, GuestName guest, RunResult result, WhyStyle style)
    {
        if (result.LastFault is not { } record)
        {
            writer.WriteLine($"{guest.Shown}: no signal and no unhandled fault in {result.Time} instructions; {(result.Reason == EndReason.Interrupted ? "it had not ended" : $"it ended with status {result.ExitCode}")}.");
            return;
        }

        SignalDetail signal = record.Signal;
        writer.WriteLine(style.Paint.Strong($"{guest.Shown}: {SignalText.Of(signal.Info)}, {SignalText.Fate(signal)}"));
        writer.WriteLine($"  when  t={record.Stamp.Time}, pid {record.Stamp.Pid}, rip {signal.Rip}");
        if (record.Fault is { } fault)
        {
            WriteFault(writer, fault, style);
        }
        else
        {
            writer.WriteLine($"  what  {Origin(signal.Info)}");
        }

        foreach (HistoryNote note in record.History)
        {
            writer.WriteLine($"  after {HistoryText.Of(note, style.Rules)}");
        }

        writer.WriteLine($"  next  {guest.Typed.Run("--trace fault,signal,reclaim ")}   |   {guest.Typed.Walk(signal.Info.Address, record.Stamp.Time)}");
    }

    private static void WriteFault(TextWriter writer, FaultDetail fault, WhyStyle style)
    {
        string met = fault.Fault.Code.HasFlag(PageFaultCode.P) ? "a present entry refused it" : "the entry was not present";
        writer.WriteLine($"  what  {WalkText.Access(fault.Fault.Code)} of {fault.Fault.Cr2}, error code {WalkText.Code(fault.Fault.Code)}: {met}");
        writer.WriteLine(fault.Mapping.Length == 0 ? "  where no mapping covers it" : $"  where {fault.Mapping}");
        foreach (string line in WalkText.Lines(fault.Fault.Cr2, fault.Path, style.Format, style.Paint))
        {
            writer.WriteLine($"        {line}");
        }

        string rows = string.Join(", ", FaultText.Rows(fault.Kind));
        writer.WriteLine($"  why   {FaultText.Explain(fault.Kind)}{(rows.Length == 0 ? "" : $" ({rows})")}");
    }

    private static string Origin(SigInfo info) => info.Code switch
    {
        SigCode.User or SigCode.TKill or SigCode.Queue => $"sent by process {info.Pid}",
        SigCode.Kernel => "raised by the kernel for an exception without an address",
        _ => "raised by the instruction itself, not by a page fault",
    };
}

/// <summary>A guest's names.</summary>
/// <param name="Shown">Its argv[0].</param>
/// <param name="Typed">What the user typed, and could type again.</param>
internal readonly record struct GuestName(string Shown, TypedRun Typed);

/// <summary>How an explanation is written.</summary>
/// <param name="Format">What non-present entries mean.</param>
/// <param name="Paint">Colours.</param>
/// <param name="Rules">The run's pressure rules, in order.</param>
internal readonly record struct WhyStyle(SoftPteFormat Format, Paint Paint, IReadOnlyList<PressureRule> Rules);
