using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Travel;

/// <summary>Moments of a run that is explored for the first time, at which it is saved, and what is known of its pieces before.</summary>
internal interface IMilestones
{
    /// <summary>Pieces that somebody explored before, in their order; those from where the run is not what it was are not among them.</summary>
    IReadOnlyList<Segment> Foreseen { get; }

    /// <summary>T at which the run ended then; null when nobody knows.</summary>
    ulong? ForeseenEnd { get; }

    /// <summary>The first one behind <paramref name="now"/> that is known before; null when there is none.</summary>
    Moment? Next(Moment now);

    /// <summary>True when nothing is known of the run behind <paramref name="now"/>, and it is not to be explored further.</summary>
    bool IsOver(Moment now);

    /// <summary>A piece was explored, and the run is over behind it when <paramref name="end"/> says how.</summary>
    void Made(Segment piece, RunResult? end);

    /// <summary>The run has come to a moment at which it was saved.</summary>
    void Pass(Moment now);
}
