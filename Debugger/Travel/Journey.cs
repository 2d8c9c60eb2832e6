using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Travel;

/// <summary>A session in a run's time: where somebody is, and the ways he can go from there, forwards and backwards. All views use only this.</summary>
/// <param name="course">The run.</param>
internal sealed class Journey(Course course) : IDisposable
{
    private readonly SortedDictionary<string, Position> _marks = new(StringComparer.Ordinal);
    private readonly TrailPieces _pieces = new();
    private volatile bool _unwanted;

    /// <summary>Where he is.</summary>
    public Position Here { get; private set; } = new(course.Lines[0].Begin.Time, 0);

    /// <summary>What happens at the T at which he is.</summary>
    public Happenings Now => At(Here.Time);

    /// <summary>True when an instruction is about to run: he is not inside of one, nor in the kernel.</summary>
    public bool IsAtInstruction => Now.IsInstruction(Here.Step);

    /// <summary>T up to which the run is explored.</summary>
    public ulong Explored => course.Newest.Explored.Time;

    /// <summary>T up to which it is known what happens, by a recording also where the run is not explored.</summary>
    public ulong Known => course.Newest.Known;

    /// <summary>How the run ends; null while nobody knows.</summary>
    public RunResult? End => course.Newest.End;

    /// <summary>True when something is explored behind the T at which he is.</summary>
    public bool IsPast => Here.Time < Furthest;

    /// <summary>The greatest T at which he has been, or the end.</summary>
    public ulong Furthest { get; private set; }

    /// <summary>Names that he gave to positions.</summary>
    public IReadOnlyDictionary<string, Position> Marks => _marks;

    /// <summary>The run.</summary>
    public Course Course => course;

    /// <summary>Position as it is shown: without its step where an instruction begins.</summary>
    public string Show(Position position) => course.At(position.Time).Start == position.Step
        ? position.Time.ToString(System.Globalization.CultureInfo.InvariantCulture)
        : position.ToString();

    /// <summary>Looks at the machine as it is here; <paramref name="look"/> must change nothing.</summary>
    public T Look<T>(Func<MiniKernel, T> look) => course.Look(Here, look);

    /// <summary>What happens at <paramref name="time"/>, explored if need be.</summary>
    public Happenings At(ulong time)
    {
        course.Reach(time, IsUnwanted);
        return course.At(Math.Min(time, Explored));
    }

    /// <summary>Asks the move at work to end; the one thing that another thread may call.</summary>
    public void Interrupt()
    {
        _unwanted = true;
        course.Stage.Kernel.AskPause();
    }

    /// <summary>Goes to T, or to a micro-step of it.</summary>
    public Stop Seek(ulong time, uint? step = null)
    {
        Begin();
        if (!course.Reach(time, IsUnwanted))
        {
            return Arrive(new Stop(Here, StopReason.Interrupted));
        }

        ulong last = Explored;
        ulong first = course.Lines[0].Begin.Time;
        Happenings what = course.At(Math.Clamp(time, first, last));
        Position where = new(what.Time, time > last ? what.End : Math.Min(step ?? what.Start, what.End));
        return Arrive(new Stop(where, time > last ? StopReason.End : StopReason.Arrived));
    }

    /// <summary>Goes to the first or the last of some goals, from here.</summary>
    public Stop RunTo(IReadOnlyList<Goal> goals, Direction direction)
    {
        Begin();
        Scan scan = new(course, goals, IsUnwanted);
        return Arrive(direction == Direction.Forward ? scan.Forward(Here) : scan.Backward(Here));
    }

    /// <summary>Where the last of some goals is before here; he stays.</summary>
    public Stop Last(IReadOnlyList<Goal> goals)
    {
        Begin();
        return new Scan(course, goals, IsUnwanted).Backward(Here);
    }

    /// <summary>One micro-step; where nothing happens inside an instruction, the whole of it.</summary>
    public Stop StepMicro(Direction direction)
    {
        Begin();
        return Arrive(direction == Direction.Forward ? course.NextMicro(Here, IsUnwanted) : course.PreviousMicro(Here));
    }

    /// <summary>One instruction, of whichever thread runs.</summary>
    public Stop StepInstruction(Direction direction)
    {
        Begin();
        return Arrive(direction == Direction.Forward ? course.NextInstruction(Here, IsUnwanted) : course.PreviousInstruction(Here));
    }

    /// <summary>The instructions from here on, this one among them.</summary>
    public IEnumerable<TrailPoint> Trail(Direction direction)
    {
        Begin();
        Trail trail = new(course, _pieces, IsUnwanted);
        return direction == Direction.Forward ? trail.Forward(Here.Time) : trail.Backward(Here.Time);
    }

    /// <summary>Goes where an instruction is about to run.</summary>
    public Stop GoTo(TrailPoint point)
    {
        Happenings what = At(point.Time);
        uint step = what.Start;
        for (uint other = what.Start + 1; other <= what.End && RipAt(point.Time, step) != point.Rip; other++)
        {
            step = what.IsInstruction(other) ? other : step;
        }

        return Arrive(new Stop(new Position(point.Time, step), StopReason.Arrived));
    }

    /// <summary>Goes to the begin or the end of the run, or stays when the user did not want to wait.</summary>
    public Stop Edge(Direction direction)
    {
        if (_unwanted)
        {
            return Arrive(new Stop(Here, StopReason.Interrupted));
        }

        Stop edge = Seek(direction == Direction.Forward ? ulong.MaxValue : 0);
        return edge.Reason == StopReason.Interrupted ? edge : edge with { Reason = direction == Direction.Forward ? StopReason.End : StopReason.Begin };
    }

    /// <summary>Changes the run where an instruction is about to run for the first time: another future begins here, and what was known of the old one is forgotten.</summary>
    /// <param name="edit">Makes the change, and gives what is to be said of it.</param>
    public T Branch<T>(Func<MiniKernel, T> edit) => Branch(edit, static (_, _) => { });

    /// <summary>Gives the guest <paramref name="text"/> to read next from its standard input, where an instruction is about to run for the first time: another future begins here.</summary>
    public void Type(byte[] text) => Come((tape, now) => tape.Type(now, text));

    /// <summary>Likewise sends a signal as a terminal does.</summary>
    public void Send(Signal signal) => Come((tape, now) => tape.Sent(now, signal));

    /// <summary>Names this position.</summary>
    public void Mark(string name) => _marks[name] = Here;

    /// <summary>The event that has just happened here; null when none has at this T.</summary>
    public TraceEvent? Latest => Now.EventAt(Here.Step) is { } number ? Now.Events[number] : null;

    /// <inheritdoc/>
    public void Dispose() => course.Dispose();

    private void Come(Action<IHostTape, Moment> what) => Branch(static _ => true, what);

    private T Branch<T>(Func<MiniKernel, T> edit, Action<IHostTape, Moment> what)
    {
        T said = Look(edit);
        course.Branch(Here.Time);
        _pieces.Clear();
        what(course.Stage.Tape, course.Stage.Now);
        Furthest = Here.Time;
        Seek(Here.Time);
        return said;
    }

    private ulong RipAt(ulong time, uint step) => course.Look(new Position(time, step), kernel => kernel.Core.Vcpu.Rip);

    private void Begin() => _unwanted = false;

    private bool IsUnwanted() => _unwanted;

    private Stop Arrive(Stop stop)
    {
        Here = stop.Where;
        Furthest = Math.Max(Furthest, Here.Time);
        return stop;
    }
}
