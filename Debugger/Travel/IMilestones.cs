namespace MmuEmu.Debugger.Travel;

/// <summary>Moments of a run that is explored for the first time, at which it is saved.</summary>
internal interface IMilestones
{
    /// <summary>The first one behind <paramref name="now"/> that is known before; null when there is none.</summary>
    Moment? Next(Moment now);

    /// <summary>True when nothing is known of the run behind <paramref name="now"/>, and it is not to be explored further.</summary>
    bool IsOver(Moment now);

    /// <summary>The run has come to a moment at which it was saved.</summary>
    void Pass(Moment now);
}
