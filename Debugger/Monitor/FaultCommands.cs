using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Monitor;

/// <summary>Lists of faults.</summary>
internal static class FaultCommands
{
    private const int MostListed = 1000;

    /// <summary><c>faults</c>.</summary>
    public static IEnumerable<string> Faults(MonitorContext context, CommandWords words)
    {
        words.AtMost(1);
        int most = words.CountAt(0, 10, MostListed);
        Journey journey = context.Journey;
        List<TraceEvent> before = Before(journey, most);
        List<TraceEvent> after = Behind(journey, most);
        int kept = Math.Max(most / 2, most - after.Count);
        before = before[Math.Max(0, before.Count - kept)..];
        after = after[..Math.Min(after.Count, most - before.Count)];
        string end = journey.End is null ? $"  (the run is explored up to T {journey.Explored})" : "";
        return before.Count + after.Count == 0
            ? [$"no page fault of user code so far{end}"]
            : [.. before.Select(happened => Line(context, happened)), $"--> T {journey.Show(journey.Here)} is here{end}", .. after.Select(happened => Line(context, happened))];
    }

    private static string Line(MonitorContext context, TraceEvent happened)
    {
        FaultDetail fault = (FaultDetail)happened.Detail!;
        string outcome = fault.Signal.Signal == Signal.None ? "handled" : fault.Signal.Signal.ToString();
        return $"    T {happened.Stamp.Time,-10} pid {happened.Stamp.Pid,-3} {WalkText.Access(fault.Fault.Code),-10} {fault.Fault.Cr2,-16} {FaultText.KindName(fault.Kind),-13} {outcome,-8} {context.Source.PlaceIn(happened.Space, fault.Rip, new Position(happened.Stamp.Time, 0))}";
    }

    private static List<TraceEvent> Before(Journey journey, int most)
    {
        List<TraceEvent> found = [];
        for (int number = journey.Course.LineOf(journey.Here.Time); number >= 0 && found.Count < most; number--)
        {
            Timeline line = journey.Course.Lines[number];
            ulong end = Math.Min(journey.Here.Time, journey.Course.LeftAt(number));
            for (int piece = line.Segments.Count - 1; piece >= 0 && found.Count < most; piece--)
            {
                found.InsertRange(0, In(line, piece, 0, end));
            }
        }

        return found;
    }

    private static List<TraceEvent> Behind(Journey journey, int most)
    {
        List<TraceEvent> found = [];
        for (int number = journey.Course.LineOf(journey.Here.Time); number < journey.Course.Lines.Count && found.Count < most; number++)
        {
            Timeline line = journey.Course.Lines[number];
            for (int piece = 0; piece < line.Segments.Count && found.Count < most; piece++)
            {
                found.AddRange(In(line, piece, journey.Here.Time, journey.Course.LeftAt(number)));
            }
        }

        return found;
    }

    /// <summary>The faults of a piece from T <paramref name="first"/> on and before <paramref name="end"/>.</summary>
    private static List<TraceEvent> In(Timeline line, int piece, ulong first, ulong end)
    {
        List<TraceEvent> found = [];
        TraceMask kinds = TraceMask.Of(KernelEvent.FaultHandled, KernelEvent.FaultSignalled);
        Segment segment = line.Segments[piece];
        if (segment.MayHold(kinds) && segment.End.Time >= first && segment.Start.Time < end)
        {
            line.Replay(piece, new Watcher(kinds, (in TraceEvent happened) =>
            {
                if (happened.Stamp.Time >= first && happened.Stamp.Time < end)
                {
                    found.Add(happened);
                }
            }));
        }

        return found;
    }
}
