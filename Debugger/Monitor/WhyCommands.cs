using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Monitor;

/// <summary>Why: the fault at work here, or the last one before.</summary>
internal static class WhyCommands
{
    private const int MostHistory = 3;
    private static readonly SignalDetail NoSignal = new(default, SignalFate.Ignored, default, default);

    /// <summary><c>why</c>.</summary>
    public static IEnumerable<string> Why(MonitorContext context, CommandWords words)
    {
        words.AtMost(0);
        if (new FaultFinder(context.Journey).Find() is not var (what, number))
        {
            return ["no page fault and no signal before here: run to fault goes to the next one"];
        }

        TraceEvent found = what.Events[number];
        int? fault = FaultOf(what, number);
        Position where = new(what.Time, what.After(fault ?? number));
        IEnumerable<string> lines = found.Detail is FaultDetail { Signal.Signal: Signal.None } handled
            ? Handled(context, where, handled)
            : IncidentText.Lines(NameOf(context, where), RecordOf(what, number, fault), context.Style);
        FaultDetail? page = fault is { } index ? (FaultDetail?)what.Events[index].Detail : null;
        return [Head(context, where), .. lines, .. History(context, page, where)];
    }

    /// <summary>The fault that a signal came from: the last one of the same T that ends in it.</summary>
    private static int? FaultOf(Happenings what, int number)
    {
        if (what.Events[number].Detail is FaultDetail)
        {
            return number;
        }

        if (what.Events[number].Detail is SignalDetail signal)
        {
            Signal raised = (signal.Undelivered ?? signal.Info).Signal;
            for (int i = number - 1; i >= 0; i--)
            {
                if (what.Events[i].Detail is FaultDetail fault && fault.Signal.Signal == raised)
                {
                    return i;
                }
            }
        }

        return null;
    }

    private static FaultRecord RecordOf(Happenings what, int number, int? fault)
    {
        TraceEvent found = what.Events[number];
        FaultDetail? page = fault is { } index ? (FaultDetail?)what.Events[index].Detail : null;
        if (found.Detail is SyscallDetail call)
        {
            return new FaultRecord(found.Stamp, NoSignal, null, []) { Call = call };
        }

        // Up to the fault itself nothing is delivered yet; what the kernel will do with the signal follows at the same T.
        SignalDetail signal = found.Detail as SignalDetail
            ?? what.Events.Skip(number).Select(happened => happened.Detail).OfType<SignalDetail>().FirstOrDefault()
            ?? new SignalDetail(page!.Signal, SignalFate.Handled, page.Rip, default);
        return new FaultRecord(found.Stamp, signal, page, []);
    }

    private static string Head(MonitorContext context, Position where)
    {
        string which = where.Time == context.Journey.Here.Time ? "here" : "the last one before here";
        return $"T {context.Journey.Show(where)}  at {context.Source.PlaceOf(where)}  ({which})";
    }

    private static string NameOf(MonitorContext context, Position where) =>
        context.ViewAt(where, view => view.Current is { } task ? OwnText.Printable(task.Name) : "the program");

    private static IEnumerable<string> Handled(MonitorContext context, Position where, FaultDetail fault)
    {
        (string code, PagingMode mode) = context.Journey.Course.Look(where, kernel => (CodeText.At(kernel, fault.Rip), kernel.Core.Mmu.Mode));
        yield return $"{NameOf(context, where)}: {WalkText.Access(fault.Fault.Code)} of {fault.Fault.Cr2}, a page fault that the kernel repairs: {FaultText.KindName(fault.Kind)}";
        yield return $"  what  {code}, error code {WalkText.Code(fault.Fault.Code)}";
        yield return fault.Mapping.Length == 0 ? "  where no mapping covers it" : $"  where {OwnText.Printable(fault.Mapping).TrimEnd()}";
        foreach (string line in WalkText.Lines(fault, context.Style.Format, context.Style.Paint))
        {
            yield return $"        {line}";
        }

        if (FaultReason.Entry(fault, mode) is { Length: > 0 } entry)
        {
            yield return $"  rule  {entry}";
        }

        yield return $"  why   {FaultText.Explain(fault.Kind)}";
        yield return $"  now   {fault.After}  {EntryText.Of(fault.After, PagingLevel.Pt, context.Style.Format)}";
    }

    private static IEnumerable<string> History(MonitorContext context, FaultDetail? fault, Position where)
    {
        if (fault is not { Path.Count: > 0 })
        {
            yield break;
        }

        Position begin = new(where.Time, context.Journey.At(where.Time).Start);
        foreach (string line in new EntryHistory(context).Lines(fault.Path.Last, fault.Fault.Cr2, begin, MostHistory))
        {
            yield return $"  {line}";
        }
    }
}
