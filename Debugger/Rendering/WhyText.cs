using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Debugger.Rendering;

/// <summary>The last fault or signal of a run, in words and numbers.</summary>
internal static class WhyText
{
    /// <summary>Writes the explanation.</summary>
    public static void Write(TextWriter writer, GuestName guest, RunResult result, WhyStyle style)
    {
        if (result.LastFault is not { } record)
        {
            writer.WriteLine($"{guest.Shown}: no signal and no unhandled fault in {result.Time} instructions; it ended with status {result.ExitCode}.");
            return;
        }

        SignalEvent signal = record.Signal;
        writer.WriteLine(style.Paint.Strong($"{guest.Shown}: {SignalText.Of(signal.Info)}, {SignalText.Fate(signal)}"));
        writer.WriteLine($"  when  t={signal.Stamp.Time}, pid {signal.Stamp.Pid}, rip {signal.Rip}");
        if (record.Fault is { } fault)
        {
            WriteFault(writer, fault, style);
        }

        foreach (string reason in record.Reasons)
        {
            writer.WriteLine($"  then  {reason}");
        }

        writer.WriteLine($"  next  mmuemu run --trace fault,signal,reclaim {guest.Typed}   |   mmuemu walk {guest.Typed} {signal.Info.Address} --at {signal.Stamp.Time}");
    }

    private static void WriteFault(TextWriter writer, in FaultEvent fault, WhyStyle style)
    {
        writer.WriteLine($"  what  {WalkText.Access(fault.Fault.Code)} of {fault.Fault.Cr2}, error code {WalkText.Code(fault.Fault.Code)}");
        writer.WriteLine(fault.Mapping.Length == 0 ? "  where no mapping covers it" : $"  where {fault.Mapping}");
        foreach (string line in WalkText.Lines(fault.Fault.Cr2, fault.Path, style.Format, style.Paint))
        {
            writer.WriteLine($"        {line}");
        }

        writer.WriteLine($"  why   {FaultText.Explain(fault.Kind)}");
    }
}

/// <summary>A guest's names.</summary>
/// <param name="Shown">Its argv[0].</param>
/// <param name="Typed">What the user typed, and could type again.</param>
internal readonly record struct GuestName(string Shown, string Typed);

/// <summary>How an explanation is written.</summary>
/// <param name="Format">What non-present entries mean.</param>
/// <param name="Paint">Colours.</param>
internal readonly record struct WhyStyle(SoftPteFormat Format, Paint Paint);
