using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Travel;

/// <summary>The one machine of a session, with who moved it last: only he knows where it stands.</summary>
internal sealed class Stage
{
    private readonly TravelSink _sink;
    private readonly IHostTape _tape;
    private Timeline? _owner;
    private int _piece;
    private RunImage? _last;
    private (Timeline Line, ulong Time, bool Runs)? _visit;

    /// <summary>The stage of <paramref name="kernel"/>, which tells <paramref name="sink"/> and lives on <paramref name="tape"/>.</summary>
    public Stage(MiniKernel kernel, TravelSink sink, IHostTape tape) => (Kernel, _sink, _tape) = (kernel, sink, tape);

    /// <summary>The run.</summary>
    public MiniKernel Kernel { get; }

    /// <summary>All that comes from the host.</summary>
    public IHostTape Tape => _tape;

    /// <summary>The moment at which it is; between two steps of its own only.</summary>
    public Moment Now => Kernel.Moment is var (time, step) ? new Moment(time, step) : default;

    /// <summary>The machine stands at the start of piece <paramref name="number"/> of <paramref name="owner"/>.</summary>
    public void Stand(Timeline owner, int number) => (_owner, _piece, _visit) = (owner, number, null);

    /// <summary>The machine is anywhere.</summary>
    public void Leave() => (_owner, _visit) = (null, null);

    /// <summary>The machine stands inside a piece of <paramref name="line"/>, where the instruction of <paramref name="time"/> runs next, or at the end of all.</summary>
    public void Visit(Timeline line, ulong time, bool runs) => (_owner, _visit) = (null, (line, time, runs));

    /// <summary>True when it stands there; then <paramref name="runs"/> says whether an instruction runs next.</summary>
    public bool IsVisiting(Timeline line, ulong time, out bool runs)
    {
        runs = _visit?.Runs ?? false;
        return _visit is { } visit && visit.Line == line && visit.Time == time;
    }

    /// <summary>The piece of <paramref name="asker"/> at whose start the machine stands; null when it is anywhere else.</summary>
    public int? PieceOf(Timeline asker) => _owner == asker ? _piece : null;

    /// <summary>Runs on; signals of the terminal come when they came.</summary>
    /// <param name="stop">A moment, or T.</param>
    public RunResult Run(StopAt stop) => Run(stop, stop.Kind == StopKind.Time ? new Moment(stop.Count, uint.MaxValue) : new Moment(stop.Count, stop.Step));

    /// <summary>Runs on to where the run was left for another future, whose signals do not come.</summary>
    public RunResult RunInto(Moment left) => Run(StopAt.Time(left.Time), left);

    private RunResult Run(StopAt stop, Moment end)
    {
        Moment now = Now;
        IReadOnlyList<(Moment When, Signal Signal)> signals = _tape.Signals;
        for (int i = 0; i < signals.Count; i++)
        {
            (Moment when, Signal signal) = signals[i];
            if (when < now || when >= end)
            {
                continue;
            }

            RunResult before = Kernel.Run(StopAt.Between(when.Time, when.Step));
            if (before.Reason != EndReason.Paused || Now != when)
            {
                return before;
            }

            Kernel.AskSignal(signal);
        }

        return Kernel.Run(stop);
    }

    /// <summary>Who looks on from now on.</summary>
    /// <param name="watcher">Who asked.</param>
    /// <param name="indexer">Who notes what happens; null for nobody.</param>
    public void Listen(Watcher watcher, EventTaker? indexer = null)
    {
        _sink.Listen(watcher.Kinds, watcher.Take, SegmentNotes.Indexed, indexer);
        _sink.Signals ??= TakeSignal;
        Kernel.Retune();
        Kernel.Probe(watcher.Probe);
    }

    private void TakeSignal(in TraceEvent happened) =>
        _tape.Sent(new Moment(happened.Stamp.Time, (uint)happened.Count), (Signal)happened.Number);

    /// <summary>Saves the run at the start of piece <paramref name="number"/>.</summary>
    public Checkpoint Save(int number)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        _last = Kernel.Save(_last);
        return new Checkpoint(number, _last, _tape.Position, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>Goes where <paramref name="made"/> was saved.</summary>
    public void Restore(Checkpoint made)
    {
        Leave();
        Kernel.Restore(made.Image);
        (_last, _tape.Position) = (made.Image, made.Tape);
    }
}
