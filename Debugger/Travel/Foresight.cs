using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Travel;

/// <summary>What is known of a run that is still to be explored: pieces that somebody explored before, and where it has to stop.</summary>
/// <param name="rules">Which say so.</param>
internal sealed class Foresight(TimelineRules rules)
{
    private int _next;

    /// <summary>True when the piece at work ends where one that is known does, whatever happens in it.</summary>
    public bool IsBounded { get; private set; }

    /// <summary>True when it is known where the run ends.</summary>
    public bool HasEnd => rules.Milestones?.ForeseenEnd is not null;

    private IReadOnlyList<Segment> Pieces => rules.Milestones?.Foreseen ?? [];

    /// <summary>Those behind <paramref name="explored"/>; the first may begin earlier.</summary>
    public IEnumerable<Segment> Behind(Moment explored) => Pieces.SkipWhile(piece => piece.End <= explored);

    /// <summary>T up to which anything is known.</summary>
    public ulong Reach(Moment explored) => Pieces is [.., var last] ? Math.Max(last.End.Time, explored.Time) : explored.Time;

    /// <summary>Where a new piece ends at the latest: with the one that somebody explored before, so that the two can be compared.</summary>
    public StopAt Target(Moment start)
    {
        while (_next < Pieces.Count && Pieces[_next].End <= start)
        {
            _next++;
        }

        Moment? end = _next < Pieces.Count ? Pieces[_next].End : null;
        IsBounded = end is not null;
        Moment? next = rules.Milestones?.Next(start);
        Moment? first = end is null || next < end ? next : end;
        ulong usual = start.Time + Timeline.SegmentLength;
        return rules.CutAt <= usual ? StopAt.Between(rules.CutAt.Value)
            : first is { } known && known.Time <= usual ? StopAt.Between(known.Time, known.Step)
            : StopAt.Between(usual);
    }
}
