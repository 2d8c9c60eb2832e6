using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Travel;

/// <summary>
/// One run that can be run again from any of its moments: it is explored piece by piece, and what is known of a piece is kept.
/// </summary>
/// <remarks>
/// <code>
///  explored:  |─ piece 0 ─|─ piece 1 ─|─ … ─|   ← <see cref="Extend"/>: runs on, notes what happens, saves now and then
///             ▲ checkpoint              ▲ checkpoint
///  again:     restore the last checkpoint before, run to the piece unwatched, run the piece watched
/// </code>
/// Pieces begin and end at moments that the run has by itself, so that stopping there changes nothing of it, to the last counter. Whoever
/// wants to be inside a piece (<see cref="Visit"/>) stops the machine there, and nothing goes on from that: the next move starts at a moment again.
/// Several timelines may share one machine: another future is a timeline that begins where the first one was left.
/// </remarks>
internal sealed class Timeline : IDisposable
{
    /// <summary>Instructions of a piece, if nothing else ends it.</summary>
    public const ulong SegmentLength = 1 << 18;

    private readonly Stage _stage;
    private readonly TimelineRules _rules;
    private readonly List<Segment> _segments = [];
    private readonly CheckpointShelf _shelf;
    private readonly SegmentNotes _notes = new();
    private readonly Foresight _foresight;
    private readonly Moment _begin;
    private ulong _saved;
    private bool _isLeft;

    /// <summary>The future of the run on <paramref name="stage"/> from where it stands.</summary>
    public Timeline(Stage stage, TimelineRules rules)
    {
        (_stage, _rules, _begin) = (stage, rules, stage.Now);
        _foresight = new Foresight(rules);
        _shelf = new CheckpointShelf(rules.MostBytes, () => stage.Kernel.Ram.PagesHeld);
        MemoryView memory = new KernelView(stage.Kernel).Memory();
        (FreeAtBegin, MostFree) = (memory.FreeFrames, memory.ManagedFrames);
        Stand(0);
        _shelf.AddLasting(Save(0));
    }

    /// <summary>Free frames where it begins.</summary>
    public ulong FreeAtBegin { get; }

    /// <summary>Frames that could be free: all that can be handed out.</summary>
    public ulong MostFree { get; }

    /// <summary>What is explored, in its order.</summary>
    public IReadOnlyList<Segment> Segments => _segments;

    /// <summary>Up to where it is explored.</summary>
    public Moment Explored => _segments.Count == 0 ? _begin : _segments[^1].End;

    /// <summary>True when the last piece ended because enough had happened in it: nobody else wanted a pause, as far as one can know.</summary>
    public bool IsFull { get; private set; }

    /// <summary>How the last piece ended; null before the first.</summary>
    public RunResult? Last { get; private set; }

    /// <summary>How the run ended; null while it is not explored so far.</summary>
    public RunResult? End { get; private set; }

    /// <summary>Where it begins.</summary>
    public Moment Begin => _begin;

    /// <summary>Pieces behind <see cref="Explored"/> of which it is known what happens, from one who was there before; the first may begin earlier.</summary>
    public IEnumerable<Segment> Ahead => _foresight.Behind(Explored);

    /// <summary>T up to which it is known what happens: explored, or told by one who was there.</summary>
    public ulong Known => End is null ? _foresight.Reach(Explored) : Explored.Time;

    /// <summary>True when nothing comes behind <see cref="Known"/>: the run ends there.</summary>
    public bool IsWhole => End is not null || _foresight.HasEnd;

    /// <summary>Explores one more piece, seen by <paramref name="watcher"/>; null when the run is over.</summary>
    public Segment? Extend(Watcher watcher)
    {
        if (End is not null)
        {
            return null;
        }

        int number = _segments.Count;
        Bring(number);
        Moment start = Explored;
        _notes.Clear();
        IsFull = false;
        watcher.Begin?.Invoke();
        _stage.Listen(watcher, TakeNote);
        Last = _stage.Run(_foresight.Target(start));
        if (Last.Reason == EndReason.Paused && _stage.Now.Time >= _rules.CutAt)
        {
            _stage.Kernel.AskPause();
            Last = _stage.Kernel.Run();
        }

        _stage.Listen(Watcher.None);
        watcher.End?.Invoke();
        return Close(start, Last);
    }

    /// <summary>The piece from <paramref name="start"/> to where the machine stands now is explored.</summary>
    private Segment Close(Moment start, RunResult how)
    {
        Segment made = _notes.Close(start, _stage.Now);
        _segments.Add(made);
        Stand(_segments.Count);
        bool isOver = how.Reason is not (EndReason.Paused or EndReason.Interrupted) || made.End.Time >= _rules.CutAt || _rules.Milestones?.IsOver(made.End) == true;
        End = isOver ? how : null;
        _rules.Milestones?.Made(made, End);
        if (_rules.Milestones?.Next(start) == made.End || (!isOver && made.End.Time - _saved >= _rules.Spacing << _shelf.Thinned))
        {
            Keep(_segments.Count);
        }

        return made;
    }

