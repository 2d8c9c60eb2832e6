using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Differences;

/// <summary>The first difference of two runs in words, with what happened before it on both sides.</summary>
internal sealed class DiffText(RunSide a, RunSide b, RunPair pair)
{
    private const int MostEvents = 6;
    private const int MostRegisters = 12;

    private static readonly TraceMask Told = TraceMask.Of(KernelEvent.SyscallReturn) | TraceFamilies.MaskOf(
        TraceKinds.Fault | TraceKinds.Signal | TraceKinds.Mark | TraceKinds.Task | TraceKinds.Rule);

    /// <summary>The answer.</summary>
    public IEnumerable<string> Lines(RunPoint point) =>
    [
        Headline(point),
        .. Rest(point).Select(line => line.Length == 0 ? "" : $"  {line}"),
    ];

    private string Headline(RunPoint point) => point.Kind switch
    {
        PointKind.Begin => "differ from the begin: before the first instruction",
        PointKind.Event => $"differ at T {a.Journey.Show(point.Where)}: another event",
        PointKind.Step => $"differ at T {a.Journey.Show(point.Where)}: the same event leaves another state",
        PointKind.Result => $"differ at T {a.Journey.Show(point.Where)}: the same instruction leaves another state",
        PointKind.End => $"differ at T {a.Journey.Show(point.Where)}: one of them is over",
    };

    private IEnumerable<string> Rest(RunPoint point)
    {
        if (pair.RamDiffersAtBegin)
        {
            yield return "RAM differs from the begin; compared are registers and events";
        }

        foreach (RunSide side in new[] { a, b })
        {
            yield return "";
            yield return $"{side.Name}: {OwnText.Printable(side.Word)}";
            foreach (string line in point.Kind == PointKind.Begin ? [] : Events(side, point))
            {
                yield return $"  {line}";
            }
        }

        string[] states = [.. States(point)];
        if (states.Length > 0)
        {
            yield return "";
            yield return "what differs then:";
            foreach (string line in states)
            {
                yield return $"  {line}";
            }
        }
    }

    /// <summary>The last events of a side up to the difference, which is the last line.</summary>
    private static IEnumerable<string> Events(RunSide side, RunPoint point)
    {
        SoftPteFormat format = new(side.Session.Plan.Options.Profile);
        int cpus = side.Session.Plan.Options.Cpus;
        Happenings here = side.Journey.At(point.Where.Time);
        int before = point.Event ?? (point.Kind == PointKind.Step ? here.EventAt(point.Where.Step) ?? 0 : here.Events.Count);
        IEnumerable<TraceEvent> first = here.Events.Take(before);
        List<TraceEvent> last = [.. Before(side, point.Where.Time), .. first.Where(happened => Told.Has(happened.Kind))];
        foreach (TraceEvent happened in last.TakeLast(MostEvents))
        {
            yield return EventWords.Line(happened, format, cpus);
        }

        if (here.Time < point.Where.Time)
        {
            yield return $"> is over since T {here.Time}: {side.Journey.End?.Reason}, status {side.Journey.End?.ExitCode}";
            yield break;
        }

        if (point.Event is { } number)
        {
            yield return here.Events.Skip(number).Where(happened => !EventWords.Silent.Has(happened.Kind)).Take(1).ToList() is [var next]
                ? $"> {EventWords.Line(next, format, cpus)}"
                : $"> t={point.Where.Time} nothing more happens at this T";
        }
        else if (point.Kind == PointKind.Step && here.EventAt(point.Where.Step) is { } event_)
        {
            yield return $"> {EventWords.Line(here.Events[event_], format, cpus)}";
        }
        else if (point.Kind == PointKind.End)
        {
            bool isOver = side.Journey.Explored == point.Where.Time && side.Journey.End is not null;
            yield return isOver ? $"> is over: {side.Journey.End!.Reason}, status {side.Journey.End.ExitCode}" : "> goes on";
        }

        yield return $"  instruction at T {point.Where.Time}: {side.Journey.Course.Look(new Position(point.Where.Time, here.Start), InstructionWords.Of)}";
    }

    private static List<TraceEvent> Before(RunSide side, ulong time)
    {
        List<TraceEvent> found = [];
        Timeline line = side.Journey.Course.Newest;
        for (int piece = line.Find(time); piece >= 0 && found.Count < MostEvents; piece--)
        {
            List<TraceEvent> here = [];
            line.Replay(piece, new Watcher(Told, (in TraceEvent happened) =>
            {
                if (happened.Stamp.Time < time)
                {
                    here.Add(happened);
                }
            }));
            found.InsertRange(0, here.TakeLast(MostEvents));
        }

        return found;
    }

    /// <summary>Registers and RAM of both, where they differ first.</summary>
    private IEnumerable<string> States(RunPoint point)
    {
        if (point.Kind is PointKind.End)
        {
            yield break;
        }

        RunState[] states = pair.At(point.Kind == PointKind.Begin || point.Where.Step < a.Journey.At(point.Where.Time).Start ? point.Where.Time : point.Where.Time + 1);
        foreach (string line in Registers(states[0], states[1]))
        {
            yield return line;
        }

        foreach (string line in pair.RamDiffersAtBegin ? [] : RamDifference.Lines(new KernelView(a.Session.Kernel), new KernelView(b.Session.Kernel)))
        {
            yield return line;
        }
    }

    private static IEnumerable<string> Registers(RunState a, RunState b)
    {
        Dictionary<(int Tid, string Register), string> other = b.Registers.ToDictionary(one => (one.Tid, one.Register), one => one.Value);
        List<string> lines = [.. a.Registers
            .Where(one => other.GetValueOrDefault((one.Tid, one.Register)) != one.Value)
            .Select(one => $"[{one.Tid}] {one.Register}: A {Shown(one.Value)}, B {Shown(other.GetValueOrDefault((one.Tid, one.Register), "no such thread"))}")];
        return lines.Count <= MostRegisters ? lines : [.. lines.Take(MostRegisters), $"and {lines.Count - MostRegisters} more registers"];
    }

    private static string Shown(string value) => value.Length > 40 ? "other bytes" : value;
}
