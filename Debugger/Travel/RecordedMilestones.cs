using MmuEmu.Debugger.Recordings;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Travel;

/// <summary>The moments and pieces of a recording: the run is compared with each, and known no further than the last.</summary>
/// <param name="recording">It.</param>
internal sealed class RecordedMilestones(Recording recording) : IMilestones
{
    private readonly IReadOnlyList<RecordedMoment> _moments = recording.Checkpoints;
    private readonly bool _endsByItself = recording.End is { Cut: null };
    private readonly IReadOnlyList<Segment> _foreseen = Known(recording);
    private StateChain? _chain;
    private int _next;
    private int _piece;

    /// <summary>T of the last moment at which the run was what it was; 0 before the first.</summary>
    public ulong Same { get; private set; }

    /// <summary>T at which it was not; null while it was at all.</summary>
    public ulong? Departed { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<Segment> Foreseen => Departed is null ? _foreseen : [];

    /// <inheritdoc/>
    public ulong? ForeseenEnd => Departed is null && _foreseen.Count > 0 && recording.End is { } end && end.Left.Time == _foreseen[^1].End.Time ? end.Left.Time : null;

    /// <summary>Where the run is not what it was, in words, or why nobody knows; null while all is as it was.</summary>
    public string? Trouble(RunTapes tapes)
    {
        string? why = TapeText.Problem(tapes);
        return Departed is { } departed ? $"the run departs from its recording between T {Same} and T {departed}{(why is null ? "" : $": {why}")}" : why;
    }

    /// <summary>Compares from now on.</summary>
    public void Begin(MiniKernel kernel) => _chain = new StateChain(kernel);

    /// <inheritdoc/>
    public Moment? Next(Moment now)
    {
        // A run that never stood at a moment of the recording is another one.
        while (_next < _moments.Count && MomentOf(_moments[_next]) < now)
        {
            Departed ??= _moments[_next].Time;
            _next++;
        }

        return _next < _moments.Count ? MomentOf(_moments[_next]) : null;
    }

    /// <inheritdoc/>
    public bool IsOver(Moment now) => !_endsByItself && (_moments.Count == 0 || now >= MomentOf(_moments[^1]));

    /// <inheritdoc/>
    public void Made(Segment piece, RunResult? end)
    {
        while (_piece < _foreseen.Count && _foreseen[_piece].Start < piece.Start)
        {
            _piece++;
        }

        bool isOther = _piece < _foreseen.Count && _foreseen[_piece].Start == piece.Start && _foreseen[_piece].End == piece.End && !_foreseen[_piece].IsSame(piece);
        bool endsElsewhere = end is { Reason: not (EndReason.Paused or EndReason.Interrupted) } && recording.End is { } known && known.Left.Time != end.Time;
        if (isOther || endsElsewhere)
        {
            Departed ??= piece.End.Time;
        }
    }

    /// <inheritdoc/>
    public void Pass(Moment now)
    {
        if (Next(now) != now)
        {
            return;
        }

        bool same = _chain!.Pass() == _moments[_next++].Hash;
        if (Departed is null)
        {
            Same = same ? now.Time : Same;
            Departed = same ? null : now.Time;
        }
    }

    /// <summary>The pieces of it that are known to their end: behind the last moment of a recording that is cut, nothing is.</summary>
    private static List<Segment> Known(Recording recording) => recording.Checkpoints.Count == 0 ? []
        : [.. SegmentCoding.ReadAll(recording.Segments).TakeWhile(piece => piece.End <= MomentOf(recording.Checkpoints[^1]))];

    private static Moment MomentOf(RecordedMoment moment) => new(moment.Time, moment.Step);
}