    /// <summary>Explores until the run is over, or somebody wants a pause.</summary>
    /// <param name="isEnded">True when the run was ended from outside.</param>
    public RunResult RunOn(Func<bool> isEnded)
    {
        while (Extend(Watcher.None) is not null)
        {
            if (End is null && Last!.Reason == EndReason.Interrupted && (!IsFull || isEnded()))
            {
                return Last;
            }
        }

        return End!;
    }

    /// <summary>Runs an explored piece again, seen by <paramref name="watcher"/>.</summary>
    public void Replay(int number, Watcher watcher)
    {
        Bring(number);
        watcher.Begin?.Invoke();
        _stage.Listen(watcher);
        GoOn(number);
        _stage.Listen(Watcher.None);
        watcher.End?.Invoke();
    }

    /// <summary>The number of the first explored piece in which something may happen at <paramref name="time"/>.</summary>
    public int Find(ulong time)
    {
        int low = 0;
        int high = _segments.Count - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _segments[middle].End.Time >= time ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    /// <summary>Makes the machine stand where the instruction of <paramref name="time"/> is about to run for the first time.</summary>
    /// <param name="time">T, explored.</param>
    /// <returns>False when the run ends before an instruction runs there; the machine stands at the end then.</returns>
    public bool Visit(ulong time)
    {
        if (_stage.IsVisiting(this, time, out bool runs))
        {
            return runs;
        }

        Bring(Find(time));
        _stage.Leave();
        RunResult result;
        do
        {
            result = _stage.Run(StopAt.Time(time));
        }
        while (result.Reason == EndReason.Interrupted);
        _stage.Visit(this, time, result.Reason == EndReason.Paused);
        return result.Reason == EndReason.Paused;
    }

    /// <summary>Another future begins at <paramref name="now"/>, where the machine stands: what comes behind here is forgotten.</summary>
    public void Leave(Moment now)
    {
        (_isLeft, End) = (true, null);
        if (_segments.Count == 0)
        {
            return;
        }

        int last = Find(now.Time);
        Segment cut = _segments[last];
        _shelf.CutBehind(last);
        _segments.RemoveRange(last, _segments.Count - last);
        _segments.Add(cut with { End = now, Landmarks = [.. cut.Landmarks.Where(mark => mark.Time < now.Time)] });
    }

    /// <inheritdoc/>
    public void Dispose() => _shelf.Dispose();

    private void Keep(int number)
    {
        _rules.Milestones?.Pass(_stage.Now);
        if (_rules.OnlyForward)
        {
            _saved = _stage.Now.Time;
            return;
        }

        _shelf.AddLasting(Save(number));
    }

    /// <summary>Makes the run stand at the start of a piece.</summary>
    private void Bring(int number)
    {
        Checkpoint from = _shelf.Find(number);
        int at = _stage.PieceOf(this) ?? -1;
        if (at > number || at < from.Segment)
        {
            _stage.Restore(from);
            at = from.Segment;
            Stand(at);
        }

        for (int next = at; next < number; next++)
        {
            GoOn(next);
            if (number - next <= _rules.Near)
            {
                _shelf.AddNear(Save(next + 1));
            }
        }
    }

    /// <summary>From the start of an explored piece to its end.</summary>
    /// <exception cref="DepartedException">The run is not what it was.</exception>
    private void GoOn(int number)
    {
        Moment end = _segments[number].End;
        bool isLeft = _isLeft && number == _segments.Count - 1;
        _stage.Leave();
        RunResult result;
        do
        {
            result = isLeft ? _stage.RunInto(end) : _stage.Run(StopAt.Between(end.Time, end.Step));
        }
        while (result.Reason == EndReason.Interrupted || (result.Reason == EndReason.Paused && _stage.Now < end && !isLeft));
        if (isLeft ? _stage.Now.Time != end.Time : _stage.Now != end)
        {
            throw new DepartedException(_stage.Now.Time, end.Time);
        }

        Stand(number + 1);
    }

    private void Stand(int number) => _stage.Stand(this, number);

    private void TakeNote(in TraceEvent happened)
    {
        _notes.Take(happened);
        if (_notes.Events >= SegmentNotes.MostEvents && !IsFull)
        {
            // A piece that somebody explored before ends where his did.
            IsFull = true;
            if (!_foresight.IsBounded)
            {
                _stage.Kernel.AskPause();
            }
        }
    }

    private Checkpoint Save(int number)
    {
        Checkpoint made = _stage.Save(number);
        _saved = Math.Max(_saved, made.Image.Time);
        return made;
    }
}
