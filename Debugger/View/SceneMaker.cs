using System.Globalization;
using MmuEmu.Debugger.Monitor;
using MmuEmu.Debugger.Travel;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.View;

/// <summary>Makes scenes of where a journey is.</summary>
/// <param name="program">The guest's name.</param>
/// <param name="monitor">The session, whose words and source are used.</param>
/// <param name="said">The last bytes that the guest has written where the machine stands.</param>
/// <param name="trouble">What is not as it was; null while all is.</param>
internal sealed class SceneMaker(string program, MonitorSession monitor, Func<byte[]> said, Func<string?> trouble)
{
    private const int OutputLines = 12;
    private IReadOnlyList<Landmark> _landmarks = [];
    private IReadOnlyList<FreeLevel> _free = [];
    private (int Lines, int Pieces) _known;
    private (Position Where, int Branches)? _begin;
    private ulong _rip;

    private MonitorContext Context => monitor.Context;

    private Journey Journey => Context.Journey;

    /// <summary>The scene here.</summary>
    /// <param name="selection">Which address.</param>
    /// <param name="before">The frame before; null for the first.</param>
    public Scene Make(Selection selection, Scene? before)
    {
        Happenings now = Journey.Now;
        ulong? rip = Rip(now);
        Scene made = Journey.Look(kernel => Taken(kernel, now, selection, before, rip));
        return made with { Timeline = Timeline() };
    }

    /// <summary>The same scene with the last change of the entry that decides.</summary>
    public Scene WithHistory(Scene scene)
    {
        bool isKnown = true;
        (Position, string)? found = scene.Walk is { Rungs: [.., var last] } ? new EntryPast(Context).Of(last, out isKnown) : null;
        return scene with { HasHistory = isKnown, History = found };
    }

    private Scene Taken(MiniKernel kernel, Happenings now, Selection selection, Scene? before, ulong? rip)
    {
        Context.Source.Look(kernel);
        Sight sight = new(kernel, now, Journey.Here.Step, Context, rip);
        Scene scene = new(Journey.Here, Standing(sight)) { Output = CodeTaker.LinesOf(said(), OutputLines) };
        if (sight.Space is not { } space || scene.Standing.End.Length > 0)
        {
            return scene with { Why = [scene.Standing.End.Length > 0 ? $"The run is over: {scene.Standing.End}." : "No process is at work."] };
        }

        WalkScene walk = new WalkTaker(sight).Take(space, selection);
        MapTaker map = new(sight.View, space, walk.Address);
        CodeTaker code = new(sight);
        return scene with
        {
            Walk = walk,
            Why = new WhyTaker(sight).Sentences(),
            Code = code.Code(space),
            Registers = code.Registers(before?.Registers ?? []),
            Map = map.Map(),
            Frame = map.Frame(),
        };
    }

    /// <summary>Inside of an instruction the processor's RIP is that of the block which runs; so it is asked where the instruction begins. Null elsewhere.</summary>
    private ulong? Rip(Happenings now)
    {
        Position here = Journey.Here;
        if (here.Step <= now.Start || now.IsInstruction(here.Step))
        {
            return null;
        }

        for (int i = (now.EventAt(now.Start) ?? -1) + 1; i <= now.EventAt(here.Step); i++)
        {
            if (now.Events[i].Kind == KernelEvent.UserExit)
            {
                return null;
            }
        }

        Position begin = new(here.Time, now.Start);
        if (_begin != (begin, Journey.Course.Branches))
        {
            (_begin, _rip) = ((begin, Journey.Course.Branches), Journey.Course.Look(begin, kernel => kernel.Core.Vcpu.Rip));
        }

        return _rip;
    }

    private Standing Standing(Sight sight)
    {
        bool isOver = Journey.End is not null && Journey.Here.Time >= Journey.Explored && Journey.Here.Step >= Journey.Now.End;
        TaskView? task = sight.View.Current;
        string name = task is null ? "" : $"pid {task.Pid}{(task.Tid == task.Pid ? "" : string.Create(CultureInfo.InvariantCulture, $" tid {task.Tid}"))} {OwnText.Printable(task.Name)}";
        return new Standing(program, Journey.Show(Journey.Here), Journey.Known)
        {
            IsWhole = Journey.Course.Newest.IsWhole,
            IsPast = Journey.IsPast,
            Task = name,
            Pending = PendingOf(sight, task),
            End = isOver ? PositionText.EndOf(Journey.End!) : "",
            Trouble = trouble() ?? "",
        };
    }

    /// <summary>Signals that wait, and the one that a fault has ended in and that is on its way.</summary>
    private static string PendingOf(Sight sight, TaskView? task)
    {
        List<Signal> pending = task is null ? [] : [.. task.Pending, .. task.ProcessPending];
        for (int i = sight.Number; i >= 0 && sight.What.Events[i].Kind != KernelEvent.Signal; i--)
        {
            if (sight.What.Events[i] is { Kind: KernelEvent.FaultSignalled, Detail: FaultDetail fault })
            {
                pending.Add(fault.Signal.Signal);
            }
        }

        return string.Join(' ', pending.Distinct());
    }

    private TimelineScene Timeline()
    {
        Course course = Journey.Course;
        (int, int) known = (course.Lines.Count, course.Newest.Segments.Count);
        if (known != _known)
        {
            _known = known;
            _free = FreeLane.Of(course);
            IEnumerable<Landmark> explored = course.Lines.SelectMany((line, number) => line.Segments.SelectMany(piece => piece.Landmarks).Where(mark => mark.Time < course.LeftAt(number)));
            _landmarks = [.. explored, .. course.Newest.Ahead.SelectMany(piece => piece.Landmarks).Where(mark => mark.Time >= course.Newest.Explored.Time)];
        }

        return new TimelineScene(_landmarks, Journey.Here.Time, Journey.Known, [.. Journey.Marks.Values.Select(mark => mark.Time)]) { Free = _free };
    }
}
